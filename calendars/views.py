"""What the page of a calendar's year shows: twelve months, day by day."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calendars.algebra import Schedule

_TWELVE = range(1, 13)


class Look(StrEnum):
    """How a day is drawn."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MADE_UP = "made-up"
    SPECIAL = "special"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Cell:
    """A day on the page; `hint` is its name and its hours."""

    date: date
    look: Look
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month on the page, week by week from Monday."""

    first: date
    weeks: tuple[tuple[Cell, ...], ...]


def year_of(schedule: Schedule, year: int) -> list[Month]:
    """The twelve months of a year."""
    return [_month(schedule, year, month) for month in _TWELVE]


def _month(schedule: Schedule, year: int, month: int) -> Month:
    weeks = Calendar().monthdatescalendar(year, month)
    return Month(
        date(year, month, 1),
        tuple(tuple(_cell(schedule, day, month) for day in week) for week in weeks),
    )


def _cell(schedule: Schedule, day: date, month: int) -> Cell:
    if day.month != month:
        return Cell(day, Look.OUTSIDE)
    slots = schedule.slots_on(day)
    exception = schedule.exceptions.get(day)
    usual = schedule.week[day.weekday()]
    if exception is None:
        look = Look.WORKING if slots else Look.WEEKEND
    elif not slots:
        look = Look.HOLIDAY
    else:
        look = Look.SPECIAL if usual else Look.MADE_UP
    hours = ", ".join(str(slot) for slot in slots)
    return Cell(day, look, " ".join(filter(None, (str(exception.name) if exception else "", hours))))
