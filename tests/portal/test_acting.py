"""What a customer may do, what not, and that nothing happens twice or by mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from customers.models import Contact, Organisation, Site
from people.models import User
from tests.cast import PASSWORD, Cast, University, act
from tests.portal.conftest import Browser, browser_of, page_of, picture, worked_on
from tickets.models import Ticket
from workflow.models import Attachment, Entry, Record

NewTicket = Callable[..., Ticket]
Issue = dict[str, Any]
pytestmark = pytest.mark.django_db
NEW = "/portal/new/ticket/"


def footprint() -> list[Any]:
    """What an act would have left behind."""
    return [list(model.objects.order_by("pk").values()) for model in (Record, Entry, Attachment)]


# --- raising ----------------------------------------------------------------------------------------------------------
@pytest.mark.rule("TKT-01")
@pytest.mark.rule("TKT-02")
def test_what_a_contact_raises_is_a_ticket_in_their_name_by_way_of_the_portal(
    home: Browser, cast: Cast, university: University, issue: Issue
) -> None:
    answer = home.send(NEW, **issue, site=university.site.pk)
    ticket = Ticket.objects.get()
    assert answer.headers["Location"] == page_of(ticket)
    assert (ticket.customer, ticket.contact) == (university.organisation, university.contact)
    assert (ticket.channel.code, ticket.severity.code, ticket.subtype.code) == ("portal", "urgent", "fault")
    assert (ticket.title, ticket.site, ticket.specialist) == ("成绩册打不开", university.site, None)
    entry = Entry.objects.get(verb="record")
    assert (entry.actor, entry.channel, entry.public) == (cast.contact, "portal", True)
    shown = home.read(page_of(ticket))
    assert ticket.number in shown
    assert "点击成绩册后出现错误 500。" in shown


def test_whatever_a_contact_sends_it_is_for_their_own_organisation_and_in_their_own_name(
    home: Browser, cast: Cast, university: University, elsewhere: Organisation, stranger: Browser, issue: Issue
) -> None:
    theirs = Contact.objects.get(organisation=elsewhere)
    home.send(
        NEW,
        **issue,
        customer=elsewhere.pk,
        contact=theirs.pk,
        channel="1",
        handler=cast.engineer.pk,
        specialist=cast.engineer.pk,
        state="closed",
    )
    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.contact) == (university.organisation, university.contact)
    assert (ticket.channel.code, ticket.handler, ticket.specialist) == ("portal", None, None)
    assert ticket.state == "recorded"


def test_another_organisation_s_platform_cannot_be_named(
    home: Browser, elsewhere: Organisation, issue: Issue
) -> None:
    answer = home.send(NEW, **issue, site=Site.objects.get(organisation=elsewhere).pk)
    assert answer.status_code == 422
    assert not Ticket.objects.exists()


@pytest.mark.rule("TKT-04")
def test_the_severities_are_offered_with_their_criteria(home: Browser) -> None:
    assert "系统宕机或整体不能使用" in home.read(NEW)
    home.post("/look/", {"language": "en"})
    assert "The system is down or cannot be used as a whole" in home.read(NEW)


@pytest.mark.parametrize("left_out", ["title", "body", "severity", "about"])
def test_what_is_missing_is_named_at_its_field_and_what_was_typed_is_kept(
    home: Browser, issue: Issue, left_out: str
) -> None:
    answer = home.send(NEW, **{**issue, left_out: ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_record_{left_out}_error"' in text
    kept = "点击成绩册后出现错误 500。" if left_out != "body" else "成绩册打不开"
    assert kept in text
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("about", "subtype-0"),
        ("about", "type-1"),
        ("about", "x"),
        ("about", "subtype-1; DROP TABLE"),
        ("severity", "0"),
        ("severity", "9" * 40),
        ("severity", "x"),
        ("site", "9" * 40),
        ("phone", "1234"),
        ("phone", "0000000000"),
        ("email", "nobody"),
        ("title", "长" * 201),
    ],
)
def test_wrong_values_are_refused_with_words_and_change_nothing(
    home: Browser, issue: Issue, field: str, value: str
) -> None:
    answer = home.send(NEW, **{**issue, field: value})
    assert answer.status_code == 422
    assert 'class="fault"' in answer.content.decode()
    assert not Ticket.objects.exists()


def test_without_a_way_to_be_reached_the_one_that_we_know_is_taken(home: Browser, issue: Issue) -> None:
    home.send(NEW, **{**issue, "phone": "", "email": ""})
    assert Ticket.objects.get().phone == "010-62751234"


def test_pictures_come_along_and_the_organisation_sees_them(home: Browser, issue: Issue) -> None:
    home.send(NEW, **issue, files=[picture("一.png"), picture("二.png")])
    assert [a.name for a in Attachment.objects.filter(public=True)] == ["一.png", "二.png"]


def test_a_program_that_calls_itself_a_picture_is_refused_by_name(home: Browser, issue: Issue) -> None:
    false = SimpleUploadedFile("x.png", b"MZ\x90\x00<script>", "image/png")
    answer = home.send(NEW, **issue, files=[picture(), false])
    assert answer.status_code == 422
    assert "x.png" in answer.content.decode()
    assert not Ticket.objects.exists()
    assert not Attachment.objects.exists()


def test_a_form_that_is_sent_twice_raises_one_issue(home: Browser, issue: Issue) -> None:
    sent = {**issue, "key": "0123456789abcdef0123456789abcdef"}
    first, second = home.post(NEW, sent), home.post(NEW, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Ticket.objects.count() == 1


def test_nobody_takes_another_s_key(home: Browser, colleague: Browser, issue: Issue) -> None:
    sent = {**issue, "key": "0123456789abcdef0123456789abcdef"}
    home.post(NEW, sent)
    colleague.post(NEW, {**sent, "title": "另一个问题"})
    assert sorted(Ticket.objects.values_list("title", flat=True)) == sorted(["成绩册打不开", "另一个问题"])


def test_hostile_text_of_any_script_is_stored_as_it_is(home: Browser, issue: Issue) -> None:
    hostile = "<script>alert(1)</script> 😀 עברית \u202e 𠮷 ' OR 1=1 --"
    home.send(NEW, **{**issue, "title": hostile, "body": f"{hostile}\x00\n" + "长" * 200_000})
    ticket = Ticket.objects.get()
    assert ticket.title == hostile
    assert "\x00" not in ticket.body
    assert "<script>alert" not in home.read(page_of(ticket))


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
    assert home.post(page_of(resolved, "confirm"), {"satisfaction": "1", "version": resolved.version}).status_code == 409
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


def test_after_the_session_has_run_out_one_logs_in_and_is_back_at_the_form(
    home: Browser, waiting: Ticket
) -> None:
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
    assert home.send(url, "/portal/profile/", old_password="wrong", new_password1=new, new_password2=new).status_code == 422
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
