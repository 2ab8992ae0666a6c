"""The benchmark's own web server: gunicorn as `make run` starts it, with the benchmark's settings."""

from __future__ import annotations

import functools
import os
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command

from ops import services
from ops.cluster import free_port
from ops.runner import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 60.0
_pause = threading.Event()


@dataclass(frozen=True)
class Server:
    """The running server: its port, and the process that its workers are children of."""

    port: int
    pid: int

    def memory(self) -> float:
        """The memory of all its processes in MB; what they share is counted once."""
        of = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        rolled = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in [self.pid, *of])
        lines = (line for text in rolled for line in text.splitlines() if line.startswith("Pss:"))
        return sum(int(line.split()[1]) for line in lines) / 1024


@contextmanager
def serving() -> Iterator[Server]:
    """Serve on a free port while the code inside runs."""
    call_command("collectstatic", interactive=False, verbosity=0)
    port = free_port()
    service = services.web(port)
    process = subprocess.Popen(
        [str(word) for word in service.command],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings"},
        preexec_fn=functools.partial(die_with_parent, os.getpid()),  # noqa: PLW1509 - no locks are held
    )
    try:
        _wait(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while not services.port_answers(port):
        if process.poll() is not None or time.monotonic() > end:
            msg = "the web server did not start"
            raise RuntimeError(msg)
        _pause.wait(0.1)
