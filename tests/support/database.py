"""Everything that stands in the database, as text, for tests that look for what must not be there."""

from __future__ import annotations

from django.apps import apps
from django.db import connection


def everything_in_tables() -> str:
    """Every row of every table, in one text."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)}):
            cursor.execute(f"SELECT CAST(t.* AS text) FROM {connection.ops.quote_name(table)} t")
            found += [str(row[0]) for row in cursor.fetchall()]
    return "\n".join(found)
