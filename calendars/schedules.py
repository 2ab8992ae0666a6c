"""From the tables to the algebra: the schedule of a calendar, cached until it changes, and kept for what runs by it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calendars.algebra import Exceptional, Schedule, Slot
from calendars.models import AnnouncedYear, CalendarDay, KeptSchedule, WorkCalendar
from core import clock
from core.held import Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

DEFAULT = "default"
"""The code of the company's own calendar, which is followed where nothing else is said."""

_NOVEMBER = 11


class NoCalendarError(LookupError):
    """The company's calendar is not there: the installation has not been seeded."""


_calendars: Held[dict[str, WorkCalendar]] = Held(lambda: {c.code: c for c in WorkCalendar.objects.all()}, WorkCalendar)


def default_calendar() -> WorkCalendar:
    """The company's calendar. Raises NoCalendarError before the installation was seeded."""
    calendar = _calendars.now().get(DEFAULT)
    if calendar is None:
        msg = f"there is no calendar {DEFAULT!r}: run `manage.py seed`"
        raise NoCalendarError(msg)
    return calendar


def schedule_for(calendar: WorkCalendar) -> Schedule:
    """The schedule of a calendar: four queries after a change, none while its stamp stays the same.

    Raises EmptyScheduleError (a CalendarError) when it has no working hours.
    """
    return _load(calendar.pk, calendar.stamp).schedule


def gap_warning(now: datetime) -> str | None:
    """What administrators must be told about years without announced public holidays; None when nothing is amiss.

    The present year is always asked for, the next from November on: that is when the State Council announces it.
    """
    today = clock.local(now).date()
    years = {today.year, today.year + 1} if today.month >= _NOVEMBER else {today.year}
    known = set(
        AnnouncedYear.objects.filter(announced=True, year__in=years).values_list("calendar_id", "year"),
    )
    gaps = {
        (calendar.name, year)
        for calendar in WorkCalendar.objects.filter(keeps_holidays=True)
        for year in years
        if (calendar.pk, year) not in known
    }
    if not gaps:
        return None
    return _(
        "The public holidays of %(years)s are not announced in: %(calendars)s. Time limits that reach there rest on an "
        "estimate, without make-up workdays, until the holidays are imported or entered."
    ) % {
        "years": ", ".join(str(year) for year in sorted({year for _name, year in gaps})),
        "calendars": ", ".join(sorted({name for name, _year in gaps})),
    }


@dataclass(frozen=True)
class Kept:
    """A schedule with the content that it can be made from again; `id` is a digest of that content."""

    id: uuid.UUID
    schedule: Schedule
    content: dict[str, Any]


def kept_of(calendar: WorkCalendar) -> Kept:
    """The present schedule of a calendar as it would be kept; its cost and its errors are those of `schedule_for`."""
    return _load(calendar.pk, calendar.stamp)


def keep(calendar: WorkCalendar) -> None:
    """Keep the present schedule of a calendar; one that is kept already is left as it is."""
    found = kept_of(calendar)
    row = KeptSchedule(
        id=found.id,
        calendar=calendar,
        version=found.schedule.version,
        content=found.content,
        kept_at=clock.now(),
    )
    KeptSchedule.objects.bulk_create([row], ignore_conflicts=True)


@lru_cache(maxsize=256)
def kept(key: uuid.UUID) -> Schedule:
    """A schedule that was kept, whatever has become of its calendar. Raises KeptSchedule.DoesNotExist."""
    row = KeptSchedule.objects.get(pk=key)
    return _made_from(row.content, row.version)


@lru_cache(maxsize=64)
def _load(calendar_id: int, stamp: uuid.UUID) -> Kept:  # noqa: ARG001 - the stamp is there for the cache
    calendar = WorkCalendar.objects.get(pk=calendar_id)
    content = _content(calendar)
    digest = sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).digest()
    return Kept(uuid.UUID(bytes=digest[:16]), _made_from(content, calendar.version), content)


def _content(calendar: WorkCalendar) -> dict[str, Any]:
    """All that a schedule consists of, as JSON."""
    week: list[list[Slot]] = [[] for _day in range(7)]
    for row in calendar.slots.all():
        week[row.weekday].append(row.slot)
    slots = [sorted(day) for day in week]
    days = _days(calendar.days.all(), slots)
    years = sorted(calendar.years.filter(announced=True).values_list("year", flat=True))
    return {
        "calendar": calendar.code,
        "timezone": calendar.timezone,
        "week": [_minutes(day) for day in slots],
        "days": days,
        "announced": years if calendar.keeps_holidays else None,
    }


def _days(rows: Iterable[CalendarDay], week: list[list[Slot]]) -> dict[str, dict[str, Any]]:
    """The exceptional days by date; the company's word comes after the public one and replaces it."""
    ordinary = next(filter(None, week), [])
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row.source == CalendarDay.Source.COMPANY, row.date)):
        slots: Iterable[Slot] = ()
        if row.kind == CalendarDay.Kind.WORKDAY:
            slots = Slot.parse(row.hours) if row.hours else week[row.date.weekday()] or ordinary
        found[row.date.isoformat()] = {"zh": row.name_zh, "en": row.name_en, "slots": _minutes(slots)}
    return found


def _minutes(slots: Iterable[Slot]) -> list[list[int]]:
    return [[slot.start, slot.end] for slot in slots]


def _slots(minutes: Iterable[Sequence[int]]) -> tuple[Slot, ...]:
    return tuple(Slot(start, end) for start, end in minutes)


def _made_from(content: dict[str, Any], version: int) -> Schedule:
    announced = content["announced"]
    return Schedule(
        week=tuple(_slots(day) for day in content["week"]),
        tz=ZoneInfo(content["timezone"]),
        exceptions={
            date.fromisoformat(day): Exceptional(_name(said["zh"], said["en"]), _slots(said["slots"]))
            for day, said in content["days"].items()
        },
        announced=None if announced is None else frozenset(announced),
        version=version,
    )


def _in_language(name_zh: str, name_en: str) -> str:
    return name_zh if (get_language() or "zh").startswith("zh") else name_en


# A schedule is cached for readers of either language, so it holds names that are chosen when they are shown.
_name: Any = lazy(_in_language, str)
