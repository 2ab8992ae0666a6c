"""How a process says what is counted of it, by what it is divided, and which dashboards its people have.

Nothing here asks the database; `counting.py` does. What a measure, a dimension or a scope puts into an address are the
process's own list filters: what a number counts, the list behind it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from customers.models import Organisation
from people.models import Role, User

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Expression, Model, QuerySet
    from django.utils.functional import Promise

    Label = str | Promise

Names = Callable[[Collection[str]], "list[QuerySet[Any, Any]]"]
"""Given keys, the queries that name them: rows of key, Chinese, English and position."""
Asking = Callable[[str], dict[str, str]]


@dataclass(frozen=True)
class Source:
    """Rows that are counted together. `several` says that one record can have more than one of them.

    `moment` is the path of the time by which a row falls into a period; without it, the rows are what is there now.
    """

    code: str
    moment: str = ""
    where: Callable[[datetime], Q] = lambda now: Q()  # noqa: ARG005 - all of them, whenever
    several: bool = False


@dataclass(frozen=True)
class Measure:
    """A number of records: those rows of its source for which `when` holds.

    `preset`, `days` (the stem of the filters for the first and the last day) and `also` are what the list is asked for.
    `tone` is its colour in a chart.
    """

    code: str
    label: Label
    source: Source
    when: Callable[[datetime], Q] | None = None
    preset: str = "all"
    days: str = ""
    also: Mapping[str, str] = field(default_factory=dict)
    tone: str = "new"


@dataclass(frozen=True)
class Dimension:
    """By what records are divided. `path` leads from the record to the key of a share.

    `names` finds the words for keys; `words` gives them where they are no rows. `many` are too many to be shown all:
    the largest come first. `none` are the words for records without one.
    """

    code: str
    label: Label
    path: str | Expression
    names: Names | None = None
    words: Callable[[str], str] | None = None
    many: bool = False
    none: Label = "–"
    asks: Asking | None = None

    @property
    def expression(self) -> Expression | F:
        """The path as something to be selected."""
        return F(self.path) if isinstance(self.path, str) else self.path

    def asked(self, key: str | None) -> dict[str, str]:
        """What the list is asked for to show one share."""
        if self.asks is not None and key is not None:
            return self.asks(key)
        return {self.code: "null" if key is None else key}


@dataclass(frozen=True)
class Scope:
    """Whose records: a condition, and the list's filters that say the same."""

    label: Label
    where: Callable[[User], Q] = lambda user: Q()  # noqa: ARG005 - all that somebody may see
    asks: Callable[[User], dict[str, str]] = lambda user: {}  # noqa: ARG005


@dataclass(frozen=True)
class Board:
    """A dashboard: for whom (`roles`; for everybody without any), whose records, and by which dimensions at first."""

    code: str
    label: Label
    scope: Scope
    by: tuple[str, ...]
    roles: tuple[str, ...] = ()

    def is_for(self, user: User) -> bool:
        """Whether it is one of the person's dashboards."""
        return not self.roles or user.has_role(*self.roles)


@dataclass(frozen=True)
class Table:
    """Measures that are divided by one dimension alone: a table of its own, whatever else the board is divided by."""

    code: str
    label: Label
    measures: tuple[Measure, ...]
    dimension: Dimension


@dataclass(frozen=True)
class Words:
    """What a dashboard calls its share, and the charts of what was kept and missed, of the flow, and of what waits.

    `rate` is the share as a column of a table says it, in a word or two.
    """

    share: Label
    rate: Label
    outcome: Label
    flow: Label
    waits: Label


@dataclass(frozen=True)
class Reports:
    """What a process's manifest says of its numbers.

    `trend` are the measures that are followed over months, `waits` those of who waits for whom, divided by `waiting`.
    `share` names two measures of which the first is shown as a share of both. `tables` stand beside all that.
    """

    measures: tuple[Measure, ...]
    dimensions: tuple[Dimension, ...]
    boards: tuple[Board, ...]
    trend: tuple[str, ...]
    share: tuple[str, str]
    waits: tuple[Measure, ...]
    waiting: Dimension
    words: Words
    tables: tuple[Table, ...] = ()

    def measure(self, code: str) -> Measure:
        """The measure of a code. Raises StopIteration if there is none."""
        return next(each for each in self.measures if each.code == code)


def _key() -> Cast:
    return Cast("pk", CharField())


def terms(model: type[Model]) -> Names:
    """The words of a vocabulary, in its order."""
    return lambda _keys: [model._default_manager.order_by().values_list(_key(), "name_zh", "name_en", "position")]


def _people(keys: Collection[str]) -> QuerySet[Any, Any]:
    name = Coalesce(NullIf("display_name", Value("")), "username")
    return User.objects.filter(pk__in=keys).order_by().values_list(_key(), name, name, Value(0))


def people(keys: Collection[str]) -> list[QuerySet[Any, Any]]:
    """The names of people."""
    return [_people(keys)]


def customers(keys: Collection[str]) -> list[QuerySet[Any, Any]]:
    """The names of customers."""
    name = Coalesce(NullIf("short_name", Value("")), "name")
    return [Organisation.objects.filter(pk__in=keys).order_by().values_list(_key(), name, name, Value(0))]


def people_and_roles(keys: Collection[str]) -> list[QuerySet[Any, Any]]:
    """The names of people (by their keys) and of roles (by their codes)."""
    roles = Role.objects.order_by().values_list("code", "name_zh", "name_en", Value(0))
    return [_people([key for key in keys if key.isdigit()]), roles]
