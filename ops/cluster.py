"""A throw-away PostgreSQL cluster: for tests and benchmarks, on loopback, without durability."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
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
    """One server with its data in a folder of its own; as root it runs as the unprivileged user `postgres`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="serviceops-pg-"))
        self.port = free_port()
        self.bin = programs()

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
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        if fresh:
            self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self._control("start")
        if fresh:
            self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "serviceops")
        return self

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server."""
        self._control("stop", "-m", mode)

    def restart(self) -> None:
        """Stop at once, as a crash would, and start again on the same port."""
        self.stop()
        self._control("start")

    def destroy(self) -> None:
        """Stop the server and remove its data."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, what: str, *more: str) -> None:
        options = f"-p {self.port} -k {self.folder} " + " ".join(f"-c {k}={v}" for k, v in _SETTINGS.items())
        self._run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, what, *more)

    def _run(self, program: str, *args: object) -> None:
        command = [str(self.bin / program), *map(str, args)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode:
            msg = f"{program} failed: {done.stdout.decode(errors='replace')[-2000:]}"
            raise RuntimeError(msg)
