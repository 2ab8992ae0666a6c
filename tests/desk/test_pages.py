"""Every page answers, asks little of the database, and lets in only whom it should."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.browser.house import dispatched
from tests.cast import act
from workflow.models import Deadline, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User

    Browser = Callable[[User], Client]

    from people.models import User
    from tests.cast import Cast, University
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db

PLAIN = [
    "home",
    "notices",
    "preferences",
    "substitutes",
    "handbook",
    "dashboard",
    "customers",
    "people",
    "search",
    "live",
]
MOST_QUERIES = 15


def addresses(ticket: Ticket) -> list[str]:
    deadline = Deadline.objects.filter(record=ticket.pk).first()
    assert deadline is not None
    named = {"kind": "ticket", "number": ticket.number}
    return [
        *(reverse(f"desk:{name}") for name in PLAIN),
        reverse("desk:list", args=["ticket"]),
        reverse("desk:new", args=["ticket"]),
        reverse("desk:record", kwargs=named),
        reverse("desk:print", kwargs=named),
        reverse("desk:timeline", kwargs=named),
        reverse("desk:verb", kwargs={**named, "verb": "note"}),
        reverse("desk:why", args=[deadline.pk]),
        reverse("desk:customer", args=[ticket.customer_id]),
        reverse("desk:rule", args=["TKT-17"]),
        reverse("desk:rule-cases", args=["TKT-01"]),
        *(reverse("desk:find", args=[what]) + "?q=bj" for what in ("customers", "contacts", "people", "anything")),
        reverse("desk:find", args=["similar"]) + f"?kind=ticket&customer={ticket.customer_id}&title=x",
    ]


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "auto"), ("en", "light"), ("zh-hans", "dark")])
def test_every_page_answers_in_both_languages_and_every_look(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser, language: str, theme: str
) -> None:
    ticket = new_ticket()
    browser = browser_of(cast.specialist)
    type(cast.specialist).objects.filter(pk=cast.specialist.pk).update(language=language, theme=theme)
    for address in addresses(ticket):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        if b"<html" in answer.content:
            assert f'<html lang="{language}" data-bs-theme="{theme}">'.encode() in answer.content, address
        assert b" style=" not in answer.content, address
        assert b"<script>" not in answer.content, address


def test_no_page_asks_more_than_fifteen_times_nor_weighs_more_than_sixty_kilobytes(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    for n in range(30):
        ticket = new_ticket(title=f"第{n}号问题")
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    browser = browser_of(cast.specialist)
    for address in addresses(ticket):
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(address)
        assert len(asked) <= MOST_QUERIES, (address, len(asked))
        assert len(answer.content) <= 60 * 1024, address


def test_a_list_costs_the_same_for_one_row_and_for_many(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    browser = browser_of(cast.specialist)
    counts = []
    for more in (1, 12):
        for _n in range(more):
            new_ticket()
        browser.get("/ticket/")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/ticket/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_is_not_logged_in_is_asked_to(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    for address in addresses(new_ticket()):
        answer = Client().get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/login/"), address


def test_a_customers_contact_gets_no_page_of_the_staff_but_is_shown_to_the_right_house(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    browser = browser_of(cast.contact)
    front, *rest = addresses(new_ticket())
    assert browser.get(front)["Location"] == "/portal/"
    for address in rest:
        answer = browser.get(address)
        assert answer.status_code == 403, address
        assert "for the staff" in answer.content.decode()


def test_somebody_elses_record_is_not_there(cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser) -> None:
    ticket = new_ticket()
    deadline = Deadline.objects.filter(record=ticket.pk).first()
    assert deadline is not None
    browser = browser_of(cast.finance)
    for tail in ("", "print/", "timeline/", "note/"):
        assert browser.get(f"/ticket/{ticket.number}/{tail}").status_code == 404
    assert browser.post(f"/ticket/{ticket.number}/note/", {"text": "x"}).status_code == 404
    assert browser.get(reverse("desk:why", args=[deadline.pk])).status_code == 404
    assert ticket.number not in browser.get("/ticket/?show=all").content.decode()
    assert ticket.number not in browser.get(f"/find/anything/?q={ticket.number}").content.decode()
    assert browser.get(f"/live/?record={ticket.number}").json()["record"] is None
    assert ticket.number not in browser.get(f"/customers/{ticket.customer_id}/").content.decode()


NOWHERE = [
    "/nothing/",
    "/ticket/TK-20260301-9999/",
    "/ticket/TK-1/",
    "/ticket/../../etc/",
    "/unknown_kind/",
    "/files/1/",
    "/files/99999999999999999999/",
    "/customers/99999999999999/",
    "/customers/99999999999999999999999999/",
    "/handbook/NOPE-1/",
    "/find/nothing/",
    "/find/similar/?kind=nothing",
    "/notices/5/",
    "/deadlines/7/",
]


def test_what_is_not_there_is_said_plainly(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.specialist)
    for address in NOWHERE:
        answer = browser.get(address)
        assert answer.status_code == 404, address
        assert "There is nothing here" in answer.content.decode(), address


DAMAGED = [
    "page=-1",
    "page=0",
    "page=99999",
    "page=99999999999999999999",
    "page=x",
    "page=%00",
    "page=٣",
    "sort=nothing",
    "sort=-title",
    "sort=customer__name",
    "show=nothing",
    "severity=999999999999999999999",
    "severity=x&severity=%00",
    "issue_type=-1",
    "state=nowhere",
    "q=%00%ff",
    "q=" + "长" * 500,
    "before=99999999999999999999999",
    "customer=x",
    "customer=99999999999999999999",
    "created_after=x&created_before=9999-99-99",
    "since=99999999999999999999",
]


@pytest.mark.parametrize(
    "place", ["/", "/ticket/", "/customers/", "/notices/", "/search/", "/find/contacts/", "/live/"]
)
def test_a_damaged_address_never_breaks_a_page(cast: Cast, browser_of: Browser, place: str) -> None:
    browser = browser_of(cast.specialist)
    for query in DAMAGED:
        assert browser.get(f"{place}?{query}").status_code in {200, 302, 400}, query


HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> \u202eabc\u200b 👩‍🔬 {{ 7|add:1 }} {% now %}"


def test_hostile_text_is_shown_as_text_everywhere(
    cast: Cast, university: University, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    university.organisation.name = HOSTILE
    university.organisation.save()
    ticket = new_ticket(title=HOSTILE, body=HOSTILE)
    act(ticket, "note", cast.specialist, text=HOSTILE)
    browser = browser_of(cast.specialist)
    for address in addresses(ticket):
        content = browser.get(address).content.decode()
        assert "<script>alert" not in content, address
        assert "<img src=x" not in content, address
    assert "&lt;script&gt;alert(1)" in browser.get(f"/ticket/{ticket.number}/").content.decode()
    assert "{{ 7|add:1 }}" in browser.get(f"/ticket/{ticket.number}/").content.decode()


def test_a_page_forbids_foreign_scripts(cast: Cast, browser_of: Browser) -> None:
    policy = browser_of(cast.specialist).get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_list_keeps_filters_and_order_in_its_addresses(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser
) -> None:
    for _n in range(27):
        new_ticket()
    content = browser_of(cast.specialist).get("/ticket/?show=all&sort=due").content.decode()
    assert 'rel="next" href="?show=all&amp;sort=due&amp;page=2"' in content
    assert 'aria-sort="ascending"' in content
    assert "1–25 of 27" in content


def test_paper_says_the_date_of_today_too(cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser) -> None:
    ticket = dispatched(new_ticket(), cast)
    paper = browser_of(cast.specialist).get(f"/ticket/{ticket.number}/print/").content.decode()
    shown = re.findall(r"<time[^>]*>([^<]*)<", paper)
    assert len(shown) > 4
    assert [each for each in shown if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", each)] == []


def test_presets_show_what_they_say(cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Browser) -> None:
    ours, other = new_ticket(title="mine"), new_ticket(title="theirs", by=cast.other_specialist)
    act(other, "dispatch", cast.other_specialist, handler=cast.engineer.pk)

    def shown(user: User, preset: str) -> set[str]:
        content = browser_of(user).get(f"/ticket/?show={preset}").content.decode()
        return {ticket.number for ticket in (ours, other) if ticket.number in content}

    assert shown(cast.specialist, "open") == {ours.number, other.number}
    assert shown(cast.specialist, "specialist") == {ours.number}
    assert shown(cast.engineer, "mine") == {other.number}
    assert shown(cast.account_manager, "customers") == {ours.number, other.number}
    assert shown(cast.specialist, "overdue") == set()
    assert Record.objects.count() == 2


@pytest.mark.parametrize(("kind", "rule"), [("ticket", "TKT-01"), ("digest", "TKT-25"), ("opinions", "TKT-26")])
def test_a_list_that_never_had_a_row_says_what_will_stand_there(
    browser_of: Browser, cast: Cast, kind: str, rule: str
) -> None:
    page = browser_of(cast.specialist).get(f"/{kind}/?show=all").content.decode()
    assert rule in page.split('<div class="empty">', 1)[1].split("</div>", 1)[0]
