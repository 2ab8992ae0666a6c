"""Reference numbers: TK-20260301-0007, gapless within a day as far as transactions commit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, connection

from core import clock
from core.server_side import Kept
from workflow.models import NumberSeries

if TYPE_CHECKING:
    from datetime import datetime

_NEXT = """
    INSERT INTO {table} (prefix, day, last) VALUES (%s, %s, 1)
    ON CONFLICT (prefix, day) DO UPDATE SET last = {table}.last + 1 RETURNING last
"""


def next_number(prefix: str, at: datetime) -> str:
    """The next number of a prefix on the local day of the moment; one statement, so two never get the same."""
    day = clock.local(at).date()
    ((last,),) = _next().rows(DEFAULT_DB_ALIAS, [prefix, day])
    return f"{prefix}-{day:%Y%m%d}-{last:04d}"


@cache
def _next() -> Kept:
    table = NumberSeries._meta.db_table
    return Kept(_NEXT.format(table=connection.ops.quote_name(table)), ["", None], (0, 1), table)
