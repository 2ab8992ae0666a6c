"""How many records a person sees under a saved view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lists import addresses
from lists.columns import PLAIN
from lists.presets import preset_of
from lists.rows import Rows, filters_of, has_filters, table_class
from workflow import registry

if TYPE_CHECKING:
    from lists.models import SavedView
    from people.models import User

MOST = 999
"""So many are counted, and no further."""


def count(view: SavedView, user: User) -> int | None:
    """How many there are, up to one more than `MOST`; None where the view names something that is gone."""
    process, query = registry.get(view.kind), addresses.parsed(view.query)
    preset = preset_of(process, user, query.get("show", ""))
    filters = filters_of(process, user, preset, query, whole=False) if has_filters(process, query) else None
    if filters is not None and not filters.form.is_valid():
        return None
    rows = Rows(process, user, preset, table_class(process)(PLAIN), filters).kept()
    return int(rows.order_by()[: MOST + 1].values("pk").count())


def words(number: int | None) -> str:
    """The number as it is shown."""
    if number is None:
        return "?"
    return f"{MOST}+" if number > MOST else str(number)
