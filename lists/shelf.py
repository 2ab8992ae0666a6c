"""The views that a person has at hand, and how a list stands by the address that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from core.held import Held
from lists import addresses
from lists.models import Habit, SavedView

if TYPE_CHECKING:
    from django.http import QueryDict

    from people.models import User
    from workflow.registry import Process

SHARERS = (
    *("training_lead", "upgrade_lead", "department_head", "service_director", "sales_director"),
    *("vice_president", "system_admin"),
)
"""Who may share a view: those who lead people. Whatever they share, everybody sees under it what they may see."""
ON_BAR = 8
"""So many views stand beside the tabs; the others are a page further."""


def may_share(user: User) -> bool:
    """Whether a person may share views with others."""
    return user.is_superuser or user.has_role(*SHARERS)


@dataclass(frozen=True)
class Shelf:
    """The views of one process's list that a person may use, in the person's own order, and the person's habits."""

    views: tuple[SavedView, ...] = ()
    columns: str = ""
    opens_with: int | None = None
    aside: frozenset[int] = frozenset()

    @property
    def bar(self) -> list[SavedView]:
        """Those beside the tabs."""
        return [view for view in self.views if view.pk not in self.aside][:ON_BAR]

    def get(self, key: int | str | None) -> SavedView | None:
        """The view of a key, if the person may use it."""
        return next((view for view in self.views if str(view.pk) == str(key)), None)


_KNOWN: Held[dict[Any, Shelf]] = Held(dict, SavedView, Habit)
"""What was read since anything was last changed, by person and process."""


def shelf_of(process: Process, user: User) -> Shelf:
    """A person's views of a process's list; read when something of them has changed, and known otherwise."""
    known, key = _KNOWN.now(), (user.pk, user.department_id, process.kind)
    if key not in known:
        known[key] = _read(process, user)
    return known[key]


def _read(process: Process, user: User) -> Shelf:
    views: list[SavedView] = list(SavedView.objects.for_reader(user).filter(kind=process.kind))
    habit = Habit.objects.filter(user=user, kind=process.kind).first() or Habit()
    places = {key: place for place, key in enumerate(habit.bar)}
    # One's own stand before those of others, where nothing else was chosen.
    views.sort(key=lambda view: (places.get(view.pk, len(places)), view.owner_id != user.pk, view.name, view.pk))
    return Shelf(tuple(views), habit.columns, habit.opens_with_id, frozenset(habit.aside))


@dataclass(frozen=True)
class Stand:
    """How a list stands. `query` says it in full, `view` is the one it comes from; `lost` one that is not to be had."""

    query: QueryDict
    view: SavedView | None = None
    changed: bool = False
    lost: bool = False
    columns: tuple[str, ...] = ()


def stand(process: Process, user: User, asked: QueryDict) -> Stand:
    """How the list of a process stands by an address, for a person.

    A view's own filters are filled in where the address says nothing but the view's key; where it says more, it is the
    view changed. Without either the person's own choice of a view is opened.
    """
    shelf = shelf_of(process, user)
    explicit = any(asked.get(name) for name in asked if name not in addresses.OUTSIDE)
    named = asked.get("view", "")
    view = shelf.get(named or (None if explicit else shelf.opens_with))
    query = asked if view is None or explicit else _filled(view, asked)
    columns = addresses.columns(process, query.get("columns", "")) or (shelf.columns if view is None else "")
    chosen = tuple(columns.split(",")) if columns else ()
    changed = view is not None and explicit and _differs(process, user, view, query)
    return Stand(query, view, changed, lost=bool(named) and view is None, columns=chosen)


def _filled(view: SavedView, asked: QueryDict) -> QueryDict:
    query = addresses.parsed(view.query).copy()
    query["view"] = str(view.pk)
    if view.columns:
        query["columns"] = view.columns
    for name in ("page", "filters"):
        if given := asked.get(name):
            query[name] = str(given)
    return query


def _differs(process: Process, user: User, view: SavedView, query: QueryDict) -> bool:
    try:
        return addresses.stands(process, user, query) != (view.query, view.columns)
    except ValidationError:
        return True
