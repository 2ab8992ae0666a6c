"""Asking the index, with the rights of whoever asks; what is asked of it is bounded, however much there is.

Of each group the newest thousand hits are counted and the newest hundred are ordered: those whose heading says it come
first. The newest things are looked through before all of them, so that a common word costs no more than a rare one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Value

from core.text import digits
from search.asking import Asked, Condition
from search.customers import CONTACT
from search.grams import plain
from search.models import NEAR, Document, mark_of, reach_of
from search.sources import Source, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from people.models import User

COUNTED = 1000
"""Hits of a group are counted so far and no further."""
ORDERED = 100
"""Of a group's newest hits so many are put into order and can be looked at."""
_A_WHOLE_NUMBER = 7
"""Digits of the shortest telephone number that is called as it stands."""


_SHOWN_WITH = {
    "record": ("record__customer", "record__handler"),
    "organisation": ("organisation__region", "organisation__account_manager"),
}
"""By whose rights a thing goes, and which rows are read together with it."""


@dataclass
class Group:
    """The hits of one kind: how many there are (one more than COUNTED for more), the best of them in order."""

    source: Source
    total: int
    keys: list[int]
    rank: int = 2
    alone: bool = False
    """Whether just one of them is what was asked for."""
    hits: list[Document] = field(default_factory=list)

    @property
    def total_words(self) -> str:
        """How many there are, as far as they are counted."""
        return f"{COUNTED:,}+" if self.total > COUNTED else f"{self.total:,}"


@dataclass(frozen=True)
class Found:
    """What was found for a question: the groups that have hits, the one that meets it exactly before the others."""

    asked: Asked
    groups: list[Group]

    @property
    def total(self) -> int:
        """All hits, as far as they are counted."""
        return sum(group.total for group in self.groups)


def find(user: User, asked: Asked, *, within: str = "", shown: int = 8, page: int = 1) -> Found:
    """Look for everything that the person may see; each group (or that of one kind) gets its hits of one page."""
    wanted = sources()
    if asked.empty or not wanted:
        return Found(asked, [])
    newest = _newest(user, asked, wanted)
    groups = [Group(source, len(newest[source.kind]), newest[source.kind]) for source in wanted if newest[source.kind]]
    _order(groups, asked)
    read = [group for group in groups if within in {"", group.source.kind}]
    _fetch(read, slice((page - 1) * shown, page * shown))
    return Found(asked, groups)


def matching(user: User, asked: Asked, kinds: Iterable[str]) -> QuerySet[Document]:
    """The rows of some kinds that a person may see, as a query to be used within another; none for no question."""
    found = Document.objects.none()
    for source in sources():
        if source.kind in set(kinds) and not asked.empty:
            rows = _rows(user, source).filter(_condition(user, asked, source).among(mark_of(source.kind)))
            found = found | rows
    return found


def _condition(user: User, asked: Asked, source: Source) -> Condition:
    return Condition(asked.terms, initials=source.initials, public=user.is_customer)


def _rows(user: User, source: Source) -> QuerySet[Document]:
    rows = Document.objects.filter(kind=source.kind)
    seen = source.seen(user)
    if not seen.query.where:
        return rows  # whoever sees all of them need not be asked of each
    return rows.filter(**{f"{source.owner}__in": seen.order_by().values("pk")})


def _newest(user: User, asked: Asked, wanted: Sequence[Source]) -> dict[str, list[int]]:
    """The keys of the newest hits of each kind, the newest first; one more than are counted, if there are more."""
    found: dict[str, list[int]] = defaultdict(list)
    conditions = {source.kind: (_rows(user, source), _condition(user, asked, source)) for source in wanted}
    reaches = _reaches(wanted)
    near = {kind: marks for kind, marks in reaches.items() if marks}
    found |= _ask({kind: conditions[kind][0].filter(conditions[kind][1].among(*near[kind])) for kind in near})
    rest = [kind for kind in conditions if len(found[kind]) <= COUNTED]
    found |= _ask({kind: conditions[kind][0].filter(conditions[kind][1].among(mark_of(kind))) for kind in rest})
    return found


def _reaches(wanted: Sequence[Source]) -> dict[str, tuple[str, ...]]:
    """The marks of the newest things of each kind; nothing for kinds of which there are few."""
    table = connection.ops.quote_name(Document._meta.db_table)
    newest = f"(SELECT MAX(subject) FROM {table} WHERE kind = %s)"  # noqa: S608 - our own name
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join([newest] * len(wanted)), [source.kind for source in wanted])
        found = cursor.fetchone()
    marks: dict[str, tuple[str, ...]] = {}
    for source, last in zip(wanted, found, strict=True):
        many = last is not None and last >= 2 * NEAR
        marks[source.kind] = (reach_of(source.kind, last), reach_of(source.kind, last - NEAR)) if many else ()
    return marks


def _ask(questions: dict[str, QuerySet[Document]]) -> dict[str, list[int]]:
    """Put several questions in one statement; for each kind its newest keys."""
    parts: list[str] = []
    values: list[Any] = []
    for rows in questions.values():
        newest: Any = rows.order_by("-subject").values_list("kind", "subject", "pk")[: COUNTED + 1]
        try:
            sql, params = newest.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({sql}) part{len(parts)}")  # noqa: S608 - worked out by the ORM
        values.extend(params)
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            for kind, subject, pk in cursor.fetchall():
                found[kind].append((subject, pk))
    return {kind: [pk for _subject, pk in sorted(rows, reverse=True)] for kind, rows in found.items()}


def _order(groups: list[Group], asked: Asked) -> None:
    """Put the hits whose heading says it first, and a group first of which one is just what was asked for."""
    first = {pk for group in groups for pk in group.keys[:ORDERED]}
    number = digits(asked.said) if len(digits(asked.said)) >= _A_WHOLE_NUMBER else ""
    # Of what a thing says beside its heading only telephone numbers count here; long texts are not fetched for nothing.
    text = F("text") if number else Value("")
    rows = Document.objects.filter(pk__in=first).annotate(said=text).values_list("pk", "kind", "heading", "said")
    headings = {pk: _rank(heading, said if kind == CONTACT else "", asked, number) for pk, kind, heading, said in rows}
    for group in groups:
        group.keys = sorted(group.keys[:ORDERED], key=lambda pk: headings.get(pk, 2))
        ranks = [headings.get(pk, 2) for pk in group.keys]
        group.rank, group.alone = ranks[0], ranks.count(0) == 1
    groups.sort(key=lambda group: group.rank > 0)


def _fetch(groups: Sequence[Group], window: slice) -> None:
    """Read what the hits of a page show; one query for all groups."""
    keys = [pk for group in groups for pk in group.keys[window]]
    related = [way for owner in {group.source.owner for group in groups} for way in _SHOWN_WITH[owner]]
    found = Document.objects.filter(pk__in=keys).defer("folded", "public", "pieces").select_related(*related)
    known = {document.pk: document for document in found}
    for group in groups:
        group.hits = [known[pk] for pk in group.keys[window] if pk in known]


def _rank(heading: str, text: str, asked: Asked, number: str) -> int:
    """0 for just what was asked for (a record's number, a telephone number), 1 for a heading that says it, 2."""
    compared = plain(heading)
    whole = " ".join(asked.terms)
    if compared == whole or (compared.startswith(f"{whole} ") and "-" in whole):
        return 0
    if number and number in map(digits, text.split("\n")):
        return 0
    return 1 if all(term in compared for term in asked.terms) else 2
