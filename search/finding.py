"""Asking the index, with the rights of whoever asks; what is asked of it is bounded, however much there is.

Of each group a hundred hits are counted, and the newest hundred are ordered: those whose heading says it come first.
The newest things are looked through before all of them, so that a common word costs no more than a rare one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from core.prepared import fetch
from core.text import digits
from search.asking import Asked, Condition
from search.customers import CONTACT
from search.grams import plain
from search.models import NEAR, Document
from search.sources import Source, sources
from search.statement import Bounds, Question, Rights, ask, where
from workflow.models.record import open_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import QuerySet

    from people.models import User
    from search.statement import Hit

COUNTED = 100
"""Hits of a group are counted so far and no further."""
ORDERED = 100
"""Of a group's newest hits so many are put into order and can be looked at."""
_PLACES = 16
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
    hits = _hits(user, asked, wanted)
    groups = [_group(source, hits[source.kind], asked) for source in wanted if hits[source.kind]]
    groups.sort(key=lambda group: group.rank > 0)
    read = [group for group in groups if within in {"", group.source.kind}]
    _fetch(read, slice((page - 1) * shown, page * shown))
    return Found(asked, groups)


def matching(user: User, asked: Asked, kinds: Iterable[str]) -> QuerySet[Document]:
    """The rows of some kinds that a person may see, as a query to be used within another; none for no question."""
    wanted = set(kinds)
    found = Q(pk__in=())
    for source in sources() if not asked.empty else ():
        if source.kind in wanted:
            sql, params = where(Question(source.kind, _condition(user, asked, source)))
            seen = Q(**{f"{source.owner}__in": source.seen(user).order_by().values("pk")})
            found |= Q(kind=source.kind) & seen & Q(RawSQL(f"({sql})", params, BooleanField()))  # noqa: S611 - its own words
    return Document.objects.filter(found)


def saying(kind: str, asked: Asked) -> QuerySet[Document]:
    """The rows of a kind that say something, whoever asks: for lists that are narrowed by rights already."""
    if asked.empty:
        return Document.objects.none()
    sql, params = where(Question(kind, Condition(asked.terms, initials=False, public=False)))
    return Document.objects.filter(Q(RawSQL(f"({sql})", params, BooleanField())), kind=kind)  # noqa: S611 - its own words


def _condition(user: User, asked: Asked, source: Source) -> Condition:
    return Condition(asked.terms, initials=source.initials, public=user.is_customer)


def _rights(user: User, source: Source) -> Rights | None:
    """Which rows of a kind a person may see; None for all. Raises EmptyResultSet for none."""
    seen = source.seen(user)
    if not seen.query.where:
        return None  # whoever sees all of them need not be asked of each
    sql, params = seen.order_by().values("pk").query.sql_with_params()
    return Rights(f" AND {source.owner}_id IN ({sql})", params)


def _hits(user: User, asked: Asked, wanted: Sequence[Source]) -> dict[str, list[Hit]]:
    """The newest hits of each kind."""
    questions: list[Question] = []
    known: dict[Any, Rights | None] = {}
    whole = set(open_kinds(user))
    for source in wanted:
        try:
            if source.kind not in whole and source.seen not in known:
                known[source.seen] = _rights(user, source)
        except EmptyResultSet:
            continue
        rights = None if source.kind in whole else known[source.seen]  # of what is seen whole, nobody asks of each
        texts = source.kind == CONTACT and bool(_number(asked))
        questions.append(Question(source.kind, _condition(user, asked, source), rights, texts))
    found: dict[str, list[Hit]] = defaultdict(list)
    for hit in ask(questions, Bounds(NEAR, COUNTED, ORDERED)) if questions else ():
        found[hit.kind].append(hit)
    return found


def _group(source: Source, hits: Sequence[Hit], asked: Asked) -> Group:
    """The hits of a kind, those first whose heading says it."""
    ranks = {hit.pk: _rank(hit, asked) for hit in hits}
    keys = sorted((hit.pk for hit in hits), key=ranks.__getitem__)
    return Group(source, hits[0].total, keys, ranks[keys[0]], alone=list(ranks.values()).count(0) == 1)


def _fetch(groups: Sequence[Group], window: slice) -> None:
    """Read what the hits of a page show; one query for all groups."""
    keys = [pk for group in groups for pk in group.keys[window]]
    owners = tuple(sorted({group.source.owner for group in groups}))
    # So many places that few statements serve all numbers of hits; no row has the key that fills the rest.
    places = -(-len(keys) // _PLACES) * _PLACES
    found = fetch(("hits", owners, places), _shown(owners), *keys, *[-1] * (places - len(keys)))
    known = {document.pk: document for document in found}
    for group in groups:
        group.hits = [known[pk] for pk in group.keys[window] if pk in known]


def _shown(owners: Sequence[str]) -> Callable[..., QuerySet[Document]]:
    related = [way for owner in owners for way in _SHOWN_WITH[owner]]

    def rows(*keys: str | int) -> QuerySet[Document]:
        hits = Document.objects.filter(pk__in=keys)
        return hits.defer("folded", "public", "pieces").select_related(*related)

    return rows


def _number(asked: Asked) -> str:
    """The telephone number that was typed; nothing if it was none."""
    typed = digits(asked.said)
    return typed if len(typed) >= _A_WHOLE_NUMBER else ""


def _rank(hit: Hit, asked: Asked) -> int:
    """0 for just what was asked for (a record's number, a telephone number), 1 for a heading that says it, 2."""
    compared, number = plain(hit.heading), _number(asked)
    whole = " ".join(asked.terms)
    if compared == whole or (compared.startswith(f"{whole} ") and "-" in whole):
        return 0
    # Of what a thing says beside its heading only telephone numbers count here.
    if number and number in map(digits, hit.text.split("\n")):
        return 0
    return 1 if all(term in compared for term in asked.terms) else 2
