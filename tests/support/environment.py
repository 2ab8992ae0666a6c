"""A pytest plugin that is read before Django's settings: gives the tests servers and a home of their own.

DATABASE_URL says which database to use; without it there is a throw-away PostgreSQL cluster for the run. Nothing may be
reached but what runs on this machine.
"""

from __future__ import annotations

import atexit
import ipaddress
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from ops.cluster import Cluster
from ops.setup import ROOT
from tests.support import migrated


class OutsideError(RuntimeError):
    """A test wanted to reach another machine."""


def _stay_inside(event: str, args: tuple[Any, ...]) -> None:
    """Python's audit hook: refuses to look up or connect to anything but loopback and unix sockets."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0])
    elif event == "socket.getaddrinfo" and args[0]:
        host = args[0].decode() if isinstance(args[0], bytes) else str(args[0])
    else:
        return
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = host in {"localhost", ""}
    if not inside:
        msg = f"tests reach nothing outside this machine: {host}"
        raise OutsideError(msg)


def _prepare() -> None:
    # The browser tests' event loop runs beside Django's test client; nothing of the product is asynchronous.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    os.environ["SECRET_KEY"] = "only-for-tests"
    os.environ["EMAIL_URL"] = "memorymail://"
    os.environ.pop("REDIS_URL", None)
    os.environ.pop("SERVICEOPS_DEMO", None)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # Told to end, the run still removes what it made: as at Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        home = Path(tempfile.mkdtemp(prefix="serviceops-test-"))
        os.environ["SERVICEOPS_HOME"] = str(home)
        os.environ["VALKEY_SOCKET"] = str(home / "nobody.sock")
        os.environ["FONTS_FOLDER"] = str(ROOT / "var" / "assets" / "fonts")
        (home / "assets").symlink_to(ROOT / "var" / "assets")
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        if "DATABASE_URL" not in os.environ:
            cluster = Cluster().start()
            atexit.register(cluster.destroy)
            os.environ["DATABASE_URL"] = cluster.url()
            os.environ[migrated.FOLDER] = str(home)


_prepare()
sys.addaudithook(_stay_inside)
