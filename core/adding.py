"""Writing the few rows that every act writes: the statement of each table is worked out once, and then filled in.

Every act adds a handful of rows to half a dozen tables. To build one INSERT costs Django more than the database needs
to carry it out; here it is made once for a model and a number of rows, and kept by the server (core.server_side).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection, models

from core.server_side import Kept

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

FEW = 4
"""So many rows have a statement of their own; more are built anew."""
_BATCH = 500
_Row = models.Model
_Field = models.Field[Any, Any]
_PLAIN: dict[type[_Field], type] = {
    models.BigAutoField: int,
    models.AutoField: int,
    models.CharField: str,
    models.TextField: str,
    models.IntegerField: int,
    models.BooleanField: bool,
    models.DateTimeField: datetime,
}
_PREPARING = ("to_python", "get_prep_value", "get_db_prep_value", "get_db_prep_save")


def add(
    rows: Iterable[models.Model], *, once: bool = False, over: Collection[str] = (), by: Collection[str] = ()
) -> None:
    """Insert new rows of one model, as `bulk_create` does, and with the same outcome: each then has its key.

    `once` leaves a row that is there already as it is (the new one has no key then). `over` names the fields that are
    written over in a row which has the same values in the fields `by`. Raises IntegrityError.
    """
    new = list(rows)
    if not new:
        return
    model = type(new[0])
    if len(new) > FEW or any(row.pk is not None for row in new):
        _many(model, new, once=once, over=over, by=by)
        return
    fields = _fields(model)
    for row in new:
        # What was made before the row that it points to was saved knows the other's key by now, as in bulk_create.
        row._prepare_related_fields_for_save(operation_name="add")  # type: ignore[attr-defined] # not in the stubs
    tail = "ON CONFLICT DO NOTHING" if once else _writing_over(model, tuple(over), tuple(by)) if over else ""
    statement = _statement(model, len(new), tail)
    values = stored([(f, f.pre_save(row, add=True)) for row in new for f in fields])
    keys = statement.rows(DEFAULT_DB_ALIAS, values)
    for row, (key,) in zip(new, keys if len(keys) == len(new) else (), strict=False):
        row.pk = key
        row._state.adding = False
        row._state.db = DEFAULT_DB_ALIAS


def _many(
    model: type[models.Model], new: Sequence[_Row], *, once: bool, over: Collection[str], by: Collection[str]
) -> None:
    conflicts: dict[str, Any] = {"ignore_conflicts": True} if once else {}
    if over:
        conflicts = {"update_conflicts": True, "update_fields": list(over), "unique_fields": list(by)}
    model._default_manager.bulk_create(new, batch_size=_BATCH, **conflicts)


def stored(values: Iterable[tuple[_Field, Any]]) -> list[Any]:
    """Values as the database takes them: most are so already, which is seen quicker than Django makes it so."""
    if connection.vendor != "postgresql":
        return [field.get_db_prep_save(value, connection) for field, value in values]
    return [
        value if value is None or _passes(value, _plain_of(field)) else field.get_db_prep_save(value, connection)
        for field, value in values
    ]


def _passes(value: Any, plain: type | None) -> bool:
    return type(value) is plain and not (isinstance(value, datetime) and value.tzinfo is None)


@cache
def _plain_of(field: _Field) -> type | None:
    """The type whose values a field hands to PostgreSQL unchanged; none for a field that makes something of them."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    for kind, plain in _PLAIN.items():
        if isinstance(field, kind):
            own = any(getattr(type(field), name) is not getattr(kind, name) for name in _PREPARING)
            return None if own else plain
    return None


@cache
def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [f for f in model._meta.local_concrete_fields if not f.primary_key and not f.generated]


@cache
def _statement(model: type[models.Model], count: int, tail: str) -> Kept:
    return inserting(model, [str(f.column) for f in _fields(model)], [str(model._meta.pk.column)], count, tail)


def inserting(
    model: type[models.Model], columns: Sequence[str], returning: Sequence[str], count: int = 1, tail: str = ""
) -> Kept:
    """The statement that inserts so many rows into a model's own table; `tail` says what is done about conflicts."""
    quote = connection.ops.quote_name
    one = f"({', '.join(['%s'] * len(columns))})"
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, columns))}) "  # noqa: S608 - own names
        f"VALUES {', '.join([one] * count)} {tail} RETURNING {', '.join(map(quote, returning))}"
    )
    places = len(columns) * count
    return Kept(sql, [None] * places, range(places), model._meta.db_table)


@cache
def _writing_over(model: type[models.Model], over: tuple[str, ...], by: tuple[str, ...]) -> str:
    known = {f.name: connection.ops.quote_name(str(f.column)) for f in _fields(model)}
    changes = ", ".join(f"{known[name]} = EXCLUDED.{known[name]}" for name in over)
    return f"ON CONFLICT ({', '.join(known[name] for name in by)}) DO UPDATE SET {changes}"
