"""The records that a customer's contact may see, found and paged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404

from core.text import clean_line
from portal.faces import badge, face_of, faced
from search import asking
from search.attachments import ATTACHMENT
from search.finding import matching
from workflow import registry
from workflow.models import Record

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict
    from django.utils.safestring import SafeString

    from people.models import User

PAGE = 20
_LONGEST = 100


def seen_by(user: User) -> QuerySet[Record]:
    """The records of all processes that show themselves, as far as they are the visitor's organisation's."""
    return Record.objects.for_actor(user).filter(kind__in=[process.kind for process in faced()])


def record_or_404(user: User, number: str) -> Any:
    """A record by its number, as its process's model. Raises Http404 for what is not there or not the visitor's."""
    kind = seen_by(user).filter(number=number).values_list("kind", flat=True).first()
    if kind is None:
        raise Http404
    process = registry.get(kind)
    rows: Any = process.model._default_manager
    related = {"customer", "handler", *process.portal.related}
    return rows.for_actor(user).select_related(*sorted(related)).get(number=number)


@dataclass(frozen=True)
class Row:
    """A record as the list shows it."""

    record: Record

    @property
    def badge(self) -> SafeString:
        """The state."""
        return badge(self.record)

    @property
    def yours(self) -> bool:
        """Whether it is the customer's turn."""
        return face_of(self.record).standings[self.record.state].yours


@dataclass(frozen=True)
class Page:
    """One page of the list."""

    number: int
    rows: list[Row]
    total: int
    params: dict[str, str]

    @property
    def total_words(self) -> str:
        """How many there are in all."""
        return f"{self.total:,}"

    @property
    def first(self) -> int:
        """The position of the first row."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def previous_url(self) -> str:
        """The address of the page before."""
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        """The address of the page after."""
        return self._address(self.number + 1) if self.last < self.total else ""

    def _address(self, number: int) -> str:
        return "?" + urlencode({**{k: v for k, v in self.params.items() if v}, "page": number})


def asked(query: QueryDict) -> str:
    """What is looked for."""
    return clean_line(query.get("q", ""))[:_LONGEST]


def listed(user: User, query: QueryDict, *, everything: bool) -> Page:
    """The page that the address asks for, newest first; an impossible page number is the nearest possible one.

    A search looks through everything: who has a number in hand does not know whether it is still open. It finds what
    the customer reads on an issue's own page, in its public attachments too, and nothing else.
    """
    rows, text = seen_by(user), asked(query)
    if text:
        kinds = [*(process.kind for process in faced()), ATTACHMENT]
        rows = rows.filter(pk__in=matching(user, asking.asked(text), kinds).values("record_id"))
    elif not everything:
        rows = rows.filter(is_open=True)
    total = rows.count()
    last = max(1, -(-total // PAGE))
    given = query.get("page", "1")
    number = min(max(int(given), 1), last) if given.isascii() and given.isdigit() and len(given) < 7 else 1  # noqa: PLR2004 - more pages than there are
    found = rows.order_by("-pk")[(number - 1) * PAGE : number * PAGE]
    params = {"show": "all" if everything else "", "q": text}
    return Page(number, [Row(record) for record in found], total, params)
