"""The algebra of working time. Pure: no queries, no clock, no Django.

A `Schedule` says which moments are working time; everything else follows. Moments in and out are aware; results are in
UTC. Two laws hold for every schedule and are tested as properties:

    working_time(a, add_working_time(a, n)) == n
    add_working_time(a, working_time(a, b)) <= b, with no working time between the two

A wall-clock time that summer time skips is read as the first moment after the gap; one that winter time repeats, as its
first passing. So slots never overlap, whatever the zone does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.periods import Period, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

MINUTES_A_DAY = 24 * 60
HORIZON_YEARS = 30
"""How far ahead working time is looked for. Beyond it something is wrong with the calendar or with the question."""

HORIZON = timedelta(days=366 * HORIZON_YEARS)

_NO_TIME = timedelta()
_TOO_FAR = f"no such moment within {HORIZON_YEARS} years"


class CalendarError(ValueError):
    """A schedule that contradicts itself."""


class EmptyScheduleError(CalendarError):
    """A schedule without any working time in the week: nothing could ever fall due."""


class HorizonError(CalendarError):
    """No answer within `HORIZON_YEARS`: the amount is huge, or exceptions leave no working time."""


class Reason(StrEnum):
    """Why a day has no working time."""

    HOLIDAY = "holiday"
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A part of a day, in minutes after midnight by the wall clock; `end` is outside, and 1440 is the day's end.

    Raises CalendarError unless 0 <= start < end <= 1440.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= MINUTES_A_DAY:
            msg = f"a slot must end after it starts, within one day: {self.start}-{self.end}"
            raise CalendarError(msg)

    @classmethod
    def between(cls, starts: time, ends: time) -> Slot:
        """The slot between two times of day; an end of 00:00 is the day's end. Raises CalendarError."""
        return cls(_minute(starts), _minute(ends) or MINUTES_A_DAY)

    @classmethod
    def parse(cls, text: str) -> tuple[Slot, ...]:
        """Slots as people write them: `9:00-12:00, 13:00-18:00`; 24:00 is the day's end. Raises CalendarError."""
        parts = text.replace("\uff0c", ",").replace("\uff1a", ":").replace("\u2013", "-").split(",")
        return disjoint(tuple(cls._parse_one(part) for part in parts))

    @classmethod
    def _parse_one(cls, text: str) -> Slot:
        try:
            starts, ends = (part.strip() for part in text.split("-"))
            return cls(_minute(_clock(starts)), MINUTES_A_DAY if ends == "24:00" else _minute(_clock(ends)))
        except ValueError as error:
            msg = f"not hours such as 9:00-12:00: {text.strip()}"
            raise CalendarError(msg) from error

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.start, self.end))


def disjoint(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots in order. Raises CalendarError when two overlap; they may touch."""
    ordered = tuple(sorted(slots))
    for earlier, later in pairwise(ordered):
        if later.start < earlier.end:
            msg = f"{earlier} and {later} overlap"
            raise CalendarError(msg)
    return ordered


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A day that is not like its weekday: its slots (none on a holiday), and the name that is shown for it."""

    name: str
    slots: tuple[Slot, ...] = ()

    def __post_init__(self) -> None:
        disjoint(self.slots)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that was passed over, as shown in an explanation; a weekend has no name."""

    date: date
    name: str
    reason: Reason


@dataclass(frozen=True)
class Schedule:
    """Which moments are working time.

    `week` holds seven tuples of slots, Monday first. `exceptions` replace single dates. `announced` are the years whose
    public holidays are known and not estimated, None where there is nothing to announce. `version` counts the changes
    of the calendar that it was made from.

    Raises EmptyScheduleError when no day of the week has a slot, CalendarError when slots overlap.
    """

    week: tuple[tuple[Slot, ...], ...]
    tz: tzinfo
    exceptions: Mapping[date, Exceptional] = field(default_factory=dict, hash=False)
    announced: frozenset[int] | None = frozenset()
    version: int = 0

    def __post_init__(self) -> None:
        if len(self.week) != 7:  # noqa: PLR2004 - days of a week
            msg = "a week has seven days"
            raise CalendarError(msg)
        object.__setattr__(self, "week", tuple(disjoint(day) for day in self.week))
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        if not any(self.week):
            msg = "the calendar has no working hours"
            raise EmptyScheduleError(msg)

    @cached_property
    def ordinary(self) -> tuple[Slot, ...]:
        """The hours of an ordinary working day: the first of the week. A make-up workday has them."""
        return next(slots for slots in self.week if slots)

    def is_working(self, moment: datetime) -> bool:
        """Whether the moment is working time."""
        return any(moment in period for _day, period in self._around(moment, moment))

    def next_working_moment(self, moment: datetime) -> datetime:
        """The moment itself when it is working time, else the next that is. Raises HorizonError."""
        _day, period = next(self._from(moment))
        return max(period.start, _utc(moment))

    def working_time(self, a: datetime, b: datetime) -> timedelta:
        """How much working time lies between two moments; negative when the second is the earlier.

        Raises HorizonError when they lie more than the horizon apart.
        """
        if _utc(b) < _utc(a):
            return -self.working_time(b, a)
        return total(self.slots_between(a, b))

    def add_working_time(self, moment: datetime, amount: timedelta) -> datetime:
        """The earliest moment by which the amount of working time has passed since the given one.

        Eight hours from Friday 9:00 end on Friday at closing time, not on Monday at opening time.
        Raises ValueError for a negative amount, HorizonError when the answer lies too far ahead.
        """
        if amount < _NO_TIME:
            msg = "working time is added forwards only"
            raise ValueError(msg)
        start = _utc(moment)
        if not amount:
            return start
        rest = amount
        for _day, period in self._from(start):
            begins = max(period.start, start)
            if rest <= period.end - begins:
                return begins + rest
            rest -= period.end - begins
        raise AssertionError  # `_from` either yields or raises

    def end_of_working_day(self, moment: datetime) -> datetime:
        """When the working day of the moment closes; of the next working day after closing time and on days off."""
        day, _period = next(self._from(moment))
        return self._day(day)[-1].end

    def slots_between(self, a: datetime, b: datetime) -> list[Period]:
        """The working time between two moments, slot by slot, cut to the two; empty when the second is not later.

        Raises HorizonError when they lie more than the horizon apart.
        """
        start, end = _utc(a), _utc(b)
        if end <= start:
            return []
        if end - start > HORIZON:
            msg = f"{start:%Y-%m-%d} and {end:%Y-%m-%d} lie more than {HORIZON_YEARS} years apart"
            raise HorizonError(msg)
        return [
            Period(max(period.start, start), min(period.end, end))
            for _day, period in self._around(start, end)
            if period.start < end and period.end > start
        ]

    def skipped_between(self, a: datetime, b: datetime) -> list[Skipped]:
        """The days from the first moment's to the second's that have no working time, each with its name and why."""
        return [
            Skipped(day, exception.name if exception else "", Reason.HOLIDAY if exception else Reason.WEEKEND)
            for day in self._dates(a, b)
            if not self.slots_on(day)
            for exception in (self.exceptions.get(day),)
        ]

    def made_up_between(self, a: datetime, b: datetime) -> list[tuple[date, str]]:
        """The days from the first moment's to the second's that work although they usually would not, with names."""
        return [
            (day, self.exceptions[day].name)
            for day in self._dates(a, b)
            if self.slots_on(day) and not self.week[day.weekday()]
        ]

    def unannounced_between(self, a: datetime, b: datetime) -> set[int]:
        """The years from the first moment's to the second's whose public holidays are only estimated."""
        if self.announced is None:
            return set()
        return set(range(self._date(a).year, self._date(b).year + 1)) - self.announced

    def slots_on(self, day: date) -> tuple[Slot, ...]:
        """The hours of a date by the wall clock."""
        exception = self.exceptions.get(day)
        return self.week[day.weekday()] if exception is None else exception.slots

    def _from(self, moment: datetime) -> Iterator[tuple[date, Period]]:
        """The periods of working time that end after the moment, with their dates. Raises HorizonError past the end."""
        start = _utc(moment)
        try:
            for day, period in self._around(start, start + HORIZON):
                if period.end > start:
                    yield day, period
        except OverflowError as error:
            raise HorizonError(_TOO_FAR) from error
        raise HorizonError(_TOO_FAR)

    def _around(self, a: datetime, b: datetime) -> Iterator[tuple[date, Period]]:
        """Every period of the dates from one moment to the other, in order, and of a day more on either side.

        Where winter time begins just after midnight the clock shows yesterday's date again while today's slots run.
        """
        first, last = self._date(a).toordinal() - 1, self._date(b).toordinal() + 1
        for number in range(max(first, 1), min(last, date.max.toordinal()) + 1):
            day = date.fromordinal(number)
            for period in self._day(day):
                yield day, period

    def _dates(self, a: datetime, b: datetime) -> Iterator[date]:
        first, last = self._date(a).toordinal(), self._date(b).toordinal()
        return (date.fromordinal(number) for number in range(first, last + 1))

    def _date(self, moment: datetime) -> date:
        return _utc(moment).astimezone(self.tz).date()

    def _day(self, day: date) -> tuple[Period, ...]:
        return _periods(day, self.slots_on(day), self.tz)


@lru_cache(maxsize=16384)
def _periods(day: date, slots: tuple[Slot, ...], tz: tzinfo) -> tuple[Period, ...]:
    """A date's slots as moments; those that a change of the clock swallows whole are not there."""
    found = (Period(_moment(day, slot.start, tz), _moment(day, slot.end, tz)) for slot in slots)
    return tuple(period for period in found if period)


def _moment(day: date, minute: int, tz: tzinfo) -> datetime:
    """The first moment at which the wall clock shows that minute of the day, or later where it is skipped."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    found = wall.replace(tzinfo=tz).astimezone(UTC)
    if _wall(found, tz) == wall:
        return found
    # The minute is skipped. fold=1 reads it by the offset after the gap, so the gap lies between the two readings.
    before, after = wall.replace(tzinfo=tz, fold=1).astimezone(UTC), found
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if _wall(middle, tz) < wall else (before, middle)
    return after


def _wall(moment: datetime, tz: tzinfo) -> datetime:
    return moment.astimezone(tz).replace(tzinfo=None, fold=0)


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        msg = "working time is counted between aware moments"
        raise ValueError(msg)
    return moment.astimezone(UTC)


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _minute(clock: time) -> int:
    if clock.second or clock.microsecond:
        msg = f"working hours are given in whole minutes: {clock}"
        raise CalendarError(msg)
    return clock.hour * 60 + clock.minute
