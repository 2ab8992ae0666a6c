"""Reference numbers: TK-20260301-0007, gapless within a day as far as transactions commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from core import clock
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
    sql = _NEXT.format(table=connection.ops.quote_name(NumberSeries._meta.db_table))
    with connection.cursor() as cursor:
        cursor.execute(sql, [prefix, day])
        (last,) = cursor.fetchone()
    return f"{prefix}-{day:%Y%m%d}-{last:04d}"
