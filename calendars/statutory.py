"""China's public holidays and make-up workdays, from the package `holidays`, brought into a calendar.

The State Council announces a year each November. For years that the package does not have yet it computes the festivals
but knows no make-up workdays: such a year is imported as an estimate and flagged as not announced.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from calendars.models import AnnouncedYear, CalendarDay, WorkCalendar

if TYPE_CHECKING:
    from datetime import date

FIRST_YEAR, LAST_YEAR = 2001, 2099
"""Before 2001 there is no data on make-up workdays; the lunar tables of the package end with the century."""

CHINA = "CN"
PACKAGE = f"holidays {version('holidays')}"
"""How a year that was imported names its source."""


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A date as announced."""

    date: date
    kind: CalendarDay.Kind
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did with a year; `kept` where somebody's own entry was left alone."""

    year: int
    announced: bool
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: bool = False


def is_announced(year: int) -> bool:
    """Whether the package has the announcement of the year: every one of them moves working days to weekends."""
    from holidays import country_holidays  # is slow to load, and asked once a year

    return any(day.year == year for day in country_holidays(CHINA, years=year).weekend_workdays)


def public_days(year: int) -> list[PublicDay]:
    """The holidays and make-up workdays dated in a year; without make-up workdays where it is not announced.

    Raises ValueError outside FIRST_YEAR to LAST_YEAR.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        msg = f"public holidays are known from {FIRST_YEAR} to {LAST_YEAR}, not for {year}"
        raise ValueError(msg)
    from holidays import country_holidays

    zh, en = (country_holidays(CHINA, years=year, language=language) for language in ("zh_CN", "en_US"))
    off = [PublicDay(day, CalendarDay.Kind.HOLIDAY, zh[day], en[day]) for day in zh if day.year == year]
    work = [
        PublicDay(day, CalendarDay.Kind.WORKDAY, **company()["make_up_workday"])
        for day in zh.weekend_workdays
        if day.year == year
    ]
    return sorted(off + work, key=lambda day: day.date)


@transaction.atomic
def import_year(calendar: WorkCalendar, year: int, *, replace: bool = False) -> Import:
    """Bring a year's public days into a calendar; the company's own exceptions stay as they are.

    A year that somebody announced by hand is kept, unless `replace` is set and the package knows the year. Doing it
    again changes nothing. Raises ValueError for a year that cannot be known.
    """
    wanted = {day.date: day for day in public_days(year)}
    announced = is_announced(year)
    row = AnnouncedYear.objects.filter(calendar=calendar, year=year).first()
    if row is not None and row.announced and not row.source.startswith("holidays ") and not (replace and announced):
        return Import(year, announced=True, kept=True)
    added, changed, removed = _bring(calendar, year, wanted)
    if row is None or row.announced != announced or added or changed or removed:
        row = row or AnnouncedYear(calendar=calendar, year=year)
        row.announced, row.source = announced, PACKAGE
        row.save()
    return Import(year, announced, added, changed, removed)


def _bring(calendar: WorkCalendar, year: int, wanted: dict[date, PublicDay]) -> tuple[int, int, int]:
    """Make the public days of a year those that are wanted; says how many were added, changed and removed."""
    rows = calendar.days.filter(source=CalendarDay.Source.STATUTORY, date__year=year)
    had = {row.date: row for row in rows}
    new = [
        CalendarDay(calendar=calendar, source=CalendarDay.Source.STATUTORY, **_fields(wanted[day]), date=day)
        for day in sorted(wanted.keys() - had.keys())
    ]
    changed = []
    for day in had.keys() & wanted.keys():
        fields = _fields(wanted[day])
        if any(getattr(had[day], name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(had[day], name, value)
            changed.append(had[day])
    gone = [had[day] for day in had.keys() - wanted.keys()]
    bulk_create_with_history(new, CalendarDay, default_change_reason=PACKAGE)
    bulk_update_with_history(
        changed, CalendarDay, ["kind", "name_zh", "name_en", "hours"], default_change_reason=PACKAGE
    )
    for row in gone:
        row.delete()
    if new or changed:
        calendar.bump()
    return len(new), len(changed), len(gone)


def _fields(day: PublicDay) -> dict[str, Any]:
    return {"kind": day.kind, "name_zh": day.name_zh, "name_en": day.name_en, "hours": ""}


@cache
def company() -> dict[str, Any]:
    """The calendar with which an installation begins (data/company.yaml)."""
    text = files("calendars").joinpath("data", "company.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content
