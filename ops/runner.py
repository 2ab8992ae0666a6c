"""A small supervisor: starts the processes, joins their logs, restarts what dies, and ends all of them together."""

from __future__ import annotations

import ctypes
import functools
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_PR_SET_PDEATHSIG = 1
_COLOURS = (36, 32, 33, 35, 34)
_SETTLED_SECONDS = 20.0
_FIRST_PAUSE = 1.0
_MOST_PATIENT = 30.0
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, how: int = signal.SIGTERM) -> None:
    """Have the kernel end this process when its parent is gone, however that went; `parent` is the parent's id."""
    _libc.prctl(_PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it went before the kernel was asked
        os.kill(os.getpid(), how)


@dataclass
class Service:
    """One process to keep running.

    `ready` is waited for before the next one is started; `patience`, in seconds, is how long it may take to end; lines
    that hold one of `muted` are left out of the log.
    """

    name: str
    command: Sequence[object]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None
    patience: float = 10.0
    muted: Sequence[str] = ()


class Supervisor:
    """Keeps services running until it is told to stop."""

    def __init__(
        self,
        services: Sequence[Service],
        cwd: Path,
        out: Callable[[str], None] | None = None,
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.services = list(services)
        self.cwd = cwd
        self.out = out or functools.partial(print, flush=True)
        self.on_ready = on_ready
        self.ready_within = 60.0
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._saying = threading.Lock()
        self._width = max(len(service.name) for service in self.services)

    def run(self) -> int:
        """Start all in order, watch until a signal comes, stop all in reverse order. Returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._told_to_stop())
        came_up = self._start_all()
        if came_up:
            self.on_ready()
        self._stopping.wait()
        self.stop()
        return 0 if came_up else 1

    def end(self) -> None:
        """Let `run` come to its end; any thread may say so."""
        self._stopping.set()

    def stop(self) -> None:
        """End all services, the last started first; kill what does not go in time."""
        self._stopping.set()
        with self._starting:  # nothing is started from here on
            running = [(service, self.processes.get(service.name)) for service in reversed(self.services)]
        for service, process in running:
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(service.patience)
            except subprocess.TimeoutExpired:
                self.say(service, "does not stop and is killed")
            _kill_group(process)
            process.wait()

    def _told_to_stop(self) -> None:
        """The first signal asks politely; the second one is from somebody who does not want to wait."""
        if self._stopping.is_set():
            for process in self.processes.values():
                _kill_group(process)
        self._stopping.set()

    def _start_all(self) -> bool:
        """Start every service; whether all of them became ready, or a signal came first."""
        for service in self.services:
            # The thread that starts a child must live as long as the child: the kernel counts its end as the parent's.
            threading.Thread(target=self._keep, args=(service,), daemon=True).start()
            if not self._wait_ready(service):
                return False
        return True

    def _wait_ready(self, service: Service) -> bool:
        deadline = time.monotonic() + self.ready_within
        while service.ready is not None and not self._stopping.is_set() and not service.ready():
            if time.monotonic() > deadline:
                self.say(service, "did not become ready; giving up")
                self._stopping.set()
                return False
            self._stopping.wait(0.05)
        return True

    def _keep(self, service: Service) -> None:
        """Start a service again and again until everything stops, with growing pauses if it dies young."""
        pause = _FIRST_PAUSE
        while process := self._start(service):
            started = time.monotonic()
            reader = threading.Thread(target=self._read, args=(service, process), daemon=True)
            reader.start()
            code = process.wait()
            if self._stopping.is_set():
                reader.join(1)
                return
            _kill_group(process)  # what it left behind would hold its port and its pipes
            reader.join(1)
            if time.monotonic() - started > _SETTLED_SECONDS:
                pause = _FIRST_PAUSE
            self.say(service, f"ended with {code}; starting again in {pause:.0f} s")
            self._stopping.wait(pause)
            pause = min(pause * 2, _MOST_PATIENT)

    def _start(self, service: Service) -> subprocess.Popen[bytes] | None:
        """Start a service's process, or nothing when all is to stop."""
        with self._starting:
            if self._stopping.is_set():
                return None
            process = subprocess.Popen(
                [str(word) for word in service.command],
                cwd=self.cwd,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **service.env},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=functools.partial(die_with_parent, os.getpid()),  # noqa: PLW1509 - system calls, no locks
            )
            self.processes[service.name] = process
        return process

    def _read(self, service: Service, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                text = line.decode(errors="replace").rstrip()
                if text and not any(word in text for word in service.muted):
                    self.say(service, text)

    def say(self, service: Service, text: str) -> None:
        """One line of the joined log."""
        with self._saying:
            self.out(self._line(service, text))

    def _line(self, service: Service, text: str) -> str:
        name = service.name.ljust(self._width)
        if sys.stdout.isatty():
            colour = _COLOURS[self.services.index(service) % len(_COLOURS)]
            name = f"\033[{colour}m{name}\033[0m"
        return f"{name} │ {text}"


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 whatever is left of a process and of its children, which share its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
