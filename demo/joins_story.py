"""Tickets that join and part: told twice and merged, two issues in one and split, related and linked, and watched."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from demo.sources import read
from demo.temper import Odds
from demo.texts import described, say
from demo.ticket_story import TicketStory
from people.models import User
from texts.models import CannedText
from tickets.flow import UNRESOLVED
from tickets.models import Ticket
from workflow.models import Record
from workflow.watching import watch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from demo.arrivals import Arrival
    from demo.stage import Stage
    from demo.world import World

_ONE_IN = 120
"""Of so many tickets one is told twice, and one has a second issue in it."""
_QUIET_END = timedelta(days=6)
_WATCHERS = ("demo.director", "demo.account_manager", "demo.engineer", "demo.specialist")
_WATCHED = 2


def pairs_of(tickets: int) -> int:
    """How many tickets of a year come about by being told twice, and as many by being split off."""
    return max(tickets // _ONE_IN, 1 if tickets >= _ONE_IN // 4 else 0)


def chosen(coming: Sequence[Arrival], count: int, end: datetime, rng: Random) -> dict[int, type[TicketStory]]:
    """Which arrivals become such tickets, by their place; they come by day, and not in the very last days."""
    calm = [n for n, each in enumerate(coming) if not (each.emergency or each.at_night) and each.at < end - _QUIET_END]
    places = rng.sample(calm, 2 * count)
    return {n: ToldTwice if turn % 2 else TwoInOne for turn, n in enumerate(places)}


class _ToTheEnd(TicketStory):
    """A ticket that is neither answered at once nor cancelled."""

    def tell(self) -> Iterator[datetime]:
        """From the call to the end, with something more once it is with an engineer."""
        self._record()
        yield from self._dispatch()
        yield from self._more()
        yield from self._respond()
        yield from self._work()
        yield from self._finish()

    def _more(self) -> Iterator[datetime]:
        raise NotImplementedError


class ToldTwice(_ToTheEnd):
    """Somebody else of the university reports the same a little later; the specialist sees it and merges."""

    def _more(self) -> Iterator[datetime]:
        yield from self._wait_for(4, 25)
        contacts = list(self.organisation.contacts.all())[:3]
        other = next((each for each in contacts if each != self.contact), self.contact)
        again = self._about() | {"contact": other, "title": say("again_title", self.rng).format(title=self.issue.title)}
        again["body"] = say("again_body", self.rng)
        again |= {"channel": self.world.channels["hotline"], "severity": self.world.severities[self.severity]}
        actor = self.world.cast.actor(self._accepting(), self.at)
        duplicate: Any = self.stage.perform(Ticket(), "record", actor, again | {"phone": other.mobile})
        yield from self._wait_for(1, 6)
        actor = self.world.cast.actor(self._accepting(), self.at)
        if Ticket.objects.filter(pk=self.ticket.pk, state__in=UNRESOLVED).exists():
            self.stage.perform(duplicate, "merge", actor, {"merged_into": self.ticket, "text": say("merged", self.rng)})
        self.ticket = Ticket.objects.get(pk=self.ticket.pk)
        self.stage.notice(self.ticket)


class TwoInOne(_ToTheEnd):
    """The customer has told of two things at once; the specialist makes two tickets of them."""

    def _more(self) -> Iterator[datetime]:
        yield from self._wait_for(3, 20)
        second = self.world.author.write(self.issue.subtype, self.rng)
        actor = self.world.cast.actor(self._accepting(), self.at)
        body = described(second, "hotline", pressing=False, rng=self.rng)
        said = self._taken_over() | {"title": second.title, "body": body}
        self.ticket = self.stage.perform(self.ticket, "split", actor, said)
        made: Any = Ticket.objects.filter(customer=self.organisation).latest("pk")
        self.ticket = Ticket.objects.get(pk=self.ticket.pk)
        self.stage.enter(self.at, SplitOff.of(self, made, second).tell())

    def _taken_over(self) -> dict[str, Any]:
        taken = ("contact", "phone", "fax", "email", "channel", "severity", "issue_type", "subtype")
        return {name: getattr(self.ticket, name) for name in taken}


class SplitOff(TicketStory):
    """The second issue, from the moment at which it has a ticket of its own."""

    @classmethod
    def of(cls, origin: TicketStory, made: Ticket, issue: Any) -> SplitOff:
        """The story of a ticket that was split off."""
        told = cls(origin.stage, origin.world, origin.arrival, Odds(Random(f"{made.number} split off")))
        told.organisation, told.contact, told.specialist = origin.organisation, origin.contact, origin.specialist
        told.type, told.issue, told.severity, told.ticket, told.at = (
            origin.type,
            issue,
            origin.severity,
            made,
            origin.at,
        )
        return told

    def _dispatch(self) -> Iterator[datetime]:
        """By itself, if the split has found nobody."""
        self.stage.notice(self.ticket)
        while self.ticket.handler_id is None:
            yield from self._wait(self.world.office(self.at + timedelta(minutes=20), self.rng))
            self.ticket = Ticket.objects.get(pk=self.ticket.pk)
        self._plan_contact()

    def tell(self) -> Iterator[datetime]:
        """From the first look to the end."""
        yield from self._wait_for(1, 5)
        yield from self._dispatch()
        yield from self._respond()
        yield from self._work()
        yield from self._finish()


def link_now_and_then(stage: Stage, world: World, count: int, seed: int) -> None:
    """Have colleagues notice, some times in the last months, that two tickets have to do with each other."""
    rng = Random(f"{seed} links")
    for _one in range(count):
        at = world.office(world.end - timedelta(days=rng.uniform(1, 60)), rng)
        stage.enter(at, _link(stage, world, at, rng))


def _link(stage: Stage, world: World, at: datetime, rng: Random) -> Iterator[datetime]:
    yield at
    lately: list[Any] = list(Ticket.objects.order_by("-pk").select_related("specialist")[:40])
    pairs = [
        (one, other)
        for n, one in enumerate(lately)
        for other in lately[n + 1 :]
        if one.subtype_id == other.subtype_id and one.links_from.count() + one.links_to.count() == 0
    ]
    if pairs:
        one, other = pairs[rng.randrange(min(len(pairs), 5))]
        who = world.cast.by_id[one.specialist_id] if one.specialist_id else world.cast.holding("customer_specialist")[0]
        relation = rng.choice(("related", "related", "caused_by"))
        stage.perform(one, "link", world.cast.actor(who, at), {"other": other.pk, "relation": relation})


def watch_some() -> None:
    """Those who show the house watch a few open tickets of others."""
    for login in _WATCHERS:
        user = User.objects.get(username=login)
        others = Record.objects.for_actor(user).filter(kind="ticket", is_open=True).exclude(handler=user)
        for record in others.exclude(specialist=user).order_by("-pk")[:_WATCHED]:
            watch(record, user)


def write_texts() -> None:
    """Shared texts of the department, and a few of people's own."""
    for row in read("canned"):
        owner = User.objects.get(username=row["owner"]) if row.get("owner") else None
        text = CannedText(name=row["name"], text=row["text"], offered_at=row.get("at", []), owner=owner)
        text.full_clean()
        text.save()
