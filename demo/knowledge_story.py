"""The knowledge base's year: articles made of solved tickets, read, judged and used; digests and summaries done."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core import clock
from demo.sources import read
from demo.texts import say
from knowledge import services
from knowledge.models import Article, Audience, Digest, Rhythm, Summary, pieces
from knowledge.models import Topic as KnowledgeTopic
from people.actors import Actor
from tickets.flow import State
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from demo.stage import Stage
    from demo.world import World
    from people.models import User

_BEGINS = timedelta(days=330)
_BETWEEN = (5, 11)
_LOOKED_AT = 120
_MONTHS = 3
_TYPES = ("technical", "application")
_ALIKE = 0.5


class KnowledgeStory:
    """What specialists and engineers write down beside their work."""

    def __init__(self, stage: Stage, world: World, seed: int) -> None:
        self.stage, self.world = stage, world
        self.rng = Random(f"{seed} knowledge")
        self._written: list[frozenset[str]] = []

    def enter(self) -> None:
        """Have it happen among the tickets."""
        self.stage.enter(self.world.end - _BEGINS, self._write_now_and_then())
        first = _month_before(self.world.end, _MONTHS)
        Rhythm.objects.update(done_until=clock.local(first).date())
        self.stage.enter(first, self._gather_every_month())

    # --- articles -------------------------------------------------------------------------------------------------
    def _write_now_and_then(self) -> Iterator[datetime]:
        at = self.world.office(self.world.end - _BEGINS, self.rng)
        while at < self.world.end:
            yield at
            if (ticket := self._worth_telling()) is not None:
                self.stage.enter(at, self._article(ticket, at, Random(f"{ticket.number} article")))
            days = self.rng.uniform(*_BETWEEN)
            at = self.world.office(at + timedelta(days=days), self.rng)

    def _worth_telling(self) -> Ticket | None:
        """One of the tickets that were closed last and ask something new."""
        closed = Ticket.objects.filter(state=State.CLOSED, issue_type__code__in=_TYPES).exclude(method="")
        rows: Any = closed.order_by("-resolved_at", "-pk").select_related("handler", "issue_type", "subtype")[
            :_LOOKED_AT
        ]
        ticket: Ticket
        for ticket in rows:
            own = pieces(ticket.title)
            if all(len(own & other) < _ALIKE * min(len(own), len(other)) for other in self._written):
                self._written.append(own)
                return ticket
        return None

    def _article(self, ticket: Ticket, at: datetime, rng: Random) -> Iterator[datetime]:
        author = self._person(ticket.handler_id) or self.world.cast.someone("customer_specialist", rng)
        article: Any = self._do(Article(), "write", author, at, **self._draft(ticket, rng))
        at = yield from self._later(at, rng, 2, 30)
        article = self._do(article, "submit", author, at)
        at = yield from self._later(at, rng, 3, 70)
        reviewer = self._reviewer(article, at, rng)
        if rng.random() < 0.2:  # noqa: PLR2004 - every fifth comes back once
            article = self._do(article, "send_back", reviewer, at, reason=say("article_back", rng))
            at = yield from self._later(at, rng, 3, 40)
            body = f"{article.body}\n\n> {say('article_hint', rng)}"
            article = self._do(article, "edit", author, at, body=body)
            article = self._do(article, "submit", author, at)
            at = yield from self._later(at, rng, 2, 20)
            reviewer = self._reviewer(article, at, rng)
        article = self._do(article, "approve", reviewer, at)
        at = yield from self._later(at, rng, 1, 24)
        article = self._do(article, "publish", self.world.cast.someone("customer_specialist", rng), at)
        self.stage.enter(at, self._read(article, at, rng))
        if rng.random() < 0.25:  # noqa: PLR2004 - every fourth is revised after a while
            at = yield from self._later(at, rng, 400, 2000)
            yield from self._revise(article, author, at, rng)

    def _revise(self, article: Any, author: User, at: datetime, rng: Random) -> Iterator[datetime]:
        if rng.random() < 0.2:  # noqa: PLR2004 - some are not true any more
            specialist = self.world.cast.someone("customer_specialist", rng)
            self._do(article, "retire", specialist, at, reason=say("article_retired", rng))
            return
        article = self._do(article, "revise", author, at, reason=say("article_revised", rng))
        at = yield from self._later(at, rng, 2, 60)
        article = self._do(article, "edit", author, at, body=f"{article.body}\n\n> {say('article_hint', rng)}")
        article = self._do(article, "submit", author, at)
        at = yield from self._later(at, rng, 2, 90)
        article = self._do(article, "approve", self._reviewer(article, at, rng), at)
        self._do(article, "publish", self.world.cast.someone("customer_specialist", rng), at)

    def _draft(self, ticket: Ticket, rng: Random) -> dict[str, Any]:
        origin = services.origin(ticket)
        draft = origin.draft() if origin is not None and origin.draft is not None else {}
        for phrase in _phrases():
            draft["body"] = draft["body"].replace(phrase, "")
        topic: KnowledgeTopic | None = draft["topic"]
        words = [word for word in (*read("words")["module"], *read("words")["tool"]) if word in ticket.title]
        draft["topic"] = topic.pk if topic is not None else KnowledgeTopic.objects.get(code="other").pk
        draft["tags"] = ", ".join(words[:3])
        draft["audience"] = Audience.CUSTOMERS if rng.random() < 0.6 else Audience.STAFF  # noqa: PLR2004 - most are for all
        return draft

    def _read(self, article: Any, at: datetime, rng: Random) -> Iterator[datetime]:
        """Colleagues and customers judge it, and colleagues use it in their work."""
        cast = self.world.cast
        readers = [user for user in cast.by_login.values() if not user.is_customer]
        readers += [u for u in cast.by_login.values() if u.is_customer and article.audience == Audience.CUSTOMERS]
        for reader in rng.sample(readers, min(len(readers), rng.randint(0, 9))):
            at = yield from self._later(at, rng, 5, 200)
            services.vote(article, reader, useful=rng.random() < 0.85)  # noqa: PLR2004 - most help
        for _use in range(rng.randint(0, 3)):
            at = yield from self._later(at, rng, 20, 400)
            ticket = Ticket.objects.filter(is_open=True, subtype__code=article.topic.code).order_by("-pk").first()
            if ticket is not None and (handler := self._person(ticket.handler_id)) is not None:
                self.stage.acts += services.use(article, ticket, Actor(handler, channel="demo"))

    # --- what is gathered -----------------------------------------------------------------------------------------
    def _gather_every_month(self) -> Iterator[datetime]:
        for back in range(_MONTHS - 1, -1, -1):
            at = _month_before(self.world.end, back) + timedelta(minutes=15)
            yield at
            services.gather_what_is_due()
            for model, work in ((Digest, self._work_off), (Summary, self._sum_up)):
                if (made := model.objects.filter(is_open=True, specialist=None).order_by("pk").first()) is not None:
                    self.stage.notice(made)
                    self.stage.enter(at, work(made, at))

    def _work_off(self, digest: Any, at: datetime) -> Iterator[datetime]:
        rng = Random(f"{digest.number} digest")
        specialist = self.world.cast.someone("customer_specialist", rng)
        at = yield from self._later(at, rng, 20, 80)
        digest = self._do(digest, "take", specialist, at)
        at = yield from self._later(at, rng, 30, 150)
        self._do(digest, "finish", specialist, at, made=say("digest_made", rng))

    def _sum_up(self, summary: Any, at: datetime) -> Iterator[datetime]:
        rng = Random(f"{summary.number} summary")
        specialist = self.world.cast.someone("customer_specialist", rng)
        at = yield from self._later(at, rng, 20, 80)
        summary = self._do(summary, "take", specialist, at)
        at = yield from self._later(at, rng, 30, 150)
        text = f"{summary.text.rstrip().removesuffix('-').rstrip()}\n\n{say('summary_words', rng)}"
        summary = self._do(summary, "summarise", specialist, at, text=text)
        self._do(summary, "finish", specialist, at)

    # --- the tools of telling -------------------------------------------------------------------------------------
    def _later(self, at: datetime, rng: Random, low: float, high: float) -> Generator[datetime, None, datetime]:
        """So and so many hours later, when people work; also the answer of `yield from`."""
        then = self.world.office(at + timedelta(hours=rng.uniform(low, high)), rng)
        yield then
        return then

    def _do(self, record: Any, verb: str, who: User, at: datetime, **data: Any) -> Any:
        return self.stage.perform(record, verb, self.world.cast.actor(who, at), data)

    def _person(self, key: int | None) -> User | None:
        return self.world.cast.by_id.get(key or 0)

    def _reviewer(self, article: Any, at: datetime, rng: Random) -> User:
        """Somebody who has not written it, and for whom nobody stands in who has."""
        by, cast = article.verbs["approve"].by, self.world.cast
        acting = {user: cast.actor(user, at).user or user for user in cast.holding("customer_specialist")}
        free = [user for user, who in acting.items() if by.includes(user, article) and by.includes(who, article)]
        return rng.choice(free or cast.holding("service_director"))


def _phrases() -> list[str]:
    """What a report begins and ends with, and knowledge does not."""
    bank = read("talk")
    spoken = [phrase for group in bank["opener"].values() for phrase in group]
    return [phrase for phrase in (*spoken, *bank["closing"], *bank["hurry"]) if phrase]


def _month_before(end: datetime, back: int) -> datetime:
    """The first moment of the month that lies so many months before the one of the end."""
    day = clock.local(end).date().replace(day=1)
    for _month in range(back):
        day = (day - timedelta(days=1)).replace(day=1)
    return timezone.make_aware(datetime.combine(day, time()))
