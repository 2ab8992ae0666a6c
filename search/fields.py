"""The column of an index row's pieces, and the questions that are put to it, as SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper

WORDS = "search_words"
"""The full-text table that SQLite keeps beside the index; triggers write it (see the first migration)."""


class PiecesField(models.Field[Any, Any]):
    """A set of short texts without white space: text[] on PostgreSQL, separated by spaces elsewhere."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type."""
        return "text[]" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> set[str]:  # noqa: ARG002 - Django's signature
        """The set."""
        return set(value.split() if isinstance(value, str) else value or ())

    def get_db_prep_value(self, value: Iterable[str], connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        """The pieces in a fixed order."""
        pieces = sorted(value)
        return pieces if connection.vendor == "postgresql" else " ".join(pieces)


def held(pieces: Iterable[str]) -> Any:
    """Pieces as a parameter of `holding`."""
    some = sorted(pieces)
    return some if connection.vendor == "postgresql" else " ".join(f'"{piece}"' for piece in some)


def holding(more: str = "") -> str:
    """The condition that a row holds all of some pieces, which are one parameter, and one `more`, given as SQL."""
    if connection.vendor == "postgresql":
        return f"pieces @> (CAST(%s AS text[]) || ({more}))" if more else "pieces @> CAST(%s AS text[])"
    asked = f"%s || ' \"' || ({more}) || '\"'" if more else "%s"
    return f"id IN (SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH ({asked}))"  # noqa: S608 - own names


def position(column: str) -> str:
    """The condition that a text, which is a parameter, is a part of a column's."""
    return f"{'strpos' if connection.vendor == 'postgresql' else 'instr'}({column}, %s) > 0"
