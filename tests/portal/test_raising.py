"""What a customer raises: in whose name, with what, and how bad input is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers.models import Contact, Organisation, Site
from tests.portal.conftest import Browser, page_of, picture
from tickets.models import Ticket
from workflow.models import Attachment, Entry

if TYPE_CHECKING:
    from tests.cast import Cast, University

NewTicket = Callable[..., Ticket]
Issue = dict[str, Any]
pytestmark = pytest.mark.django_db
NEW = "/portal/new/ticket/"


@pytest.mark.rule("TKT-01")
@pytest.mark.rule("TKT-02")
def test_what_a_contact_raises_is_a_ticket_in_their_name_by_way_of_the_portal(
    home: Browser, cast: Cast, university: University, issue: Issue
) -> None:
    answer = home.send(NEW, **issue, site=university.site.pk)
    ticket = Ticket.objects.get()
    assert answer.headers["Location"] == page_of(ticket)
    assert (ticket.customer, ticket.contact) == (university.organisation, university.contact)
    assert (ticket.channel.code, ticket.severity.code, str(ticket.subtype)) == ("portal", "urgent", "产品故障排除")
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


def test_another_organisation_s_platform_cannot_be_named(home: Browser, elsewhere: Organisation, issue: Issue) -> None:
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


def test_only_who_has_sent_files_is_told_to_choose_them_again(home: Browser, issue: Issue) -> None:
    home.post("/look/", {"language": "en"})
    words = "Files must be chosen again"
    assert words not in home.send(NEW, **{**issue, "title": ""}).content.decode()
    assert words in home.send(NEW, **{**issue, "title": ""}, files=[picture()]).content.decode()


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
