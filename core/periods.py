"""Intervals of time: half-open, aware, in UTC. Pure; the ground on which calendars and pauses are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` (inside) to `end` (outside).

    Both are kept in UTC: two aware datetimes of the same zone would otherwise be compared by their wall clocks, which
    is wrong in the hour that a change to winter time repeats. An empty period (start = end) is allowed.

    Raises ValueError for a naive moment or an end before the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            moment: datetime = getattr(self, name)
            if moment.utcoffset() is None:
                msg = f"the {name} of a period must be an aware moment"
                raise ValueError(msg)
            object.__setattr__(self, name, moment.astimezone(UTC))
        if self.end < self.start:
            msg = f"a period cannot end ({self.end}) before it starts ({self.start})"
            raise ValueError(msg)

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def __bool__(self) -> bool:
        return self.start < self.end

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


def merge(periods: Iterable[Period]) -> list[Period]:
    """The same moments as sorted periods that neither overlap nor touch; empty ones are dropped."""
    merged: list[Period] = []
    for period in sorted(filter(None, periods)):
        if merged and period.start <= merged[-1].end:
            if period.end > merged[-1].end:
                merged[-1] = Period(merged[-1].start, period.end)
        else:
            merged.append(period)
    return merged


def intersect(left: Iterable[Period], right: Iterable[Period]) -> list[Period]:
    """The moments that lie in both, merged. Its cost grows with the sum of the two, not with their product."""
    ours, theirs = merge(left), merge(right)
    found: list[Period] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        start, end = max(ours[i].start, theirs[j].start), min(ours[i].end, theirs[j].end)
        if start < end:
            found.append(Period(start, end))
        if ours[i].end <= theirs[j].end:
            i += 1
        else:
            j += 1
    return found


def subtract(periods: Iterable[Period], holes: Iterable[Period]) -> list[Period]:
    """The moments of the first that lie in none of the second, merged."""
    rest: list[Period] = []
    gaps = merge(holes)
    first = 0
    for period in merge(periods):
        start = period.start
        while first < len(gaps) and gaps[first].end <= start:
            first += 1
        at = first
        while at < len(gaps) and gaps[at].start < period.end:
            if gaps[at].start > start:
                rest.append(Period(start, gaps[at].start))
            start = max(start, gaps[at].end)
            at += 1
        if start < period.end:
            rest.append(Period(start, period.end))
    return rest


def total(periods: Iterable[Period]) -> timedelta:
    """How much time the periods cover together; what several cover is counted once."""
    return sum((period.length for period in merge(periods)), timedelta())
