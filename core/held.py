"""What every act reads and nobody changes for days: vocabularies and policies, held in memory until they change.

The database stays the truth. Before something held is used, one statement asks for the stamps of all tables that
anything held is made of: the newest row of a table's history, or the stamps that its rows carry. What was made under
other stamps is made anew.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection

from core.server_side import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import Model

T = TypeVar("T")
_watched: dict[type[Model], int] = {}
"""The tables that anything held is made of, with their places in the statement."""
_asked: ContextVar[list[tuple[Any, ...]] | None] = ContextVar("stamps_of_this_act", default=None)


@contextmanager
def asked_once(stamps: tuple[Any, ...] = ()) -> Iterator[None]:
    """Ask for stamps once while the code inside runs: for one act or one page, which sees one state of the house.

    `stamps` are those that were asked for already, with `expressions`, together with something else.
    """
    if _asked.get() is not None:
        yield
        return
    token = _asked.set([stamps] if stamps else [])
    try:
        yield
    finally:
        _asked.reset(token)


def expressions() -> list[str]:
    """What gives the stamps of all tables that anything is made of, to be asked for within another statement."""
    return [_stamp_of(table) for table in _watched]


class Held(Generic[T]):
    """Something made of the rows of some tables, and kept for as long as those have not changed.

    Everybody is given the same objects: they are to be read, and never to be changed. The tables must keep a history
    or carry a `stamp`; what changes them otherwise (`update`, plain SQL) must leave a trace in one of the two.
    """

    def __init__(self, make: Callable[[], T], *tables: type[Model]) -> None:
        self._make = make
        self._tables = tables
        self._kept: tuple[tuple[Any, ...], T] | None = None
        for table in tables:
            _watched.setdefault(table, len(_watched))

    def now(self) -> T:
        """What it is at present; one statement, or none inside `asked_once` after the first."""
        stamps = _stamps()
        mine = tuple(stamps[_watched[table]] for table in self._tables)
        kept = self._kept
        if kept is None or kept[0] != mine:
            kept = self._kept = (mine, self._make())
        return kept[1]


def _stamps() -> tuple[Any, ...]:
    asked = _asked.get()
    if asked and len(asked[0]) == len(_watched):
        return asked[0]
    (found,) = _statement(tuple(_watched)).rows(DEFAULT_DB_ALIAS, [])
    if asked is not None:
        asked[:] = [found]
    return found


_statements: dict[tuple[type[Model], ...], Kept] = {}


def _statement(tables: tuple[type[Model], ...]) -> Kept:
    if tables not in _statements:
        _statements[tables] = Kept(f"SELECT {', '.join(map(_stamp_of, tables))}", [], [])
    return _statements[tables]


def _stamp_of(table: type[Model]) -> str:
    """An expression whose value changes with every change of the table, and never comes back to an earlier one."""
    name = connection.ops.quote_name(table._meta.db_table)
    if any(field.name == "stamp" for field in table._meta.concrete_fields):
        join = "STRING_AGG(CAST(stamp AS text), '')" if connection.vendor == "postgresql" else "GROUP_CONCAT(stamp)"
        return f"(SELECT {join} FROM {name})"  # noqa: S608 - our own tables
    past = connection.ops.quote_name(table.history.model._meta.db_table)  # type: ignore[attr-defined] # it has one
    # The moment goes with it: SQLite gives the number of a row that was rolled back to the next one.
    latest = f"SELECT history_id || ' ' || history_date FROM {past} ORDER BY history_id DESC LIMIT 1"  # noqa: S608
    return f"(SELECT COUNT(*) FROM {name}) || ' ' || COALESCE(({latest}), '')"  # noqa: S608 - our own tables
