"""What the roster answers: who is on duty, what counts as out of hours, and which hours nobody covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from calendars.algebra import CalendarError
from calendars.schedules import NoCalendarError, default_calendar, schedule_for
from core import clock
from core.periods import Period, intersect, merge, subtract
from duty.models import Post, Shift

if TYPE_CHECKING:
    from datetime import date, datetime

    from calendars.algebra import Schedule
    from people.models import User

_DAY = timedelta(days=1)
_LONGEST_HOLIDAY = timedelta(days=31)


def schedule() -> Schedule | None:
    """The company's working time; None where no calendar says anything."""
    try:
        return schedule_for(default_calendar())
    except (CalendarError, NoCalendarError):
        return None


def days_of_service(working: Schedule, since: datetime, until: datetime) -> list[Period]:
    """The department's days between two moments, each from opening to closing: a lunch break is no night."""
    days: dict[date, Period] = {}
    for slot in working.slots_between(since, until):
        day = clock.local(slot.start).date()
        days[day] = Period(min(slot.start, days[day].start), slot.end) if day in days else slot
    return list(days.values())


def closed(working: Schedule, at: datetime) -> bool:
    """Whether the department is closed at a moment, by a schedule."""
    midnight = _midnight(at)
    return not any(at in day for day in days_of_service(working, midnight, midnight + _DAY))


def off_hours(at: datetime) -> bool:
    """Whether the department is closed at a moment; never, where no calendar says anything."""
    working = schedule()
    return working is not None and closed(working, at)


def on_duty(at: datetime) -> list[Shift]:
    """The shifts that cover a moment, with their people."""
    return list(Shift.objects.running(at).filter(post__active=True).select_related("engineer", "post"))


def is_on_duty(user: User, at: datetime) -> bool:
    """Whether a person's shift covers a moment."""
    return Shift.objects.running(at).filter(engineer=user.pk, post__active=True).exists()


def night_before(at: datetime) -> Period:
    """The time since the last day of service closed, up to its end or the moment itself: what a morning hears of."""
    working = schedule()
    days = days_of_service(working, at - _LONGEST_HOLIDAY, _midnight(at) + _DAY) if working is not None else []
    ended = [day for day in days if day.end <= at]
    opened = [day.start for day in days if day.end > at >= day.start]
    return Period(ended[-1].end if ended else at - _DAY, opened[0] if opened else at)


def _midnight(at: datetime) -> datetime:
    return clock.local(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _nights(since: datetime, until: datetime) -> list[Period]:
    working = schedule()
    return [] if working is None else subtract([Period(since, until)], days_of_service(working, since, until))


def uncovered(post: Post, at: datetime, days: int) -> list[Period]:
    """The stretches outside working hours of the coming days for which nobody is rostered.

    One that has begun is given from its real beginning, so that it stays the same one however often it is looked for.
    """
    since, until = _midnight(at) - _LONGEST_HOLIDAY, _midnight(at) + timedelta(days=days)
    shifts = Shift.objects.meeting(since, until).filter(post=post)
    covered = [Period(shift.starts_at, shift.ends_at) for shift in shifts]
    return [gap for gap in subtract(_nights(since, until), covered) if gap.end > at]


@dataclass(frozen=True)
class Day:
    """One day of the roster: the shifts that begin in it (on the first day: or go on), and what nobody covers."""

    date: date
    shifts: list[Shift]
    gaps: list[Period]

    @property
    def uncovered(self) -> list[str]:
        """The stretches by the wall clock; a day ends at 24:00."""
        return [f"{_hour(gap.start)}–{_hour(gap.end).replace('00:00', '24:00')}" for gap in self.gaps]


def _hour(at: datetime) -> str:
    return f"{clock.local(at):%H:%M}"


def plan(first: date, days: int) -> list[Day]:
    """The roster of so many days. A stretch is uncovered if some post has nobody then."""
    since = _midnight(clock.local(clock.now())).replace(year=first.year, month=first.month, day=first.day)
    until = since + timedelta(days=days)
    shifts = list(Shift.objects.meeting(since, until).select_related("engineer", "post"))
    posts = set(Post.objects.filter(active=True).values_list("pk", flat=True))
    nights = _nights(since, until)
    gaps = merge(
        gap
        for post in posts
        for gap in subtract(nights, [Period(s.starts_at, s.ends_at) for s in shifts if s.post_id == post])
    )
    found = []
    for number in range(days):
        day = Period(since + timedelta(days=number), since + timedelta(days=number + 1))
        here = [shift for shift in shifts if max(shift.starts_at, since) in day]
        found.append(Day(clock.local(day.start).date(), here, intersect([day], gaps)))
    return found
