"""Rows of several tables that belong to one thing, read in one statement: a page shows them all, and asks once.

Each table gives its rows as JSON arrays of the columns that are asked for; they are made into instances of its model
that know those columns alone. Plain columns only: texts, numbers, amounts, days, choices, and yes or no.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import DecimalField, F, Func, TextField, Window
from django.db.models.functions import RowNumber

from core.server_side import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.models import Field, Model, QuerySet

_STAND_IN = -(2**60)
"""A key that no row has, by which its places in the statement are found."""


@dataclass(frozen=True)
class Rows:
    """Rows of one table: which they are for a key, and the columns that are needed; `a__b` is a related row's."""

    of: Callable[[int], QuerySet[Any]]
    columns: tuple[str, ...]


class _Listed(Func):
    """The columns of a row as one JSON array."""

    function = "JSON_BUILD_ARRAY"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """The same under SQLite's name for it."""
        return self.as_sql(compiler, connection, function="JSON_ARRAY", **extra)


class Gathered:
    """Rows of several tables, each under its name: `of(key)` gives them in their order, in one query."""

    def __init__(self, **tables: Rows) -> None:
        self._tables: Mapping[str, Rows] = tables
        self._local = threading.local()

    def of(self, key: int) -> dict[str, list[Any]]:
        """The rows for a key, of every table."""
        known = self._local.__dict__
        if not known:
            known["makers"] = [_Maker(rows.of(_STAND_IN).model, rows.columns) for rows in self._tables.values()]
            known["statement"], known["places"] = self._statement(known["makers"])
        found: list[list[Any]] = [[] for _name in self._tables]
        for table, _place, row in known["statement"].rows(DEFAULT_DB_ALIAS, [key] * known["places"]):
            found[table].append(known["makers"][table](json.loads(row, parse_float=Decimal)))
        return dict(zip(self._tables, found, strict=True))

    def _statement(self, makers: Sequence[_Maker]) -> tuple[Kept, int]:
        """The statement, worked out once for each thread, and at how many places it asks for the key."""
        parts: list[str] = []
        params: list[Any] = []
        for table, (rows, maker) in enumerate(zip(self._tables.values(), makers, strict=True)):
            sql, given = _compiled(rows.of(_STAND_IN), maker.columns)
            parts.append(f"SELECT {table}, place, CAST(told AS TEXT) FROM ({sql}) rows_{table}")  # noqa: S608 - our own
            params += given
        places = [place for place, param in enumerate(params) if param == _STAND_IN]
        return Kept(f"{' UNION ALL '.join(parts)} ORDER BY 1, 2", params, places, "gathered"), len(places)


def _compiled(rows: QuerySet[Any], columns: Sequence[str]) -> tuple[str, Sequence[Any]]:
    order: list[Any] = [*(rows.query.order_by or rows.model._meta.ordering or ())]
    place = Window(RowNumber(), order_by=order)
    told = rows.order_by().annotate(told=_Listed(*map(F, columns)), place=place).values("told", "place")
    sql, given = told.query.get_compiler(connection=connections[DEFAULT_DB_ALIAS]).as_sql()
    return sql, given


class _Maker:
    """Makes instances of a model of rows that have some of its columns, and of what is related to it."""

    def __init__(self, model: type[Model], columns: Sequence[str]) -> None:
        self.model = model
        related: dict[str, list[str]] = {}
        for column in columns:
            before, _bar, after = column.rpartition("__")
            if before:
                related.setdefault(before, []).append(after)
        own = {_field(model, name) for name in ("pk", *(column for column in columns if "__" not in column))}
        self.fields = [field for field in model._meta.concrete_fields if field in own]  # as `from_db` wants them
        self.key = self.fields.index(model._meta.pk)
        self.related = [(name, _Maker(_field(model, name).related_model, names)) for name, names in related.items()]
        self.columns: list[str] = [
            *(field.name for field in self.fields),
            *(f"{name}__{column}" for name, maker in self.related for column in maker.columns),
        ]

    def __call__(self, row: list[Any]) -> Any:
        """An instance; None if its key is missing."""
        own, row = row[: len(self.fields)], row[len(self.fields) :]
        if own[self.key] is None:
            return None
        values = [_value(field, value) for field, value in zip(self.fields, own, strict=True)]
        made = self.model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in self.fields], values)
        for name, maker in self.related:
            setattr(made, name, maker(row[: len(maker.columns)]))
            row = row[len(maker.columns) :]
        return made


def _field(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _value(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(field, DecimalField) and value is not None:
        return Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    return field.to_python(value)
