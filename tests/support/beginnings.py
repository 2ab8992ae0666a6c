"""Rows with which many tests begin: the product itself makes them once, and later tests get them back as they were.

To make an installation's master data and a dozen people takes ten times as long as most tests do. A `Beginning` has
them made, notes which rows have come into which tables, and puts the same rows back when the next test begins where
the first one began. Where that is not so (another moment, or other rows there already), they are simply made again.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import time
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.apps import apps
from django.db import connection, transaction

from core import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.db.models import Model

T = TypeVar("T")
Row = tuple[Any, ...]
Counts = dict[str, int]
Statement = tuple[str, list[Any]]
_TOGETHER = 400
"""Rows of one statement; SQLite takes no more than 32766 values."""


@dataclass(frozen=True)
class _Table:
    """A table with the columns that one writes, and the one that numbers its rows."""

    name: str
    columns: tuple[str, ...]
    key: str

    def rows(self) -> list[Row]:
        """All that stands in it."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(self.columns)} FROM {self.name}")
            return [tuple(row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class _Picture:
    """What was made: the statements that put it back, and what the makers gave, as bytes that nobody can change."""

    moment: datetime
    before: Counts
    statements: list[Statement]
    given: bytes


class Beginning(Generic[T]):
    """Something that is made in the database. `make` makes it and gives what tests hold in their hands."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._picture: _Picture | None = None

    def begin(self) -> T:
        """Have it in the database, one way or the other."""
        moment = clock._held.get()
        if moment is None:
            return self._make()  # by the real clock no two are the same
        picture = self._picture
        if picture is None:
            return self._made(moment)
        if picture.moment != moment or _counts(picture.before) != picture.before:
            return self._make()
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in picture.statements:
                cursor.execute(sql, params)
        given: T = pickle.loads(picture.given)  # noqa: S301 - our own
        return given

    def _made(self, moment: datetime) -> T:
        tables = _tables()
        before = {table: table.rows() for table in tables}
        given = self._make()
        new = {table: _new(before[table], table.rows()) for table in tables}
        self._picture = _Picture(
            moment,
            {table.name: len(before[table]) for table, rows in new.items() if rows},
            [*chain.from_iterable(_inserts(table, rows) for table, rows in new.items()), *_numbers(new)],
            pickle.dumps(given),
        )
        return given


def _tables() -> list[_Table]:
    """Every table that the project writes to, each under its name as SQL has it."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if _is_table(model)}
    return [
        _Table(_quoted(name), tuple(_columns(model)), str(model._meta.pk.column))
        for name, model in sorted(models.items())
    ]


def _is_table(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy


def _columns(model: type[Model]) -> list[str]:
    fields = (field for field in model._meta.local_concrete_fields if not field.generated)
    return [_quoted(str(field.column)) for field in fields]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _counts(of: Counts) -> Counts:
    """How many rows those tables have now; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'(SELECT COUNT(*) FROM {table})' for table in of)}")
        return dict(zip(of, cursor.fetchone(), strict=True))


def _new(before: list[Row], after: list[Row]) -> list[Row]:
    """The rows that have come; nothing that stood there may have changed, since only what is new is put back."""
    known = {repr(row) for row in before}
    new = [row for row in after if repr(row) not in known]
    assert len(before) + len(new) == len(after), "what many tests begin with changes rows that were there"
    return new


def _inserts(table: _Table, rows: list[Row]) -> Iterator[Statement]:
    """What puts the rows back."""
    places = f"({', '.join(['%s'] * len(table.columns))})"
    for start in range(0, len(rows), _TOGETHER):
        part = rows[start : start + _TOGETHER]
        sql = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES {', '.join([places] * len(part))}"
        yield sql, [_as_stored(value) for row in part for value in row]


def _as_stored(value: Any) -> Any:
    """A value as the database takes it: SQLite's driver gives times of day that it does not take."""
    return str(value) if isinstance(value, time) else value


def _numbers(new: dict[_Table, list[Row]]) -> Iterator[Statement]:
    """What keeps the numbers of later rows above those that were put back, whoever has emptied the tables."""
    if connection.vendor != "postgresql":
        return  # SQLite goes on from the highest number that is there
    found = {}
    with connection.cursor() as cursor:
        for table, rows in new.items():
            if rows:
                place = table.columns.index(_quoted(table.key))
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table.name, table.key])
                ((sequence,),) = cursor.fetchall()
                if sequence:
                    found[sequence] = max(row[place] for row in rows)
    if found:
        calls = (f"setval('{name}', GREATEST({last}, (SELECT last_value FROM {name})))" for name, last in found.items())
        yield f"SELECT {', '.join(calls)}", []
