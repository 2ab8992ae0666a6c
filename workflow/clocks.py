"""The arithmetic of deadlines: a target, a start, pauses and a clock give a due time, and the reasons for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from workflow.models import Deadline
    from workflow.terms import Terms


class Running(Protocol):
    """What measures time and adds it; the two are inverse."""

    def working_time(self, a: datetime, b: datetime) -> timedelta:
        """The time that counts between two moments."""
        ...

    def add_working_time(self, a: datetime, n: timedelta) -> datetime:
        """The moment at which so much time has counted."""
        ...


class _Elapsed:
    """24×7: all time counts."""

    def working_time(self, a: datetime, b: datetime) -> timedelta:
        return b - a

    def add_working_time(self, a: datetime, n: timedelta) -> datetime:
        return a + n


ELAPSED = _Elapsed()


@dataclass(frozen=True)
class Standstill:
    """An interval in which a clock stood still; `until` None if it still does."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Course:
    """A clock's course from a start through its standstills."""

    start: datetime
    clock: Running = ELAPSED
    standstills: Sequence[Standstill] = field(default_factory=tuple)

    def after(self, amount: timedelta) -> datetime | None:
        """The moment at which so much time has counted; None while the clock stands still before it."""
        at, left = self.start, amount
        for pause in self.standstills:
            counted = self.clock.working_time(at, max(pause.since, at))
            if counted >= left:
                break
            left -= counted
            if pause.until is None:
                return None
            at = max(pause.until, at)
        return self.clock.add_working_time(at, left)

    def counted(self, until: datetime) -> timedelta:
        """How much time has counted up to a moment; the inverse of `after`."""
        at = self.start
        total = self.clock.working_time(at, at)
        for pause in self.standstills:
            if pause.since >= until:
                break
            total += self.clock.working_time(at, max(pause.since, at))
            if pause.until is None or pause.until >= until:
                return total
            at = max(pause.until, at)
        return total + self.clock.working_time(at, max(until, at))


def course_of(deadline: Deadline, terms: Terms, pauses: Sequence[Standstill] = ()) -> Course:
    """The course of a deadline's clock, by the terms that it runs under."""
    return Course(deadline.started_at, terms.running, tuple(pauses))
