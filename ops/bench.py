"""`make bench`: set up what is missing, then measure on a PostgreSQL and a Valkey of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from ops import services, setup
from ops.cluster import Cluster
from ops.runner import Supervisor
from ops.testrun import has_postgresql


def main() -> int:
    """Hand all options on to `manage.py bench`; returns its exit code."""
    try:
        setup.check_python()
        setup.environment(dev=False)
        setup.debian_packages({"postgresql": has_postgresql()})
        setup.printing_libraries()
        setup.front_end()
        setup.translations()
    except setup.SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    cluster = None if os.environ.get("DATABASE_URL") else Cluster().start()
    if cluster:
        os.environ["DATABASE_URL"] = cluster.url()
    try:
        with tempfile.TemporaryDirectory(prefix="serviceops-bench-") as folder:
            return _measure(Path(folder))
    finally:
        if cluster:
            cluster.destroy()


def _measure(home: Path) -> int:
    (home / "assets").symlink_to(setup.VAR / "assets")
    os.environ["SERVICEOPS_HOME"] = str(home)
    if os.environ.get("REDIS_URL"):
        return _bench()
    os.environ["VALKEY_SOCKET"] = str(services.valkey_socket(home))
    broker = services.valkey(home)
    codes: list[int] = []

    def measure() -> None:
        try:
            codes.append(_bench())
        finally:
            supervisor.end()

    supervisor = Supervisor([broker], setup.ROOT, on_ready=lambda: threading.Thread(target=measure).start())
    failed = supervisor.run()
    return codes[0] if codes else failed or 1


def _bench() -> int:
    return subprocess.run([setup.python(), "manage.py", "bench", *sys.argv[1:]], cwd=setup.ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
