"""The database goes down, as in a crash, while workers sweep: they come back to it and nothing is lost or doubled."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest
from django.db import connection

from ops.cluster import Cluster, programs
from tests.support.processes import Stage, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.chaos.conftest import Due

pytestmark = [pytest.mark.timeout(600), pytest.mark.chaos, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server of its own, since restarting the one of all tests would break the others."""
    made = Cluster().start()
    yield made
    made.destroy()


def copied(cluster: Cluster) -> None:
    """Copy the test's database, as it is, to the other server."""
    given = connection.settings_dict
    server = ["-h", given["HOST"], "-p", str(given["PORT"]), "-U", given["USER"]]
    dump = [str(programs() / "pg_dump"), *server, given["NAME"]]
    script = subprocess.run(dump, check=True, capture_output=True).stdout
    restore = [str(programs() / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", cluster.url()]
    subprocess.run(restore, input=script, check=True, capture_output=True)


def answers(cluster: Cluster, sql: str) -> Any:
    """The one value that a question to the other server gives; None while it is down."""
    try:
        asking = psycopg2.connect(cluster.url())
    except psycopg2.OperationalError:
        return None
    try:
        with asking.cursor() as cursor:
            cursor.execute(sql)
            (value,) = cursor.fetchone()
            return value
    except psycopg2.OperationalError:
        return None
    finally:
        asking.close()


def test_a_database_restarted_in_the_middle_of_a_sweep_costs_no_level_and_doubles_none(
    tmp_path: Path, cluster: Cluster, due: Callable[..., Due]
) -> None:
    promises = due(2500)
    copied(cluster)
    stage = Stage(tmp_path, cluster.url())
    try:
        stage.start_broker()
        beat = stage.beat()
        worker = stage.worker()
        fired = "SELECT count(*) FROM workflow_firing"
        wait_until(lambda: answers(cluster, fired), 60, "the sweep has not begun")
        cluster.restart()
        assert answers(cluster, fired) < promises.count * 2, "it was restarted too late to prove anything"
        wait_until(lambda: answers(cluster, fired) == promises.count * 2, 120, "not everything has fired")
        assert beat.alive
        assert worker.alive
        assert (
            answers(cluster, "SELECT count(DISTINCT (deadline_id, level)) FROM workflow_firing") == promises.count * 2
        )
        entries = "SELECT count(*) FROM workflow_entry WHERE verb LIKE 'deadline.%'"
        assert answers(cluster, entries) == promises.count * 2
        told = sum(len(people) for people in promises.recipients.values()) * promises.count
        assert answers(cluster, "SELECT count(*) FROM notifications_notice") == told
        once = "SELECT count(DISTINCT (entry_id, recipient_id)) FROM notifications_notice"
        assert answers(cluster, once) == told
        assert "timelines are whole" in stage.manage("verify_timeline")
    finally:
        stage.clear()
