"""Measuring pages: all of them in turn, in one run, so that a slow moment of the machine hits all alike."""

from __future__ import annotations

import threading
import time
from collections import Counter
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

from bench import contracts
from bench.contracts import READER as _USER
from bench.report import COUNTED_BAR, RATIO_BAR, Page
from bench.visitor import Visitor
from customers.models import Contact
from demo.logins import PASSWORD
from lists.models import SavedView, Sharing
from people.actors import Actor
from people.models import User
from search.asking import asked
from search.finding import find
from search.grams import needed
from search.models import Document
from tickets.models import Channel, IssueSubtype, Severity, Ticket
from workflow.engine import perform
from workflow.kick import nobody_is_woken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.visitor import Answer

_WARM_UP = 3
_ROUNDS = 5
_COUNTED = {"search, common word", "search, as typed", "dashboard", "dashboard, year", "handbook", "rule"}
_LOOKED_AT = 5000
_WORDS = 10
_ENTRIES = 200
_SELDOM = 0x9EB0
"""Where Unicode has characters that nobody writes in a ticket."""
Target = tuple[str, "Callable[[Visitor, Random], Answer]"]


def measure(port: int, clients: int, seconds: float) -> list[Page]:
    """Ask for every page again and again until the time is over; the bare view comes first in the result."""
    targets = list(_targets())
    found = {name: Page(name, bar=COUNTED_BAR if name in _COUNTED else RATIO_BAR) for name, _ask in targets}
    lock = threading.Lock()

    def work(number: int) -> None:
        visitor, rng = Visitor(port), Random(number)
        visitor.log_in(_USER, PASSWORD)
        for _round in range(_WARM_UP):
            for _name, ask in targets:
                ask(visitor, rng)
        end, rounds = time.monotonic() + seconds, 0
        while time.monotonic() < end or rounds < _ROUNDS:
            rounds += 1
            for name, ask in rng.sample(targets, len(targets)):
                answer = ask(visitor, rng)
                _expect(name, answer)
                with lock:
                    _note(found[name], answer)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(found.values())


def _note(page: Page, answer: Answer) -> None:
    page.seconds.append(answer.seconds)
    page.queries.append(answer.queries)
    page.sizes.append(len(answer.body))


def _expect(name: str, answer: Answer) -> None:
    wanted = 302 if name == "intake save" else 200
    if answer.status != wanted:
        msg = f"{name}: {answer.status} instead of {wanted}"
        raise RuntimeError(msg)


def _targets() -> Iterator[Target]:
    numbers = list(Ticket.objects.order_by("-pk").values_list("number", flat=True)[:300])
    still_open = list(Ticket.objects.filter(is_open=True).order_by("-pk").values_list("number", flat=True)[:300])
    common, rare = _common(), _rare()
    yield "bare view", lambda visitor, _rng: visitor.get("/bench/bare/")
    yield "list, page 1", lambda visitor, _rng: visitor.get("/ticket/?show=all")
    yield "list, page 100", lambda visitor, _rng: visitor.get("/ticket/?show=all&page=100")
    yield "list, open", lambda visitor, _rng: visitor.get("/ticket/")
    # Of the demonstration's views, the one that narrows by three things: region, type and state.
    view = SavedView.objects.get(kind="ticket", sharing=Sharing.DEPARTMENT).pk
    yield "list, saved view", lambda visitor, _rng: visitor.get(f"/ticket/?view={view}")
    yield "record, closed", lambda visitor, rng: visitor.get(f"/ticket/{rng.choice(numbers)}/")
    yield "record, open", lambda visitor, rng: visitor.get(f"/ticket/{rng.choice(still_open)}/")
    long = _long()
    yield "record, 200 entries", lambda visitor, _rng: visitor.get(f"/ticket/{long}/")
    yield "home", lambda visitor, _rng: visitor.get("/")
    yield "search, common word", lambda visitor, rng: visitor.get(_search(rng.choice(common)))
    yield "search, rare word", lambda visitor, rng: visitor.get(_search(rng.choice(rare)))
    yield "search, as typed", lambda visitor, rng: visitor.get(_search(rng.choice(common), "/find/anything/"))
    yield "dashboard", lambda visitor, _rng: visitor.get("/reports/?board=all")
    yield "dashboard, year", lambda visitor, _rng: visitor.get("/reports/?board=all&period=year")
    yield "handbook", lambda visitor, _rng: visitor.get("/handbook/")
    yield "rule", lambda visitor, _rng: visitor.get("/handbook/TKT-07/")
    yield from contracts.targets()
    yield "intake page", lambda visitor, _rng: visitor.get("/ticket/new/")
    yield "intake save", _Intake()


def _long() -> str:
    """The number of a ticket with so long a timeline; it is made by the gate, once."""
    known = Ticket.objects.filter(timeline_length__gte=_ENTRIES).order_by("-pk").first()
    if known is not None:
        return known.number
    ticket = Ticket.objects.filter(is_open=True, specialist__username=_USER).order_by("-pk")[0]
    with nobody_is_woken():
        while ticket.timeline_length < _ENTRIES:
            said = {"text": f"Call {ticket.timeline_length}: logging in still fails, the engineer has been told."}
            perform(ticket, "note", actor=Actor(ticket.specialist), data=said)
            ticket.refresh_from_db()
    return ticket.number


def _search(word: str, page: str = "/search/") -> str:
    return f"{page}?{urlencode({'q': word, 'in': 'ticket'})}"


def _common() -> list[str]:
    """Pairs of characters that stand in very many of the indexed tickets."""
    texts = Document.objects.filter(kind="ticket").order_by("-pk").values_list("folded", flat=True)[:_LOOKED_AT]
    counts = Counter(pair for text in texts for pair in needed(text) if len(pair) == 2 and not pair.isascii())  # noqa: PLR2004 - a pair
    return [pair for pair, _count in sorted(counts.items(), key=lambda found: (-found[1], found[0]))[:_WORDS]]


def _rare() -> list[str]:
    """Pairs of characters that stand in one ticket each, which the gate makes once: copied lives have copied words."""
    words = [chr(_SELDOM + n) + chr(_SELDOM + _WORDS + n) for n in range(_WORDS)]
    intake = _Intake()
    user = User.objects.get(username=_USER)
    with nobody_is_woken():
        for word in words:
            if not find(user, asked(word)).total:
                perform(Ticket(), "record", actor=Actor(user), data=intake.data(Random(word), f"Benchmark {word}"))
    return words


class _Intake:
    """Recording an issue, as the intake page sends it."""

    def __init__(self) -> None:
        self.contacts = list(Contact.objects.filter(active=True).exclude(mobile="").order_by("pk")[:100])
        self.channel = Channel.objects.get(code="hotline").pk
        self.subtype = IssueSubtype.objects.select_related("issue_type").get(code="fault")
        self.severity = Severity.objects.get(code="general").pk
        self._turn = 0

    def __call__(self, visitor: Visitor, rng: Random) -> Answer:
        """One issue; saved only, so that nothing but the saving is measured."""
        self._turn += 1
        said = self.data(rng, f"Benchmark {self._turn} {rng.getrandbits(32):x}")
        return visitor.post("/ticket/new/", {"key": uuid4().hex, "ending": "save", **said})

    def data(self, rng: Random, title: str) -> dict[str, str]:
        """What is typed for an issue of that title."""
        contact = rng.choice(self.contacts)
        return {
            "customer": str(contact.organisation_id),
            "contact": str(contact.pk),
            "phone": contact.mobile,
            "channel": str(self.channel),
            "severity": str(self.severity),
            "issue_type": str(self.subtype.issue_type_id),
            "subtype": str(self.subtype.pk),
            "title": title,
            "body": "The page stays empty after logging in.",
        }
