"""The column of an index row's pieces, and the one question that is put to it: which rows hold all of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Lookup

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


@PiecesField.register_lookup
class Holds(Lookup[Any]):
    """Rows that hold all of the given pieces: `pieces__holds={"登录", "录失"}`."""

    lookup_name = "holds"

    def get_prep_lookup(self) -> list[str]:
        """The pieces in a fixed order."""
        return sorted(self.rhs)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """By the inverted index (GIN)."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @> %s::text[]", [*params, self.rhs]

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # noqa: ARG002 - Django's signature
        """By the full-text table (FTS5)."""
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        asked = " ".join(f'"{piece}"' for piece in self.rhs)
        return f"{alias}.id IN (SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s)", [asked]  # noqa: S608 - own names
