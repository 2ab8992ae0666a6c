"""Who sees what in the customers' house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Contact, Organisation
from people.models import User
from tests.cast import PASSWORD, Cast, University, act
from tests.portal.conftest import Browser, browser_of, files, page_of, picture
from tickets.models import Ticket
from workflow.models import Attachment, Entry

NewTicket = Callable[..., Ticket]
pytestmark = pytest.mark.django_db


# --- the door ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/portal/", "/portal/profile/", "/portal/new/ticket/", "/portal/files/1/"])
def test_nobody_looks_in_without_a_login(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/login/?next={address}"


def test_a_contact_who_logs_in_lands_in_the_portal(university: University) -> None:
    answer = Client().post("/login/", {"username": "contact", "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == reverse("portal:home")


def test_a_contact_who_asks_for_the_staff_s_first_page_is_shown_to_the_portal(home: Browser) -> None:
    assert home.get("/", follow=True).redirect_chain[-1][0] == reverse("portal:home")


@pytest.mark.parametrize("part", ["specialist", "engineer", "director", "finance", "admin"])
def test_staff_are_shown_to_their_own_house(cast: Cast, new_ticket: NewTicket, part: str) -> None:
    browser = browser_of(cast.everybody()[part])
    for address in ("/portal/", page_of(new_ticket()), "/portal/new/ticket/", "/portal/profile/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_login_whose_contact_has_left_sees_nothing_and_is_told_so(home: Browser, new_ticket: NewTicket) -> None:
    ticket = new_ticket()
    Contact.objects.update(active=False)
    for address in ("/portal/", page_of(ticket), "/portal/new/ticket/"):
        answer = home.get(address)
        assert answer.status_code == 403
        assert ticket.title not in answer.content.decode()


# --- rows -------------------------------------------------------------------------------------------------------------
def test_a_contact_sees_the_own_organisation_s_tickets_whoever_raised_them(
    home: Browser, colleague: Browser, new_ticket: NewTicket
) -> None:
    ticket = new_ticket()
    for browser in (home, colleague):
        assert ticket.number in browser.read("/portal/")
        assert ticket.title in browser.read(page_of(ticket))


def test_another_organisation_s_contact_sees_nothing_of_it(stranger: Browser, new_ticket: NewTicket) -> None:
    ticket = new_ticket(files=files(picture()))
    attachment = Attachment.objects.get()
    for address in ("/portal/", "/portal/?show=all", f"/portal/?q={ticket.number}", f"/portal/?q={ticket.title}"):
        text = stranger.read(address)
        assert f'href="{page_of(ticket)}"' not in text
    for address in (page_of(ticket), page_of(ticket, "confirm"), f"/portal/files/{attachment.pk}/"):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {}).status_code in {404, 405}


def test_what_is_not_there_looks_like_what_is_another_s(
    home: Browser, stranger: Browser, new_ticket: NewTicket
) -> None:
    ticket = new_ticket()
    guessed = ticket.number[:-4] + "9999"
    theirs = stranger.get(page_of(ticket)).content
    assert theirs == stranger.get(f"/portal/issues/{guessed}/").content
    assert home.get("/portal/issues/nonsense/").status_code == 404
    assert home.get("/portal/files/999999999999999999999999/").status_code == 404


def test_open_ones_are_shown_first_and_all_on_demand(home: Browser, new_ticket: NewTicket, cast: Cast) -> None:
    first, second = new_ticket(title="还没有解决"), new_ticket(title="登记错了")
    act(second, "cancel", cast.specialist, reason="重复")
    shown = home.read("/portal/")
    assert first.number in shown
    assert second.number not in shown
    everything = home.read("/portal/?show=all")
    assert first.number in everything
    assert second.number in everything


def test_a_search_finds_numbers_and_titles_also_of_closed_ones(
    home: Browser, new_ticket: NewTicket, cast: Cast
) -> None:
    one, other = new_ticket(title="视频无法播放"), new_ticket(title="作业提交失败")
    act(one, "cancel", cast.specialist, reason="重复")
    assert one.number in home.read("/portal/?q=视频")
    assert other.number not in home.read("/portal/?q=视频")
    found = home.read(f"/portal/?q={other.number[-4:]}")
    assert page_of(other) in found
    assert "%" in home.read("/portal/?q=%25")
    assert page_of(one) not in home.read("/portal/?q=%25")
    assert home.get("/portal/", {"q": "\x00'\"<script>" + "x" * 5000}).status_code == 200


def test_a_long_list_has_pages(home: Browser, new_ticket: NewTicket) -> None:
    tickets = [new_ticket(title=f"问题{n}") for n in range(23)]
    first, second = home.read("/portal/"), home.read("/portal/?page=2")
    assert tickets[-1].number in first
    assert tickets[0].number not in first
    assert tickets[0].number in second
    for nonsense in ("0", "-1", "x", "99", "9" * 30, "²"):
        assert home.get("/portal/", {"page": nonsense}).status_code == 200


def test_what_waits_for_the_customer_stands_on_top(home: Browser, waiting: Ticket, new_ticket: NewTicket) -> None:
    new_ticket(title="新的问题")
    text = home.read("/portal/")
    assert text.index(waiting.number) < text.index("新的问题")
    assert text.count(page_of(waiting)) == 2


# --- words ------------------------------------------------------------------------------------------------------------
def test_every_state_is_put_in_words_and_no_state_s_code_is_shown(home: Browser, waiting: Ticket) -> None:
    home.post("/look/", {"language": "en"})
    text = home.read(page_of(waiting))
    assert "Waiting for you" in text
    assert "waiting_customer" not in text
    assert 'aria-current="step"' in text


def test_hostile_text_is_shown_as_text(home: Browser, new_ticket: NewTicket) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'\u202e\u200b{{ 7*7 }}"
    ticket = new_ticket(title=hostile, body=hostile * 3)
    for address in ("/portal/", page_of(ticket), f"/portal/?q={'<script>'}"):
        text = home.read(address)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text


def test_a_very_long_text_ends_early_and_leads_to_where_it_stands_to_its_end(
    home: Browser, cast: Cast, new_ticket: NewTicket
) -> None:
    ticket = new_ticket(body="日志" * 40_000)
    entry = Entry.objects.get(record=ticket.pk, verb="record")
    whole = f"{page_of(ticket)}?all"
    short = home.read(page_of(ticket))
    assert len(short.encode()) < 60 * 1024
    assert f'href="{whole}#said-{entry.seq}"' in short
    assert f'id="said-{entry.seq}"' in home.read(whole)
    assert ticket.body in home.read(whole)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_keep_the_strict_policy_and_hold_no_inline_script_or_style(
    home: Browser, resolved: Ticket, language: str
) -> None:
    home.post("/look/", {"language": language})
    for address in (
        "/portal/",
        page_of(resolved),
        page_of(resolved, "reopen"),
        "/portal/new/ticket/",
        "/portal/profile/",
    ):
        answer = home.get(address)
        text = answer.content.decode()
        assert "'none'" in answer.headers["Content-Security-Policy"]
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text
        assert f'<html lang="{language}"' in text


def test_a_page_asks_the_database_little(
    home: Browser, new_ticket: NewTicket, resolved: Ticket, django_assert_max_num_queries: Any
) -> None:
    for n in range(15):
        new_ticket(title=f"问题{n}")
    for address in ("/portal/", page_of(resolved), "/portal/new/ticket/"):
        with django_assert_max_num_queries(15):
            assert home.get(address).status_code == 200


def test_a_contact_of_two_organisations_is_no_thing_but_one_of_a_silent_one_sees_an_empty_house(
    elsewhere: Organisation, stranger: Browser
) -> None:
    assert User.objects.get(username="liu").contact.organisation == elsewhere
    assert 'class="empty"' in stranger.read("/portal/")
