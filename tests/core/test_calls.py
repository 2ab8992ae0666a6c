"""A call to another system ends, however slowly the other side speaks. (Where it may lead: tests of notifications.)"""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from core import calls

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def dripping(settings: Any) -> Iterator[str]:
    """A server that sends a byte now and then, and never an end."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        taken, _address = listening.accept()
        with taken:
            taken.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            while not over.wait(0.02):
                try:
                    taken.sendall(b".")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings.WEBHOOK_INTERNAL = (origin,)
    yield origin
    over.set()
    thread.join()
    listening.close()


def test_an_answer_that_drips_without_end_is_cut_off(dripping: str) -> None:
    begun = time.monotonic()
    with pytest.raises(calls.UnreachableError) as failure:
        calls.call(calls.Call("GET", f"{dripping}/secret-path"), (), seconds=0.3)
    assert time.monotonic() - begun < 3
    assert "secret-path" not in str(failure.value)


def test_only_listed_hosts_are_called_and_the_list_is_the_callers() -> None:
    calls.allowed("https://jira.example/rest", ("jira.example",))
    with pytest.raises(calls.RefusedAddressError):
        calls.allowed("https://jira.example/rest", ())
