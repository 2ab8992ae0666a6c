"""A throw-away PostgreSQL cluster: for tests and benchmarks, on loopback, without durability."""

from __future__ import annotations

import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from ops.runner import die_with_parent

_PATIENCE = 30.0
"""Seconds that a server may take to answer."""
_NEW = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
"""UTF-8 whatever the machine's language is, and nothing of it need survive a power cut."""
_pause = threading.Event()
# Durable against a crash of the server, which tests bring about, but not against one of the machine.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "work_mem": "16MB",
    "max_connections": "200",
    "timezone": "UTC",
    "logging_collector": "off",
}


class NoPostgresError(RuntimeError):
    """No PostgreSQL server programs were found."""


def programs() -> Path:
    """The folder of the newest installed PostgreSQL's programs. Raises NoPostgresError."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    msg = "PostgreSQL is not installed (Debian: postgresql)"
    raise NoPostgresError(msg)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """One server with its data in a folder of its own, as a child that ends with us; root runs it as `postgres`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="serviceops-pg-"))
        self.port = free_port()
        self.bin = programs()
        self.process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root; Debian's package brings an account for it.
        self.account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None

    @property
    def data(self) -> Path:
        """The folder of the server's data."""
        return self.folder / "data"

    def url(self, database: str = "serviceops") -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> Cluster:
        """Make the cluster if it is new, start it, and see that it has a database."""
        fresh = not self.data.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
        if fresh:
            self._run("initdb", "-D", self.data, *_NEW)
        self._serve()
        if fresh:
            self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "serviceops")
        return self

    def stop(self, how: int = signal.SIGQUIT) -> None:
        """Stop the server; SIGQUIT is at once, as a crash would, SIGINT is orderly."""
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def restart(self) -> None:
        """Stop at once, as a crash would, and start again on the same port."""
        self.stop()
        self._serve()

    def destroy(self) -> None:
        """Stop the server and remove its data."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _serve(self) -> None:
        settings = [word for key, value in _SETTINGS.items() for word in ("-c", f"{key}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.data, "-p", str(self.port), "-k", self.folder, *settings],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=functools.partial(die_with_parent, os.getpid(), signal.SIGQUIT),  # noqa: PLW1509 - no locks
                **self._as_account(),
            )
        asks: list[str | Path] = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        deadline = time.monotonic() + _PATIENCE
        while subprocess.run(asks, check=False).returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                msg = f"PostgreSQL did not start: {(self.folder / 'log').read_text(errors='replace')[-2000:]}"
                raise RuntimeError(msg)
            _pause.wait(0.05)

    def _run(self, program: str, *args: object) -> None:
        done = subprocess.run(
            [str(self.bin / program), *map(str, args)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self._as_account(),
        )
        if done.returncode:
            msg = f"{program} failed: {done.stdout.decode(errors='replace')[-2000:]}"
            raise RuntimeError(msg)

    def _as_account(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
