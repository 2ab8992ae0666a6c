"""Counts of the last minute, kept in this process: a dashboard that is looked at again is not counted again.

What was counted for one person is shown to nobody else. The page says when it was counted, and counts anew when asked.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

from core import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime

T = TypeVar("T")
LASTS = timedelta(minutes=1)
_MOST = 64


@dataclass(frozen=True)
class Counted(Generic[T]):
    """What was counted, and when."""

    at: datetime
    value: T


class Recent(Generic[T]):
    """Values by key, the longest unused of which are forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, Counted[T]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T], *, fresh: bool = False) -> Counted[T]:
        """What is known of a key, if it is recent enough; else, or if it is to be `fresh`, what `make` gives now."""
        now = clock.now()
        with self._lock:
            known = self._known.get(key)
        if known is not None and not fresh and timedelta(0) <= now - known.at < LASTS:
            return known
        made = Counted(now, make())
        with self._lock:
            self._known[key] = made
            self._known.move_to_end(key)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()
