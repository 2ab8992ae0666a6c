"""Reference numbers: TK-20260301-0007 of a day, Serv303-2026-0012 of a year; gapless as far as transactions commit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, connection

from core import clock
from core.server_side import Kept
from workflow.models import NumberSeries

if TYPE_CHECKING:
    from datetime import date, datetime

    from workflow.models import Record

_NEXT = """
    INSERT INTO {table} (prefix, day, last) VALUES (%s, %s, 1)
    ON CONFLICT (prefix, day) DO UPDATE SET last = {table}.last + 1 RETURNING last
"""


def number_of(record: Record, prefix: str, at: datetime) -> str:
    """The number of a new record: of its own series of the year if it names one, else the next of its process's day."""
    return next_of_year(record.series, at) if record.series else next_number(prefix, at)


def next_number(prefix: str, at: datetime) -> str:
    """The next number of a prefix on the local day of the moment; one statement, so two never get the same."""
    day = clock.local(at).date()
    return f"{prefix}-{day:%Y%m%d}-{_next(prefix, day):04d}"


def next_of_year(series: str, at: datetime) -> str:
    """The next number of a series in the local year of the moment."""
    first = clock.local(at).date().replace(month=1, day=1)
    return f"{series}-{first:%Y}-{_next(series, first):04d}"


def _next(prefix: str, day: date) -> int:
    ((last,),) = _statement().rows(DEFAULT_DB_ALIAS, [prefix, day])
    return int(last)


@cache
def _statement() -> Kept:
    table = NumberSeries._meta.db_table
    return Kept(_NEXT.format(table=connection.ops.quote_name(table)), ["", None], (0, 1), table)
