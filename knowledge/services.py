"""What is not a verb: finding what matches, votes and uses, where drafts come from, and gathering for a period."""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import log
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from core import clock, richtext
from knowledge.models import Article, Gram, Rhythm, Topic, Use, Vote, pieces
from people.actors import SYSTEM
from workflow.engine import perform
from workflow.models import Attachment, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from django.utils.safestring import SafeString

    from people.actors import Actor
    from people.models import User

logger = logging.getLogger(__name__)
FOUND = 5
_ASKED, _RAREST, _POSTINGS = 64, 12, 4000
_ENOUGH = 0.25
_MOST_PERIODS = 60
_HIDDEN = "×××"


# --- finding ----------------------------------------------------------------------------------------------------------
def matching(text: str, user: User, limit: int = FOUND) -> list[Article]:
    """Published articles that somebody may read and that have most in common with a text, the best first.

    Looked up by the rarest of the text's pairs of characters and words, so that the cost does not grow with the text.
    """
    ranked = _ranked(text)
    if not ranked:
        return []
    rows: Any = Article.objects.readable(user).filter(pk__in=ranked).select_related("current")
    found: dict[int, Article] = {article.pk: article for article in rows}
    return [found[pk] for pk in ranked if pk in found][:limit]


def _ranked(text: str) -> list[int]:
    """The keys of articles by how much of what they are found by is in the text, weighed by how rare it is."""
    asked = sorted(pieces(text), key=lambda token: (-len(token), token))[:_ASKED]
    counted = Gram.objects.filter(token__in=asked).values("token").annotate(number=Count("pk"))
    frequency = dict(counted.order_by().values_list("token", "number"))
    rare = sorted(frequency, key=lambda token: (frequency[token], token))[:_RAREST]
    if not rare:
        return []
    most = sum(_worth(frequency[token]) for token in rare)
    scores: dict[int, float] = defaultdict(float)
    shared: Counter[int] = Counter()
    for pk, token, weight in Gram.objects.filter(token__in=rare).values_list("article", "token", "weight")[:_POSTINGS]:
        scores[pk] += _worth(frequency[token]) * (1 + weight / 4)
        shared[pk] += 1
    least = min(2, len(rare))
    enough = [pk for pk, score in scores.items() if score >= most * _ENOUGH and shared[pk] >= least]
    return sorted(enough, key=lambda pk: (-scores[pk], -pk))[:50]


def _worth(frequency: int) -> float:
    return 1 / log(2 + frequency)


def found(asked: str) -> Q:
    """Articles that hold all that is looked for; or a part of whose title, or the beginning of whose number, it is."""
    hit = Q(number__startswith=asked.upper()) | Q(current__title__icontains=asked)
    wanted = sorted(pieces(asked))[:_RAREST]
    if wanted:
        grams = Gram.objects.filter(token__in=wanted).order_by().values("article").annotate(number=Count("token"))
        hit |= Q(pk__in=grams.filter(number=len(wanted)).values("article"))
    return hit


# --- reading ----------------------------------------------------------------------------------------------------------
def _in_house(pk: int) -> str:
    return reverse("desk:file", args=[pk])


def as_read(
    record: Record,
    text: str,
    address: Callable[[int], str] = _in_house,
    *,
    at: datetime | None = None,
    top: int = 2,
) -> SafeString:
    """A text as HTML; its pictures are the record's own. `at`: as they were then, whatever was attached later."""
    called = {name: address(row.pk) for name, row in pictures(record, text, at=at).items()}
    return richtext.html(text, called, top=top)


def pictures(record: Record, text: str, *, at: datetime | None = None) -> dict[str, Attachment]:
    """The pictures that a text calls, by their names; of several of one name the latest."""
    names = richtext.names_of_pictures(text) if "![" in text else set()
    if not names:
        return {}
    rows = Attachment.objects.filter(record=record.pk, name__in=names, content_type__startswith="image/")
    return {row.name: row for row in (rows.filter(added_at__lte=at) if at else rows).order_by("pk")}


# --- readers ----------------------------------------------------------------------------------------------------------
def vote(article: Article, user: User, *, useful: bool) -> None:
    """Say whether an article has helped; whoever said otherwise before has changed their mind."""
    Vote.objects.update_or_create(article=article, user=user, defaults={"useful": useful, "at": clock.now()})


def use(article: Article, record: Record, actor: Actor) -> bool:
    """Write down that somebody has used an article in the work on a record; False if it is known. Raises Refused."""
    user: Any = actor.user
    with transaction.atomic():
        text = gettext("Used: %(number)s %(title)s") % {"number": article.number, "title": article.title}
        if Use.objects.filter(article=article, record=record.pk).exists():
            return False
        entry = perform(record, "note", actor=actor, data={"text": text})
        _made, new = Use.objects.get_or_create(
            article=article, record_id=record.pk, defaults={"by": user, "at": entry.at}
        )
        return new


# --- where drafts come from -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Origin:
    """What a record offers for an article: `text` is matched with what is known, `draft` fills the form.

    There is no draft while there is nothing to write up yet.
    """

    text: str
    draft: Callable[[], dict[str, Any]] | None = None


_origins: dict[str, Callable[[Record], Origin]] = {}


def origin_of(kind: str) -> Callable[[Callable[[Record], Origin]], Callable[[Record], Origin]]:
    """Name the function that says what records of a process offer."""

    def register(function: Callable[[Record], Origin]) -> Callable[[Record], Origin]:
        _origins[kind] = function
        return function

    return register


def origin(record: Record) -> Origin | None:
    """What a record offers for an article; None for a process that offers nothing."""
    function = _origins.get(record.kind)
    return function(record) if function is not None else None


_PRIVATE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # mail
    r"|https?://[^\s，。；）)]+"
    r"|(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?!\d)"  # addresses of machines
    r"|(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"  # mobile numbers
    r"|(?<!\d)0\d{2,3}[ -]?\d{7,8}(?:[ -]?\d{1,6})?(?!\d)"
    r"|(?<!\d)\d{7,}X?(?![\dX])"  # whatever else has as many digits: numbers of persons, accounts, orders
)


def without_persons(text: str, names: Iterable[str] = (), addressed: str = "") -> str:
    """A text without numbers, addresses and the given names: what one customer told becomes knowledge for all.

    `addressed` is a pattern of how people are spoken of.
    """
    hidden = _PRIVATE.sub(_HIDDEN, text)
    if addressed:
        hidden = re.sub(addressed, _HIDDEN, hidden)
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
        hidden = re.sub(re.escape(name), _HIDDEN, hidden, flags=re.IGNORECASE)
    return hidden


# --- gathering for a period -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Span:
    """A period in days (from `begins` to before `ends`) and in moments."""

    begins: date
    ends: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it starts, and when it is over."""
        return _midnight(self.begins), _midnight(self.ends)

    @property
    def title(self) -> str:
        """Its days, as a title names them."""
        return f"{self.begins} – {self.ends - timedelta(days=1)}"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


_gatherers: dict[str, Callable[[Span], bool]] = {}


def gathers(purpose: str) -> Callable[[Callable[[Span], bool]], Callable[[Span], bool]]:
    """Name the function that gathers for a purpose; it answers whether there was anything to gather."""

    def register(function: Callable[[Span], bool]) -> Callable[[Span], bool]:
        _gatherers[purpose] = function
        return function

    return register


def gather_what_is_due() -> int:
    """Gather for every period that is over and has not been gathered for, late ones too; the number of records made.

    Whoever runs it twice, or two at once, gathers once: the rhythm's row is locked, and moves on with what is made.
    """
    made = 0
    for purpose in Rhythm.Purpose.values:
        try:
            made += _catch_up(purpose)
        except Exception:
            logger.exception("%s could not be gathered; it is tried again", purpose)
    return made


def _catch_up(purpose: str) -> int:
    made = 0
    for _period in range(_MOST_PERIODS):
        one = _next_period(purpose)
        if one is None:
            break
        made += one
    return made


def _next_period(purpose: str) -> int | None:
    """Gather for one period: 1 or 0 records; None if no period is over."""
    with transaction.atomic():
        rhythm = Rhythm.objects.select_for_update().filter(purpose=purpose, active=True).first()
        if rhythm is None or rhythm.next_end() > clock.local(clock.now()).date():
            return None
        span = Span(rhythm.done_until, rhythm.next_end())
        with override(settings.LANGUAGE_CODE):
            made = _gatherers[purpose](span)
        rhythm.done_until = span.ends
        rhythm.save()
        return int(made)


def clusters(titles: Sequence[tuple[int, int | None, str]]) -> list[list[int]]:
    """Keys that ask the same question, of (key, topic's key, title); what was asked most often comes first.

    Two titles of a topic ask the same if the shorter one shares most of its pairs of characters with the other.
    """
    known: dict[int | None, list[tuple[frozenset[str], list[int]]]] = defaultdict(list)
    for key, topic, title in titles:
        own = pieces(title)
        same = next((keys for head, keys in known[topic] if _alike(own, head)), None)
        if same is None:
            known[topic].append((own, [key]))
        else:
            same.append(key)
    found = [keys for groups in known.values() for _head, keys in groups]
    return sorted(found, key=lambda keys: (-len(keys), keys[0]))


_LEAST_SHARED, _MOSTLY = 3, 0.6


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= _LEAST_SHARED and shared >= _MOSTLY * min(len(one), len(other))


def topics_by_code() -> dict[str, Topic]:
    """The topics by their codes."""
    return {topic.code: topic for topic in Topic.objects.all()}


def perform_by_system(record: Record, verb: str, data: dict[str, Any]) -> Record:
    """An act of the system; returns the record as it is then."""
    return perform(record, verb, actor=SYSTEM, data=data).record
