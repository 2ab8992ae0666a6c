"""What an export shows: the rows of a list's address and the values of its columns, as the person may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict

from core import clock
from exports.values import text, value_of
from lists.columns import PLAIN
from lists.presets import preset_of
from lists.rows import Rows, filters_of, has_filters, table_class
from lists.shelf import stand
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from core.tables import Column, Table
    from exports.values import Value
    from people.models import User

_FOLLOWED = {"customer", "handler", "specialist"}
"""Columns of every record that name something else: it is read in the same query."""


class NoSuchListError(Exception):
    """There is no list at this address any more; `message` says what is wrong with it, if it is the filters."""

    def __init__(self, message: str = "") -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Sheet:
    """A list as a person sees it."""

    rows: Rows
    columns: Sequence[Column]

    def name_at(self, at: datetime) -> str:
        """What the file is called: the list, its tab, and when it was made."""
        said = f"{self.rows.process.plural}-{self.rows.preset.label}-{clock.local(at):%Y%m%d-%H%M}"
        return "".join("-" if letter in '\\/:*?"<>|' else letter for letter in said)

    def heads(self) -> list[Value]:
        """The columns' names."""
        return [text(str(column.label)) for column in self.columns]

    def keys(self) -> Iterator[int]:
        """The rows' keys in the order of the list, a chunk at a time."""
        found: Iterator[int] = self.rows.kept().values_list("pk", flat=True).iterator(chunk_size=5000)
        return found

    def lines(self, keys: Sequence[int]) -> Iterator[list[Value]]:
        """The values of some rows in the order of their keys; what the person may not see any more is left out."""
        model: Any = self.rows.process.model
        followed = {column.code for column in self.columns} & _FOLLOWED
        seen = model._default_manager.for_actor(self.rows.user, self.rows.process.kind).filter(pk__in=keys)
        rows = list(seen.select_related(*{*self.rows.table.related, *followed}))
        self.rows.look_beside(rows)
        found = {row.pk: row for row in rows}
        for key in keys:
            if key in found:
                yield [value_of(column.value(found[key])) for column in self.columns]


def query_of(asked: str) -> QueryDict:
    """What an address asks for. Raises NoSuchListError for what nobody's browser sends."""
    try:
        return QueryDict(asked)
    except SuspiciousOperation as error:
        raise NoSuchListError from error


def sheet_of(user: User, kind: str, asked: str, codes: Sequence[str] = ()) -> Sheet:
    """The list at an address. Raises NoSuchListError if there is none, or its filters are not right."""
    try:
        process = registry.get(kind)
    except registry.UnknownProcessError as error:
        raise NoSuchListError from error
    stood = stand(process, user, query_of(asked))
    query = stood.query
    table = table_class(process)(PLAIN, query.get("sort", ""), [*codes] or stood.columns)
    preset, filters = preset_of(process, user, query.get("show", "")), None
    if has_filters(process, query):
        filters = filters_of(process, user, preset, query)
        if not filters.form.is_valid():
            raise NoSuchListError(_faults(filters.form))
    return Sheet(Rows(process, user, preset, table, filters), chosen(table, codes))


def chosen(table: Table, codes: Iterable[str]) -> Sequence[Column]:
    """The columns of some codes, or those that the list shows. Nothing but a list's columns has a code here."""
    known = {**PLAIN, **table.offered}
    wanted = [known[code] for code in dict.fromkeys(codes) if code in known]
    return wanted or table.shown


def _faults(form: Any) -> str:
    return " ".join(
        f"{form.fields[name].label}: {' '.join(map(str, errors))}"
        if name in form.fields
        else " ".join(map(str, errors))
        for name, errors in form.errors.items()
    )
