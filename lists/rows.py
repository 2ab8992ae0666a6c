"""The rows of a process's list: a tab, filters and an order, within what a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.tables import Table
from lists.presets import OVERDUE
from workflow.models import Record
from workflow.models.record import RecordQuerySet

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest, QueryDict

    from lists.presets import Preset
    from people.models import User
    from workflow.registry import Process

_OF_RECORD = {"pk", *(field.name for field in Record._meta.concrete_fields)}
NO_FILTERS = {"show", "sort", "columns", "view", "page", "filters"}
"""What an address of a list says beside its filters."""


class BareTable(Table):
    """The list of a process that declares none."""

    columns = ("number", "title", "customer", "state", "handler", "due", "updated")
    more = ("specialist", "created")


@dataclass(frozen=True)
class Rows:
    """The rows of a process's list: which they are, and what is shown of them."""

    process: Process
    user: User
    preset: Preset
    table: Table
    filters: Any = None
    lasting: str = ""
    """What says the values of the filters, where they are the same at every visit and no moment is among them."""

    @property
    def key(self) -> Hashable:
        """What shapes the query beside the person; None where a moment or a filter's value makes one of every visit."""
        if (self.filters is not None and not self.lasting) or self.preset.code == OVERDUE:
            return None
        return self.process.kind, self.preset.code, self.table.asked, self.table.related, self.lasting

    def kept(self) -> QuerySet[Any]:
        """Those under the tab and the filters, in order; the parent table alone knows them, unless more is asked."""
        ordering = self.table.ordering()
        if self.filters is not None:
            return self.filters.qs.order_by(*ordering)  # type: ignore[no-any-return]
        own: Any = self.process.model._default_manager
        usual = own._queryset_class.for_actor is RecordQuerySet.for_actor
        alone = usual and _OF_RECORD.issuperset(name.lstrip("-") for name in ordering)
        rows: Any = Record.objects if alone else own
        seen = rows.for_actor(self.user, self.process.kind).filter(self.preset.keep)
        return seen.order_by(*ordering)  # type: ignore[no-any-return]

    def full(self, keys: Any) -> QuerySet[Any]:
        """Some of them by their keys, with all of their own that their lines show."""
        rows = self.process.model._default_manager.filter(pk__in=keys)
        followed = rows.select_related(*self.table.related).defer(*self.table.without)
        return followed.order_by(*self.table.ordering())

    def look_beside(self, rows: Sequence[Any]) -> None:
        """Read what hangs on some rows and is shown beside them, a query for each kind of it."""
        for read in self.table.beside:
            read(rows)


def table_class(process: Process) -> type[Table]:
    """The declaration of a process's list."""
    return process.table or BareTable


def filters_of(
    process: Process,
    user: User,
    preset: Preset,
    query: QueryDict,
    request: HttpRequest | None = None,
    *,
    whole: bool = True,
) -> Any:
    """The filters that an address asks for, bound to the rows under the tab that the person may see.

    Unless `whole`, only those that the address names: their form is not fit to be shown, and quicker to make.
    """
    seen: Any = process.model._default_manager
    under = seen.for_actor(user, process.kind).filter(preset.keep)
    asked = process.filterset if whole else _narrowed(process.filterset, frozenset(query))
    made = asked(query, queryset=under, request=request)
    made.reader = user  # whom “me” means
    return made


@lru_cache(maxsize=256)
def _narrowed(filterset: Any, names: frozenset[str]) -> Any:
    """The filters of some names alone; to copy all of them takes longer than to ask the database."""
    made = type(filterset)(filterset.__name__, (filterset,), {"__module__": filterset.__module__})
    kept = {name: each for name, each in filterset.base_filters.items() if names & names_of(name, each)}
    made.base_filters = kept
    return made


def names_of(name: str, filter_: Any) -> set[str]:
    """The names under which an address says a filter: its own, or those of its two ends."""
    return {name, *(f"{name}_{suffix}" for suffix in getattr(filter_.field.widget, "suffixes", ()))}


def is_lasting(process: Process, query: QueryDict) -> bool:
    """Whether the filters of an address mean the same rows of the database at every moment."""
    moments: frozenset[str] | None = getattr(process.filterset, "of_the_moment", None)
    return moments is not None and moments.isdisjoint(name for name in query if query.get(name))


def has_filters(process: Process, query: QueryDict) -> bool:
    """Whether an address narrows the list further than its tab."""
    said = {name for name in query if any(query.getlist(name))}
    return bool(process.filterset) and bool(said - NO_FILTERS)
