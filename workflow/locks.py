"""Locks: one order everywhere, so that nobody waits in a circle.

The record's parent row comes first, then what belongs to it; several records by ascending key. The sweep takes rows
that nobody holds (`sweep._take`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, connection

from core.prepared import fetch
from core.server_side import Kept
from workflow import registry
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Collection

    from workflow.flow import Flow


def take(given: Record, beside: Collection[int] = ()) -> Record:
    """The record as its own model, locked by its parent row until the transaction ends. Raises Record.DoesNotExist.

    `beside` are the keys of others that the same act touches: all are locked together, by ascending key.
    Locked first and read after: a statement that waits for a lock reads the other tables as they were before it waited.
    """
    if beside:
        together = Record.objects.filter(pk__in={given.pk, *beside}).order_by("pk").select_for_update(no_key=True)
        list(together.values_list("pk"))
    elif connection.features.has_select_for_update and not _parent_row().rows(DEFAULT_DB_ALIAS, [given.pk]):
        raise Record.DoesNotExist
    model = registry.get(given.kind).model
    flow: type[Flow] = model  # type: ignore[assignment] # every process's model is its flow
    rows = model._default_manager.select_related("customer", "handler", "specialist", *flow.carried)
    found: list[Record] = fetch(("locked", given.kind), lambda pk: rows.filter(pk=pk), given.pk)
    if not found:
        raise Record.DoesNotExist
    return found[0]


@cache
def _parent_row() -> Kept:
    table = connection.ops.quote_name(Record._meta.db_table)
    return Kept(f"SELECT id FROM {table} WHERE id = %s FOR NO KEY UPDATE", [None], [0])  # noqa: S608 - our own table
