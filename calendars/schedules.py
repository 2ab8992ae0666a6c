"""From the tables to the algebra: the schedule of a calendar, cached until the calendar changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calendars.algebra import Exceptional, Schedule, Slot
from calendars.models import AnnouncedYear, CalendarDay, WorkCalendar
from core import clock
from core.held import Held

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import date, datetime

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
    return _load(calendar.pk, calendar.stamp)


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


@lru_cache(maxsize=64)
def _load(calendar_id: int, stamp: uuid.UUID) -> Schedule:  # noqa: ARG001 - the stamp is there for the cache
    calendar = WorkCalendar.objects.get(pk=calendar_id)
    week: list[list[Slot]] = [[] for _day in range(7)]
    for row in calendar.slots.all():
        week[row.weekday].append(row.slot)
    slots = tuple(tuple(sorted(day)) for day in week)
    years = calendar.years.filter(announced=True).values_list("year", flat=True)
    return Schedule(
        week=slots,
        tz=ZoneInfo(calendar.timezone),
        exceptions=_exceptions(calendar.days.all(), slots),
        announced=frozenset(years) if calendar.keeps_holidays else None,
        version=calendar.version,
    )


def _exceptions(rows: Iterable[CalendarDay], week: tuple[tuple[Slot, ...], ...]) -> dict[date, Exceptional]:
    """The exceptional days by date; the company's word comes after the public one and replaces it."""
    ordinary = next(filter(None, week), ())
    found: dict[date, Exceptional] = {}
    for row in sorted(rows, key=lambda row: row.source == CalendarDay.Source.COMPANY):
        slots: tuple[Slot, ...] = ()
        if row.kind == CalendarDay.Kind.WORKDAY:
            slots = Slot.parse(row.hours) if row.hours else week[row.date.weekday()] or ordinary
        found[row.date] = Exceptional(_name(row.name_zh, row.name_en), slots)
    return found


def _in_language(name_zh: str, name_en: str) -> str:
    return name_zh if (get_language() or "zh").startswith("zh") else name_en


# A schedule is cached for readers of either language, so it holds names that are chosen when they are shown.
_name: Any = lazy(_in_language, str)
