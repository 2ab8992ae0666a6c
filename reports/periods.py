"""Periods of whole days on the department's calendar, each with the one before it to be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clock

if TYPE_CHECKING:
    from django.utils.functional import Promise

LONGEST = 1100
"""Days of the longest period that may be asked for: three years."""
NAMES: dict[str, Promise] = {
    "month": _("This month"),
    "last_month": _("Last month"),
    "quarter": _("This quarter"),
    "year": _("This year"),
}
"""The periods that have a name, in the order in which they are offered."""
_ONE = timedelta(days=1)
_QUARTER = 3
_EARLIEST, _LATEST = date(1900, 1, 1), date(2999, 12, 31)


def begins(day: date) -> datetime:
    """The moment at which a day begins here; days that no database can hold begin with the nearest it can."""
    return timezone.make_aware(datetime.combine(min(max(day, _EARLIEST), _LATEST), time.min))


def ends(day: date) -> datetime:
    """The first moment after a day."""
    return begins(min(day, _LATEST) + _ONE)


def closes(day: date) -> datetime:
    """The last second of a day: by when is due what is promised for it. It is read, and counted, as that day's."""
    return ends(day) - timedelta(seconds=1)


@dataclass(frozen=True)
class Days:
    """From one day to another, both included. Raises ValueError for an end before the start."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            msg = f"a period cannot end ({self.last}) before it starts ({self.first})"
            raise ValueError(msg)

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return begins(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return ends(self.last)


@dataclass(frozen=True)
class Period:
    """What somebody chose to look at. `code` is a name, or `free`."""

    code: str
    days: Days
    before: Days


def named(code: str, today: date) -> Period:
    """The period of a name as of a day. Raises KeyError for a name that there is not."""
    NAMES[code]
    month = today.replace(day=1)
    if code == "month":
        return _running(code, month, today, _months_before(month, 1))
    if code == "quarter":
        start = month.replace(month=month.month - (month.month - 1) % _QUARTER)
        return _running(code, start, today, _months_before(start, _QUARTER))
    if code == "year":
        return _running(code, month.replace(month=1), today, month.replace(year=month.year - 1, month=1))
    last = Days(_months_before(month, 1), month - _ONE)
    return Period(code, last, Days(_months_before(month, 2), last.first - _ONE))


def _running(code: str, start: date, today: date, earlier: date) -> Period:
    """A period that still runs, beside as many days of the one before it as it has had, if that one has so many."""
    same = min(earlier + (today - start), start - _ONE)
    return Period(code, Days(start, today), Days(earlier, same))


def free(first: date, last: date) -> Period:
    """Any days, beside as many days just before them. Raises ValueError for an end before the start."""
    days = Days(first, last)
    return Period("free", days, Days(first - timedelta(days=days.length), first - _ONE))


def months(until: date, count: int) -> list[Days]:
    """So many whole months, the last of which holds the day; the oldest first."""
    starts = [_months_before(until.replace(day=1), back) for back in range(count - 1, -2, -1)]
    return [Days(start, following - _ONE) for start, following in pairwise(starts)]


def _months_before(month: date, count: int) -> date:
    """The first day of the month so many months before (after, if negative) one that is given by its first day."""
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def today() -> date:
    """The day that it is here."""
    return clock.local(clock.now()).date()
