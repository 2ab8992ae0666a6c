"""What a customer may do, what not, and that nothing happens twice or by mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Cast, act
from tests.portal.conftest import Browser, footprint, page_of, picture
from tickets.models import Ticket
from workflow.models import Attachment, Entry

NewTicket = Callable[..., Ticket]
Issue = dict[str, Any]
pytestmark = pytest.mark.django_db
NEW = "/portal/new/ticket/"


# --- answering --------------------------------------------------------------------------------------------------------
@pytest.mark.rule("TKT-05")
def test_a_contact_answers_what_was_asked_with_a_picture(home: Browser, cast: Cast, waiting: Ticket) -> None:
    url = page_of(waiting, "customer_answered")
    answer = home.send(url, page_of(waiting), answer="截图见附件", files=[picture()])
    assert answer.status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "in_progress"
    entry = Entry.objects.get(verb="customer_answered")
    assert (entry.actor, entry.channel, entry.data["said"]["answer"]) == (cast.contact, "portal", "截图见附件")
    assert "截图见附件" in home.read(page_of(waiting))
    assert Attachment.objects.get().public


def test_any_contact_of_the_organisation_may_answer_and_nobody_else(
    colleague: Browser, stranger: Browser, waiting: Ticket
) -> None:
    url = page_of(waiting, "customer_answered")
    before = footprint()
    assert stranger.post(url, {"answer": "不是我们的", "version": waiting.version}).status_code == 404
    assert footprint() == before
    assert colleague.send(url, answer="我来回答").status_code == 302


def test_an_empty_answer_is_none(home: Browser, waiting: Ticket) -> None:
    before = footprint()
    assert home.send(page_of(waiting, "customer_answered"), answer=" \n ").status_code == 422
    assert footprint() == before


def test_an_answer_is_asked_for_only_while_we_wait_for_it(home: Browser, new_ticket: NewTicket) -> None:
    ticket = new_ticket()
    url = page_of(ticket, "customer_answered")
    assert url not in home.read(page_of(ticket))
    assert home.get(url).headers["Location"] == page_of(ticket)
    before = footprint()
    answer = home.post(url, {"answer": "已经写好的回答", "version": ticket.version})
    assert answer.status_code == 409
    assert "已经写好的回答" in answer.content.decode()
    assert footprint() == before


@pytest.mark.parametrize("verb", ["note", "dispatch", "cancel", "press", "resolve", "correct", "record", "nonsense"])
def test_what_colleagues_do_is_not_there_for_a_contact(home: Browser, waiting: Ticket, verb: str) -> None:
    before = footprint()
    assert home.get(page_of(waiting, verb)).status_code == 404
    assert home.post(page_of(waiting, verb), {"text": "x", "reason": "x"}).status_code == 404
    assert footprint() == before


# --- confirming and reopening -----------------------------------------------------------------------------------------
@pytest.mark.rule("TKT-22")
def test_a_contact_confirms_with_stars_and_a_word(home: Browser, resolved: Ticket) -> None:
    answer = home.send(page_of(resolved, "confirm"), page_of(resolved), satisfaction="4", comment="很快")
    assert answer.status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.satisfaction, ticket.comment) == ("closed", 4, "很快")
    shown = home.read(page_of(ticket))
    assert "★★★★" in shown
    assert "很快" in shown


@pytest.mark.parametrize("satisfaction", ["", "0", "6", "-1", "4.5", "五"])
def test_satisfaction_is_one_to_five(home: Browser, resolved: Ticket, satisfaction: str) -> None:
    before = footprint()
    assert home.send(page_of(resolved, "confirm"), satisfaction=satisfaction).status_code == 422
    assert footprint() == before


def test_a_contact_reopens_what_is_not_solved_with_a_reason(home: Browser, resolved: Ticket) -> None:
    url = page_of(resolved, "reopen")
    assert home.send(url, page_of(resolved), reason="").status_code == 422
    assert home.send(url, page_of(resolved), reason="又出现了").status_code == 302
    resolved.refresh_from_db()
    assert resolved.state == "in_progress"
    assert "又出现了" in home.read(page_of(resolved))


def test_what_is_closed_can_be_reopened_and_not_confirmed_again(home: Browser, resolved: Ticket) -> None:
    home.send(page_of(resolved, "confirm"), satisfaction="5")
    resolved.refresh_from_db()
    page = home.read(page_of(resolved))
    assert page_of(resolved, "confirm") not in page
    assert page_of(resolved, "reopen") in page
    assert (
        home.post(page_of(resolved, "confirm"), {"satisfaction": "1", "version": resolved.version}).status_code == 409
    )
    assert Ticket.objects.get().satisfaction == 5


def test_a_confirmation_that_is_sent_twice_is_one(home: Browser, resolved: Ticket) -> None:
    url = page_of(resolved, "confirm")
    sent = {"satisfaction": "5", "version": resolved.version, "key": "f" * 32}
    first, second = home.post(url, sent), home.post(url, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Entry.objects.filter(verb="confirm").count() == 1


# --- meanwhile --------------------------------------------------------------------------------------------------------
def test_a_stale_answer_is_refused_with_what_is_new_and_can_then_be_sent(
    home: Browser, cast: Cast, waiting: Ticket
) -> None:
    url = page_of(waiting, "customer_answered")
    seen = waiting.version
    act(waiting, "ask_for_details", cast.specialist, asked="另请提供浏览器版本", contacted_by=waiting.channel_id)
    before = footprint()
    answer = home.post(url, {"answer": "截图在这里", "version": seen, "key": "a" * 32})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "另请提供浏览器版本" in text
    assert "截图在这里" in text
    assert footprint() == before
    waiting.refresh_from_db()
    assert f'name="version" value="{waiting.version}"' in text
    assert home.post(url, {"answer": "截图和版本", "version": waiting.version, "key": "a" * 32}).status_code == 302


def test_what_colleagues_did_among_themselves_does_not_stop_an_answer(
    home: Browser, cast: Cast, waiting: Ticket
) -> None:
    seen = waiting.version
    act(waiting, "note", cast.specialist, text="SECRET")
    act(waiting, "copy_to", cast.specialist, people=[cast.director.pk])
    url = page_of(waiting, "customer_answered")
    assert home.post(url, {"answer": "截图在这里", "version": seen}).status_code == 302


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "²"])
def test_a_damaged_version_is_stale(home: Browser, waiting: Ticket, version: str) -> None:
    before = footprint()
    answer = home.post(page_of(waiting, "customer_answered"), {"answer": "回答", "version": version})
    assert answer.status_code == 409
    assert footprint() == before


def test_a_colleague_who_was_faster_is_shown(home: Browser, colleague: Browser, resolved: Ticket) -> None:
    seen = resolved.version
    colleague.send(page_of(resolved, "reopen"), reason="还是不行")
    answer = home.post(page_of(resolved, "confirm"), {"satisfaction": "5", "version": seen})
    assert answer.status_code == 409
    assert "还是不行" in answer.content.decode()
    assert Ticket.objects.get().state == "in_progress"
