"""Documents of the last weeks: service sheets of solved tickets and forms for customers, in all states."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from demo.texts import say
from documents import answers, codes, freezing, issuing
from documents.models import Document
from forms_templates import samples
from tickets.flow import State
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from demo.stage import Stage
    from demo.world import World
    from people.models import User
    from workflow.models import Record

_BEGINS = timedelta(days=45)
_STORIES = (
    # the form, about a ticket or not, and how far it goes
    ("TicketSheet", True, "archived"),
    ("Serv302", False, "archived"),
    ("Serv103", False, "archived"),
    ("TicketSheet", True, "superseded"),
    ("Serv501", False, "signed"),
    ("TicketSheet", True, "signed"),
    ("Serv503", False, "to_sign"),
    ("TicketSheet", True, "to_sign"),
    ("Serv301", False, "submitted"),
    ("Serv304", False, "draft"),
    ("TicketSheet", True, "cancelled"),
    ("TicketSheet", True, "draft"),
    ("Serv301", False, "draft"),
)
_STEPS = {"draft": 0, "submitted": 1, "cancelled": 1, "to_sign": 2, "signed": 3, "archived": 4, "superseded": 4}
_UNANSWERABLE = frozenset({"files", "secret"})
"""What a sample cannot give: files and what is kept in the vault."""


class DocumentStory:
    """What specialists issue, have signed, and put on the shelf."""

    def __init__(self, stage: Stage, world: World, seed: int) -> None:
        self.stage, self.world = stage, world
        self.rng = Random(f"{seed} documents")

    def enter(self) -> None:
        """Have it happen among the tickets, one every few days."""
        at = self.world.end - _BEGINS
        for number, (form, of_ticket, until) in enumerate(_STORIES, start=1):
            at += timedelta(days=self.rng.uniform(1, 3))
            story = self._story(form, until, number, self.world.office(at, self.rng), of_ticket=of_ticket)
            self.stage.enter(at, story)

    def _story(self, form: str, until: str, number: int, at: datetime, *, of_ticket: bool) -> Iterator[datetime]:
        rng = Random(f"{number} {form} document")
        yield at
        about = self._solved(number) if of_ticket else None
        if of_ticket and about is None:
            return
        who = self.world.cast.someone("customer_specialist", rng)
        document = self._issue(form, about, who, at, rng)
        if _STEPS[until] == 0:
            return
        document = self._do(document, "fill", who, at, values=self._rest(document, who))
        at = yield from self._later(at, rng, 1, 20)
        document = self._do(document, "submit", who, at)
        if until == "cancelled":
            self._do(document, "cancel", who, at, reason=say("document_cancelled", rng))
        if _STEPS[until] > 1 and not document.unanswered():
            yield from self._on_paper(document, until, number, who, rng)

    def _on_paper(self, document: Any, until: str, number: int, who: User, rng: Random) -> Iterator[datetime]:
        at = yield from self._later(self.stage.now, rng, 1, 8)
        document = self._final(document, who, at, rng)
        if until == "to_sign":
            return
        at = yield from self._later(at, rng, 40, 120)
        document = self._do(document, "receive_signed", who, at, how="scan" if number % 2 else "paper")
        self._hand_over(document, who, at, rng)
        if until == "signed":
            return
        at = yield from self._later(at, rng, 2, 30)
        kept = {
            "archive_no": f"GD-{at:%Y}-{number:04d}",
            "archive_place": say("document_shelf", rng),
            "archive_box": say("document_box", rng),
        }
        document = self._do(document, "archive", who, at, **kept)
        if until == "superseded":
            at = yield from self._later(at, rng, 20, 60)
            self._do(document, "replace", who, at, reason=say("document_replaced", rng))
            later: Any = Document.objects.get(replaces=document.pk)
            self._final(later, who, at, rng)

    # --- the tools of telling -------------------------------------------------------------------------------------
    def _solved(self, number: int) -> Ticket | None:
        """A ticket that was closed lately, another one for each number."""
        closed = Ticket.objects.filter(state=State.CLOSED).exclude(method="").order_by("-resolved_at", "-pk")
        found: list[Any] = list(closed[number : number + 1] or closed[:1])
        return found[0] if found else None

    def _issue(self, form: str, about: Record | None, who: User, at: datetime, rng: Random) -> Any:
        customer = None if about is not None else rng.choice(self.world.organisations)
        actor = self.world.cast.actor(who, at)
        made = issuing.issue(form, about=about, customer=customer, actor=actor)
        self.stage.acts += 1
        self.stage.notice(made)
        return made

    def _rest(self, document: Any, who: User) -> dict[str, Any]:
        """Sample answers wherever the house knew nothing, as far as this person may give them."""
        given = samples.values(document.form)
        may = answers.open_to(document, who)
        kinds = {item.key: item.kind for item in document.definition.items()}
        return {
            key: value
            for key, value in given.items()
            if key in may and key not in document.values and kinds[key] not in _UNANSWERABLE
        }

    def _final(self, document: Any, who: User, at: datetime, rng: Random) -> Any:
        with codes.drawn_from(rng):
            document = self._do(document, "finalise", who, at)
        freezing.freeze(document.pk)
        frozen = Document.objects.get(pk=document.pk)
        self.stage.notice(frozen)
        return frozen

    def _hand_over(self, document: Any, who: User, at: datetime, rng: Random) -> None:
        for original in document.originals.all():
            ours = not original.holder.startswith("customer")
            contact = "" if ours or document.contact is None else document.contact.name
            place = say("document_shelf" if ours else "document_at_customer", rng)
            to = contact or say("document_keeper", rng)
            self._do(document, "hand_over_original", who, at, copy=original.copy, to=to, place=place)

    def _later(self, at: datetime, rng: Random, low: float, high: float) -> Generator[datetime, None, datetime]:
        then = self.world.office(at + timedelta(hours=rng.uniform(low, high)), rng)
        yield then
        return then

    def _do(self, record: Any, verb: str, who: User, at: datetime, **data: Any) -> Any:
        return self.stage.perform(record, verb, self.world.cast.actor(who, at), data)
