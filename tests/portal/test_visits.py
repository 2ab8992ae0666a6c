"""Sessions, forms from elsewhere, drafts, and what belongs to the visitor alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from core import clock
from people.models import User
from tests.cast import PASSWORD, Cast
from tests.portal.conftest import Browser, browser_of, footprint, page_of, worked_on
from tickets.models import Ticket

NewTicket = Callable[..., Ticket]
Issue = dict[str, Any]
pytestmark = pytest.mark.django_db
NEW = "/portal/new/ticket/"


# --- the browser ------------------------------------------------------------------------------------------------------
def test_a_form_from_elsewhere_is_refused(cast: Cast, waiting: Ticket, issue: Issue) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.contact)
    before = footprint()
    for url, said in (
        (NEW, issue),
        (page_of(waiting, "customer_answered"), {"answer": "x", "version": waiting.version}),
        ("/portal/profile/password/", {"old_password": PASSWORD}),
    ):
        assert browser.post(url, said).status_code == 403
    assert footprint() == before


def test_after_the_session_has_run_out_one_logs_in_and_is_back_at_the_form(home: Browser, waiting: Ticket) -> None:
    url = page_of(waiting, "customer_answered")
    home.read(url)
    Session.objects.all().delete()
    home.session.flush()
    before = footprint()
    answer = home.post(url, {"answer": "写了很久的回答", "version": waiting.version})
    assert answer.headers["Location"] == f"/login/?next={url}"
    assert footprint() == before
    back = home.post(answer.headers["Location"], {"username": "contact", "password": PASSWORD}, follow=True)
    assert back.redirect_chain[-1][0] == url
    assert f'data-draft="portal/{waiting.number}/customer_answered"' in back.content.decode()


def test_a_success_lets_the_browser_forget_the_draft(home: Browser, waiting: Ticket) -> None:
    url = page_of(waiting, "customer_answered")
    answer = home.post(url, {"answer": "回答", "version": waiting.version}, follow=True)
    assert f'data-done="portal/{waiting.number}/customer_answered"' in answer.content.decode()


# --- profile ----------------------------------------------------------------------------------------------------------
def test_a_contact_changes_language_and_look(home: Browser, cast: Cast) -> None:
    assert 'lang="zh-hans"' in home.read("/portal/profile/")
    home.post("/look/", {"language": "en", "next": "/portal/profile/"})
    home.post("/look/", {"theme": "dark", "next": "/portal/profile/"})
    assert '<html lang="en" data-bs-theme="dark">' in home.read("/portal/profile/")


def test_a_contact_changes_the_password_and_stays_logged_in_here_alone(home: Browser, cast: Cast) -> None:
    other = browser_of(User.objects.get(pk=cast.contact.pk))
    new = "a quite different phrase"
    url = "/portal/profile/password/"
    assert (
        home.send(url, "/portal/profile/", old_password="wrong", new_password1=new, new_password2=new).status_code
        == 422
    )
    said = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert home.send(url, "/portal/profile/", **said).status_code == 302
    assert User.objects.get(pk=cast.contact.pk).check_password(new)
    assert home.get("/portal/").status_code == 200
    assert other.get("/portal/").status_code == 302


def test_a_password_that_is_easily_guessed_is_refused(home: Browser, cast: Cast) -> None:
    said = {"old_password": PASSWORD, "new_password1": "12345678", "new_password2": "12345678"}
    assert home.send("/portal/profile/password/", "/portal/profile/", **said).status_code == 422
    assert User.objects.get(pk=cast.contact.pk).check_password(PASSWORD)


def test_a_promised_time_is_told_while_it_is_a_promise(home: Browser, new_ticket: NewTicket, cast: Cast) -> None:
    ticket = worked_on(new_ticket(), cast)
    promised = f"{clock.local(clock.now() + timedelta(days=2)):%m-%d %H:%M}"
    assert promised in home.read(page_of(ticket))
