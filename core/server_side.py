"""Statements that PostgreSQL keeps planned: to plan a wide join takes it ten times as long as to answer it.

Each is prepared once for a connection, under a name made of its text, and then only executed. Whoever puts a pool
between that gives every transaction another connection (PgBouncer) turns it off: DATABASE_PREPARED=false.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Sequence

_prepared: WeakKeyDictionary[Any, dict[tuple[Any, ...], str]] = WeakKeyDictionary()
"""For each open connection the statements that it knows, with their names."""


class Kept:
    """A statement that is run again and again. `places` are those of its parameters that differ from run to run.

    `about` is a table that it is about; whoever reads the server's log knows it by that.
    """

    def __init__(self, sql: str, params: Sequence[Any], places: Sequence[int], about: str = "") -> None:
        self._sql = sql
        self._name = f"kept_{about[:32]}_" if about else "kept_"
        self._params = list(params)
        self._places = list(places)
        fixed = (("",) if i in self._places else (type(p), str(p)) for i, p in enumerate(self._params))
        self._key = (sql, *fixed)
        marks = f" ({', '.join(['%s'] * len(self._places))})" if self._places else ""
        self._call = f"EXECUTE {{}}{marks}"

    def rows(self, db: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What the statement gives for these values, one for each place."""
        connection = connections[db]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql" and settings.PREPARE_STATEMENTS:
                known = _prepared.setdefault(connection.connection, {})
                name = known.get(self._key) or self._prepare(connection, known)
                cursor.execute(self._call.format(name), list(values))
            else:
                params = list(self._params)
                for place, value in zip(self._places, values, strict=True):
                    params[place] = value
                cursor.execute(self._sql, params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _prepare(self, connection: Any, known: dict[tuple[Any, ...], str]) -> str:
        """Have the connection learn the statement. That is no query of a page's: it passes by whoever counts those."""
        params: list[Any] = list(self._params)
        for number, place in enumerate(self._places, start=1):
            params[place] = _Place(number)
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            text = cursor.mogrify(self._sql, params)
            name = known[self._key] = f"{self._name}{blake2b(text, digest_size=12).hexdigest()}"
            cursor.execute(b"PREPARE %s AS %s" % (name.encode(), text))
        return name


class _Place:
    """A parameter of a prepared statement, as psycopg2 writes it into the text."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __conform__(self, protocol: object) -> _Place:
        """Say to psycopg2 that this writes itself."""
        return self

    def getquoted(self) -> bytes:
        """What stands in the statement."""
        return b"$%d" % self._number
