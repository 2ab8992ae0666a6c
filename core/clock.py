"""The one way to ask the time, so that a test, an import or demonstration data can hold it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterator

_held: ContextVar[datetime | None] = ContextVar("held_clock", default=None)


def now() -> datetime:
    """The present moment, aware and in UTC; the held moment inside `held`."""
    return _held.get() or datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on the department's wall clock (settings.TIME_ZONE)."""
    return timezone.localtime(moment)


@contextmanager
def held(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment for the code inside; nests.

    Raises ValueError for a naive moment: nobody could say where that is.
    """
    if timezone.is_naive(moment):
        msg = "the clock can only be held at an aware moment"
        raise ValueError(msg)
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)
