"""The roster of the year: every night is somebody's, in turn, and the last coming night is still nobody's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from core.periods import Period, subtract
from duty.models import ON_DUTY_ROLE, Post, Shift
from duty.roster import days_of_service, schedule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from demo.people import Cast

_YEAR = timedelta(days=367)
_AHEAD = timedelta(days=6)
_UNPLANNED = 1
_CHANGE_AT = 9
TONIGHT = "demo.engineer"
"""Who has the night in which, or before which, the year ends: so that somebody with a known login is on duty."""
HOTLINE_NUMBER = "400-810-0911"


def plan(cast: Cast, end: datetime) -> None:
    """Put the engineers on the nights of the year in turn; who is away is left out."""
    Post.objects.filter(phone="").update(phone=HOTLINE_NUMBER)
    post = Post.objects.get()
    engineers = cast.holding(ON_DUTY_ROLE)
    nights = list(_nights(end - _YEAR, end + _AHEAD))
    for number, night in enumerate(nights[:-_UNPLANNED]):
        present = [user for user in engineers if not _away(cast, user.pk, night)]
        engineer = present[number % len(present)]
        if night.end > end >= (nights[number - 1].end if number else end) and cast.by_login[TONIGHT] in present:
            engineer = cast.by_login[TONIGHT]
        Shift.objects.create(post=post, engineer=engineer, starts_at=night.start, ends_at=night.end)


def _nights(since: datetime, until: datetime) -> Iterator[Period]:
    """The time outside working hours, changed over every morning."""
    working = schedule()
    days = days_of_service(working, since, until) if working is not None else []
    for free in subtract([Period(since, until)], days):
        begins = free.start
        while begins < free.end:
            change = clock.local(begins).replace(hour=_CHANGE_AT, minute=0, second=0, microsecond=0)
            change += timedelta(days=1 if change <= begins else 0)
            yield Period(begins, min(change, free.end))
            begins = min(change, free.end)


def _away(cast: Cast, user: int, night: Period) -> bool:
    return any(
        row.principal_id == user and row.starts_at < night.end and row.ends_at > night.start for row in cast.away
    )
