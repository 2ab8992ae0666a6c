"""The benchmark's own web server: gunicorn as `make run` starts it, with the benchmark's settings."""

from __future__ import annotations

import functools
import os
import subprocess
import threading
import time
from contextlib import contextmanager
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


@contextmanager
def serving() -> Iterator[int]:
    """Serve on a free port while the code inside runs; gives the port."""
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
        yield port
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
