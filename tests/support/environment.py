"""A pytest plugin that is read before Django's settings: gives the tests servers and a home of their own.

`make test` says which database to use; somebody who calls `python -m pytest` gets a throw-away cluster.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from ops.cluster import Cluster


def _prepare() -> None:
    # The browser tests' event loop runs beside Django's test client; nothing of the product is asynchronous.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    os.environ["SECRET_KEY"] = "only-for-tests"
    os.environ["EMAIL_URL"] = "memorymail://"
    os.environ.pop("REDIS_URL", None)
    os.environ.pop("SERVICEOPS_DEMO", None)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        home = Path(tempfile.mkdtemp(prefix="serviceops-test-"))
        os.environ["SERVICEOPS_HOME"] = str(home)
        os.environ["VALKEY_SOCKET"] = str(home / "nobody.sock")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        if "DATABASE_URL" not in os.environ:
            cluster = Cluster().start()
            atexit.register(cluster.destroy)
            os.environ["DATABASE_URL"] = cluster.url()


_prepare()
