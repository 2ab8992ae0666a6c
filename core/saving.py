"""Rows that are saved one by one at every act: what Django would build anew for each is built once for their model.

Only the two statements of a table are made otherwise; all else about `save` (signals, parents, forced inserts) is as it
always is. They hang on hooks of Django's that it does not promise: tests compare what they write with what it writes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connection, models

from core.adding import inserting, stored
from core.server_side import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    Columns = tuple[models.Field[Any, Any], ...]


class Quick(models.Model):
    """Base of models whose rows every act saves."""

    class Meta:
        abstract = True

    def _do_insert(
        self,
        manager: Any,
        using: str,
        fields: Sequence[Any],
        returning_fields: Sequence[Any],
        raw: bool,  # noqa: FBT001 - Django's signature
    ) -> list[tuple[Any, ...]]:
        values = [getattr(self, f.attname) if raw else f.pre_save(self, add=True) for f in fields]
        if using != DEFAULT_DB_ALIAS or not _plain(values):
            found: list[tuple[Any, ...]] = super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc] # not in the stubs
            return found
        known = returning_fields or [manager.model._meta.pk]
        rows = _insert(manager.model, tuple(fields), tuple(known)).rows(using, stored(zip(fields, values, strict=True)))
        return rows if returning_fields else []

    def _do_update(  # type: ignore[override] # the stubs are of a later Django
        self, base_qs: Any, using: str, pk_val: Any, values: Sequence[Any], *asked: Any
    ) -> bool:
        new = [value for _field, _model, value in values]
        if using != DEFAULT_DB_ALIAS or not values or not _plain(new):
            return bool(super()._do_update(base_qs, using, pk_val, values, *asked))
        fields = tuple(field for field, _model, _value in values)
        statement = _update(base_qs.model, fields)
        return bool(statement.rows(using, [*stored(zip(fields, new, strict=True)), pk_val]))


def _plain(values: Sequence[Any]) -> bool:
    """Whether all are values, and none is worked out by the database."""
    return not any(hasattr(value, "resolve_expression") for value in values)


@cache
def _insert(model: type[models.Model], fields: Columns, returning: Columns) -> Kept:
    return inserting(model, [str(f.column) for f in fields], [str(f.column) for f in returning])


@cache
def _update(model: type[models.Model], fields: Columns) -> Kept:
    quote, meta = connection.ops.quote_name, model._meta
    key = quote(str(meta.pk.column))
    changes = ", ".join(f"{quote(str(f.column))} = %s" for f in fields)
    sql = f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {key} = %s RETURNING {key}"  # noqa: S608 - own names
    return Kept(sql, [None] * (len(fields) + 1), range(len(fields) + 1), f"update_{meta.db_table}")
