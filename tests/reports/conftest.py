"""The department whose numbers are counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from tests.cast import Cast
    from tickets.models import Ticket


@pytest.fixture
def tickets(cast: Cast, new_ticket: Callable[..., Ticket], held_clock: Callable[[datetime], Any]) -> dict[str, Ticket]:
    """Its tickets, by name; it is 10 March 2026."""
    return counted(cast, new_ticket, held_clock)
