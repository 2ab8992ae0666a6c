"""What the address of a list may say, and in which one form it is kept; whatever it does not know is dropped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from lists import presets
from lists.columns import PLAIN
from lists.rows import names_of, table_class
from workflow import registry

if TYPE_CHECKING:
    from people.models import User
    from workflow.registry import Process

LONGEST = 1000
"""Characters of what is kept of an address."""
_LONGEST_GIVEN = 4 * LONGEST
OUTSIDE = frozenset({"view", "page", "filters"})
"""What an address says of the visit, and not of how the list stands."""


@cache
def filter_names(kind: str) -> frozenset[str]:
    """The names under which the filters of a process's list are told."""
    filterset = registry.get(kind).filterset
    names: set[str] = set()
    for name, each in (filterset.base_filters if filterset else {}).items():
        names |= names_of(name, each)
    return frozenset(names)


def parsed(text: str) -> QueryDict:
    """An address's query as it came in a form or from the database; what is longer than any is cut."""
    return QueryDict(text.removeprefix("?")[:_LONGEST_GIVEN])


def canonical(process: Process, user: User, query: QueryDict) -> str:
    """Tab, filters and order of an address, always in the same order. Raises ValidationError if they are too long."""
    show, sort = query.get("show", ""), query.get("sort", "")
    table = table_class(process)(PLAIN, sort)
    said = [("show", show if presets.is_known(process, user, show) else presets.presets(process, user)[0].code)]
    names = sorted(filter_names(process.kind))
    said += [(name, value) for name in names for value in dict.fromkeys(query.getlist(name)) if value.strip()]
    if sort == table.asked and sort != table.order:
        said.append(("sort", sort))
    text = urlencode(said)
    if len(text) > LONGEST:
        raise ValidationError(_("These filters are too long to be kept."))
    return text


def columns(process: Process, given: str) -> str:
    """The codes of columns that a list can show, separated by commas; empty for the usual ones."""
    table = table_class(process)(PLAIN)
    known = [code for code in dict.fromkeys(given.split(",")) if code in table.offered]
    shown = [column.code for column in table_class(process)(PLAIN, chosen=known).shown]
    return "" if not known or shown == [column.code for column in table.usual] else ",".join(shown)


def stands(process: Process, user: User, query: QueryDict) -> tuple[str, str]:
    """How an address has the list stand: tab, filters and order, and columns. Raises ValidationError."""
    return canonical(process, user, query), columns(process, query.get("columns", ""))
