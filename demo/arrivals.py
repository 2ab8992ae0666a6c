"""When issues arrive in a year: with the semesters, mostly in working hours, and some at night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from calendars.schedules import default_calendar, schedule_for
from core import clock
from duty.roster import days_of_service

if TYPE_CHECKING:
    from random import Random

    from calendars.algebra import Schedule

_YEAR = timedelta(days=365)
_MONTHS = (0, 0.9, 0.7, 1.5, 1.1, 1.0, 1.2, 0.6, 0.5, 1.8, 1.2, 1.1, 1.0)
"""How busy each month is, by its number; the busiest are those in which semesters begin."""
_HOURS = ((9, 0.20), (10, 0.20), (11, 0.12), (13, 0.08), (14, 0.16), (15, 0.14), (16, 0.10))
_FRESH_SHARE = 0.02
_FRESH_WITHIN = timedelta(hours=24)
_LATELY_SHARE = 0.03
_LATELY_WITHIN = timedelta(days=7)


HOTLINE = "emergency_hotline"
_NIGHT_FROM = 12
"""So many tickets of a year allow for one more call in the last night."""


@dataclass(frozen=True)
class Arrival:
    """The moment at which an issue is accepted, and by which channel it came."""

    at: datetime
    channel: str
    at_night: bool
    emergency: bool = False


def arrivals(count: int, end: datetime, rng: Random) -> list[Arrival]:
    """The moments of a year's issues in order; some are so fresh that they lie open at the end."""
    schedule = schedule_for(default_calendar())
    night = _last_night(end, schedule)[: count // _NIGHT_FROM]
    count -= len(night)
    fresh = round(count * _FRESH_SHARE)
    lately = round(count * _LATELY_SHARE)
    days = [end - _YEAR + timedelta(days=day) for day in range(1, 365)]
    weights = [_weight(day, schedule) for day in days]
    chosen = rng.choices(days, weights, k=count - fresh - lately)
    found = [_on(day, schedule, rng) for day in chosen]
    found += night
    found += [_before(end, _LATELY_WITHIN, rng) for _one in range(lately)]
    found += [_before(end, _FRESH_WITHIN, rng) for _one in range(fresh)]
    return sorted((arrival for arrival in found if arrival.at < end), key=lambda arrival: arrival.at)


def _last_night(end: datetime, schedule: Schedule) -> list[Arrival]:
    """The calls of the last night before the year ends: an emergency first, then two that could wait."""
    days = [day for day in days_of_service(schedule, end - timedelta(days=14), end) if day.end < end]
    closing = days[-1].end
    calls = (
        (timedelta(hours=2, minutes=17), True),
        (timedelta(hours=3, minutes=41), False),
        (timedelta(minutes=48), False),
    )
    found = [Arrival(closing + after, HOTLINE, at_night=True, emergency=burns) for after, burns in calls]
    return [arrival for arrival in found if arrival.at < end]


def _weight(day: datetime, schedule: Schedule) -> float:
    local = clock.local(day)
    works = bool(schedule.slots_on(local.date()))
    return _MONTHS[local.month] * (1.0 if works else 0.05)


def _on(day: datetime, schedule: Schedule, rng: Random) -> Arrival:
    local = clock.local(day)
    works = bool(schedule.slots_on(local.date()))
    if not works or rng.random() < 0.03:  # noqa: PLR2004 - few call when nobody works
        hour = rng.choice((7, 8, 18, 19, 20, 21, 22, 23))
        burns = rng.random() < 0.5  # noqa: PLR2004 - half of those who call at night
        return Arrival(_at(local, hour, rng), HOTLINE, at_night=True, emergency=burns)
    hours, weights = zip(*_HOURS, strict=True)
    return Arrival(_at(local, rng.choices(hours, weights)[0], rng), _channel(rng), at_night=False)


def _at(local: datetime, hour: int, rng: Random) -> datetime:
    return local.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)


def _channel(rng: Random) -> str:
    return rng.choices(("hotline", "email", "portal", "fax"), (55, 25, 16, 4))[0]


def _before(end: datetime, within: timedelta, rng: Random) -> Arrival:
    # Squared, so that more lie near the end: some have only just been recorded.
    at = end - timedelta(seconds=60 + round(within.total_seconds() * rng.random() ** 2))
    return Arrival(at, _channel(rng), at_night=False)
