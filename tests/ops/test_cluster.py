"""The throw-away PostgreSQL: real ones, started, crashed and left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from ops.cluster import Cluster
from tests.support.processes import Process, wait_until

_OWNER = """
import signal
from ops.cluster import Cluster
cluster = Cluster().start()
print(cluster.folder, flush=True)
signal.pause()
"""


@pytest.mark.slow
def test_a_cluster_keeps_its_data_over_a_crash_and_leaves_nothing_behind() -> None:
    cluster = Cluster().start()
    try:
        _ask(cluster, "CREATE TABLE kept AS SELECT '中文' AS word")
        cluster.restart()
        assert _ask(cluster, "SELECT word, current_setting('server_encoding') FROM kept") == [("中文", "UTF8")]
    finally:
        cluster.destroy()
    assert not cluster.folder.exists()


@pytest.mark.slow
def test_a_cluster_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    owner = Process([sys.executable, "-c", _OWNER], {}, tmp_path / "log")
    wait_until(lambda: owner.log.read_text().endswith("\n"))
    folder = Path(owner.log.read_text().strip())
    try:
        os.kill(owner.popen.pid, signal.SIGKILL)
        wait_until(lambda: not (folder / "data/postmaster.pid").exists(), what="the server outlives its owner")
    finally:
        owner.kill()
        subprocess.run(["rm", "-rf", folder], check=True)


def _ask(cluster: Cluster, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(cluster.url())
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
