"""What tests stand on: nothing outside is reached, waiting ends, and marks mean what they say."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from tests.support.environment import OutsideError
from tests.support.processes import TookTooLongError, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("host", ["192.0.2.1", "203.0.113.9"])
def test_another_machine_cannot_be_reached(host: str) -> None:
    with socket.socket() as outward, pytest.raises(OutsideError, match=host):
        outward.connect((host, 80))


def test_the_name_of_another_machine_is_not_looked_up() -> None:
    with pytest.raises(OutsideError, match=r"service\.example"):
        socket.create_connection(("service.example", 80))


def test_loopback_can_be_reached() -> None:
    with socket.socket() as listening, socket.socket() as caller:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        caller.connect(listening.getsockname())


def test_waiting_ends_with_the_name_of_what_did_not_come() -> None:
    with pytest.raises(TookTooLongError, match="the moon"):
        wait_until(lambda: False, timeout=0.05, what="the moon")


def test_the_held_clock_stands_still_and_moves_when_told(held_clock: Callable[[datetime], Any]) -> None:
    assert clock.now() == clock.now()
    later = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    held_clock(later)
    assert clock.now() == later
