"""A small supervisor: starts the processes, joins their logs, restarts what dies, and ends all of them together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_COLOURS = (36, 32, 33, 35, 34)
_SETTLED_SECONDS = 20.0
_MOST_PATIENT = 30.0
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    """In the child: have the kernel end it when the supervisor is gone, however that went."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Service:
    """One process to keep running. `ready` is waited for before the next one is started."""

    name: str
    command: Sequence[object]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    patience: float = 10.0


class Supervisor:
    """Keeps services running until it is told to stop."""

    def __init__(self, services: Sequence[Service], cwd: Path, out: Callable[[str], None] | None = None) -> None:
        self.services = list(services)
        self.cwd = cwd
        self.out = out or self._print
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._width = max(len(service.name) for service in self.services)

    def run(self) -> int:
        """Start all in order, watch until a signal comes, stop all in reverse order. Returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stopping.set())
        watchers = []
        for service in self.services:
            watcher = threading.Thread(target=self._keep, args=(service,), daemon=True)
            watcher.start()
            watchers.append(watcher)
            if not self._wait_ready(service):
                break
        self._stopping.wait()
        self.stop()
        return 0

    def stop(self) -> None:
        """End all services, the last started first; kill what does not go in time."""
        self._stopping.set()
        for service in reversed(self.services):
            process = self.processes.get(service.name)
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(service.patience)
            except subprocess.TimeoutExpired:
                self.say(service, "does not stop and is killed")
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _wait_ready(self, service: Service) -> bool:
        deadline = time.monotonic() + 60
        while service.ready is not None and not self._stopping.is_set():
            if service.ready():
                return True
            if time.monotonic() > deadline:
                self.say(service, "did not become ready; giving up")
                self._stopping.set()
                return False
            self._stopping.wait(0.05)
        return not self._stopping.is_set()

    def _keep(self, service: Service) -> None:
        """Start a service again and again until everything stops, with growing pauses if it dies young."""
        pause = 1.0
        while not self._stopping.is_set():
            started = time.monotonic()
            process = self._start(service)
            for line in process.stdout or ():
                self.say(service, line.decode(errors="replace").rstrip())
            code = process.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - started > _SETTLED_SECONDS:
                pause = 1.0
            self.say(service, f"ended with {code}; starting again in {pause:.0f} s")
            self._stopping.wait(pause)
            pause = min(pause * 2, _MOST_PATIENT)

    def _start(self, service: Service) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [str(word) for word in service.command],
            cwd=self.cwd,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **service.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call into libc, no locks
        )
        self.processes[service.name] = process
        return process

    def say(self, service: Service, text: str) -> None:
        """One line of the joined log."""
        with self._lock:
            self.out(self._line(service, text))

    def _line(self, service: Service, text: str) -> str:
        name = service.name.ljust(self._width)
        if sys.stdout.isatty():
            colour = _COLOURS[self.services.index(service) % len(_COLOURS)]
            name = f"\033[{colour}m{name}\033[0m"
        return f"{name} │ {text}"

    @staticmethod
    def _print(line: str) -> None:
        print(line, flush=True)
