"""Pages speak one language at a time: no Chinese on an English page, no English on a Chinese one, but for data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from customers.models import Contact, Organisation, Site
from handbook import catalogue
from notifications.models import Notice
from notifications.rendering import message_of
from people.actors import Actor
from people.models import Substitution, User
from tests.i18n.reading import chinese_in, english_in, heard
from tickets.models import Ticket
from workflow.engine import offers
from workflow.models import Deadline, Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from tests.cast import Cast

    Reader = Callable[[User, str], Client]

pytestmark = pytest.mark.django_db

NAMES = {
    "ServiceOps",
    "JIRA",
    "PDF",
    "MB",
    "kB",
    "Office",
    "bjdx",
    "Webhook",
    "JSON",
    "English",
    "IP",
    "SSH",
    "VPN",
    "Excel",
    "XLSX",
    "CSV",
    "Axes",
    "Email",
}
"""Words that stand in Latin letters in Chinese too; the last one in Django's own messages."""
TYPED: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (User, ("username", "display_name")),
    (Organisation, ("name", "short_name", "city", "address")),
    (Contact, ("name", "title")),
    (Site, ("name", "product")),
    (Ticket, ("title", "body")),
    (Substitution, ("reason",)),
)
"""Where people type; vocabularies do not count, since they exist in both languages."""
PLAIN = ("home", "notices", "preferences", "substitutes", "handbook", "dashboard", "customers", "people", "search")
BOTH = pytest.mark.parametrize("language", ["en", "zh-hans"])


def data(language: str) -> set[str]:
    """What people have typed, and what the handbook says in the page's own language."""
    found = {text for model, columns in TYPED for row in model.objects.values_list(*columns) for text in row if text}
    for said in Entry.objects.values_list("data", flat=True):
        found.update(_texts(said.get("said")))
    with translation.override(language):
        for process in catalogue.processes():
            found.update({process.id, *(rule.text for rule in process.rules)})
    return {line.strip() for text in found for line in (text, *text.splitlines()) if len(line.strip()) > 1}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and not {"zh", "en"} <= value.keys():
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def strange(content: bytes, language: str, known: set[str]) -> set[str]:
    """The words of a page that belong to the other language."""
    text = heard(content.decode(), language, known)
    return chinese_in(text) - {"中文"} if language == "en" else english_in(text, NAMES)


def named(ticket: Ticket) -> dict[str, str]:
    """The ticket in an address."""
    return {"kind": "ticket", "number": ticket.number}


def check(browser: Client, addresses: list[str], language: str, status: int = 200) -> None:
    known = data(language)
    found = {}
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == status, address
        if words := strange(answer.content, language, known):
            found[address] = words
    assert found == {}


@BOTH
def test_pages_of_the_desk(house: dict[str, Ticket], cast: Cast, reader: Reader, language: str) -> None:
    some = house["in_progress"]
    filtered = "?state=in_progress&severity=1&q=x"
    addresses = [
        *(reverse(f"desk:{name}") for name in PLAIN),
        reverse("desk:search") + "?q=9999999",
        *(reverse("desk:list", args=["ticket"]) + tail for tail in ("", "?show=all", filtered, "?page=99")),
        reverse("desk:new", args=["ticket"]),
        reverse("desk:customer", args=[some.customer_id]),
        reverse("desk:rule", args=["TKT-17"]),
        reverse("desk:rule-cases", args=["TKT-01"]),
        reverse("desk:rule-cases", args=["TKT-18"]) + "?what=missed",
        reverse("desk:dashboard") + "?by=state&by=handler&by=customer&by=channel",
        *(reverse("desk:find", args=[what]) + "?q=bj" for what in ("customers", "contacts", "people", "anything")),
        reverse("desk:find", args=["similar"]) + f"?kind=ticket&customer={some.customer_id}&title=x",
    ]
    check(reader(cast.specialist, language), addresses, language)
    for user in (cast.other_engineer, cast.director):  # who stands in for somebody, and who sees all
        check(reader(user, language), [reverse("desk:home"), reverse("desk:substitutes")], language)


@BOTH
def test_records_in_every_state_with_what_one_may_do_and_why_not(
    house: dict[str, Ticket], cast: Cast, reader: Reader, language: str
) -> None:
    addresses = [reverse("desk:record", kwargs=named(ticket)) for ticket in house.values()]
    for user in (cast.specialist, cast.director):
        check(reader(user, language), addresses, language)
    check(reader(cast.engineer, language), [reverse("desk:print", kwargs=named(house["closed"]))], language)


@BOTH
def test_why_a_deadline_is_due_then(house: dict[str, Ticket], cast: Cast, reader: Reader, language: str) -> None:
    deadlines = Deadline.objects.filter(record__in=[house[state].pk for state in ("in_progress", "with_rd")])
    assert {deadline.timer for deadline in deadlines} >= {"ticket.response", "ticket.contact", "ticket.promise"}
    check(reader(cast.director, language), [reverse("desk:why", args=[each.pk]) for each in deadlines], language)


@BOTH
def test_forms_of_every_act_empty_and_refused(
    house: dict[str, Ticket], cast: Cast, reader: Reader, language: str
) -> None:
    known = data(language)
    asked: dict[str, set[str]] = {}
    for user in (cast.specialist, cast.engineer, cast.director):
        browser = reader(user, language)
        for ticket in house.values():
            for offer in offers(ticket, Actor(user)):
                if not offer.allowed or offer.verb.code in asked:
                    continue
                address = reverse("desk:verb", kwargs={**named(ticket), "verb": offer.verb.code})
                answers = [browser.get(address)]
                if b"<textarea" in answers[0].content:  # sent empty it is refused, and changes nothing
                    answers.append(browser.post(address, {"version": ticket.version}))
                asked[offer.verb.code] = set().union(*(strange(each.content, language, known) for each in answers))
    assert {verb: words for verb, words in asked.items() if words} == {}
    assert asked.keys() >= {"dispatch", "respond", "hand_over", "resolve", "reopen", "note", "copy_to", "excuse"}


@BOTH
def test_intake_that_is_not_accepted(house: dict[str, Ticket], cast: Cast, reader: Reader, language: str) -> None:
    browser = reader(cast.specialist, language)
    wrong = {"phone": "1380013800", "email": "nobody", "customer_text": "999", "end": "dispatch"}
    for said in ({}, wrong):
        answer = browser.post(reverse("desk:new", args=["ticket"]), said)
        assert answer.status_code in {200, 422}
        assert strange(answer.content, language, data(language)) == set()


@BOTH
def test_pages_of_the_portal(house: dict[str, Ticket], cast: Cast, reader: Reader, language: str) -> None:
    browser = reader(cast.contact, language)
    check(
        browser,
        [
            *(reverse("portal:home") + tail for tail in ("", "?show=all", "?q=TK-2026", "?q=9999999")),
            reverse("portal:profile"),
            reverse("portal:new", args=["ticket"]),
            *(reverse("portal:issue", args=[ticket.number]) for ticket in house.values()),
        ],
        language,
    )
    asked = {"waiting_customer": "customer_answered", "resolved": "confirm", "closed": "reopen"}
    for state, verb in asked.items():
        answer = browser.post(reverse("portal:act", args=[house[state].number, verb]), {"version": "0"})
        assert strange(answer.content, language, data(language)) == set(), verb
    answer = browser.post(reverse("portal:new", args=["ticket"]), {"phone": "x", "email": "nobody"})
    assert strange(answer.content, language, data(language)) == set()


@BOTH
def test_the_door_and_what_goes_wrong(cast: Cast, reader: Reader, settings: Any, language: str) -> None:
    settings.DEMO = True
    browser = Client()
    browser.cookies["language"] = language
    wrong = browser.post(reverse("desk:login"), {"username": "specialist", "password": "wrong"})
    assert strange(browser.get(reverse("desk:login")).content, language, data(language)) == set()
    assert strange(wrong.content, language, data(language)) == set()
    inside = reader(cast.specialist, language)
    for address, status in (("/portal/issues/x/", 302), ("/nowhere/at/all/", 404), ("/admin/", 302)):
        answer = inside.get(address)
        assert answer.status_code == status
        assert strange(answer.content, language, data(language)) == set(), address


@BOTH
def test_what_notices_say(house: dict[str, Ticket], language: str) -> None:
    known = data(language)
    for notice in Notice.objects.with_context():
        with translation.override(language):
            message = message_of(notice)
        text = "\n".join([message.title, message.kind, *message.lines])
        assert strange(text.encode(), language, known) == set(), text


@BOTH
def test_pages_of_the_administration(house: dict[str, Ticket], cast: Cast, reader: Reader, language: str) -> None:
    browser, known = reader(cast.admin, language), data(language)
    for model in (User, Organisation, Contact, Ticket):
        place = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        answer = browser.get(reverse(place))
        assert answer.status_code == 200
        # The names of these pictures are English in Django's templates.
        content = re.sub(rb'alt="(Search|True|False)"', b"", answer.content)
        assert strange(content, language, known) == set(), place
