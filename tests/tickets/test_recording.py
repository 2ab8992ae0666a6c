"""What is written down when an issue is accepted (TKT-01 to TKT-06)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from core import clock
from customers.models import Contact, Organisation, Site
from tests.cast import act
from tickets.models import Channel, IssueSubtype, IssueType, Severity, Ticket
from workflow.refusals import InvalidData, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def faults(refused: Any) -> dict[str, str]:
    """The reasons of a refusal by their fields."""
    return {reason.field: reason.message for reason in refused.value.reasons}


@pytest.mark.rule("TKT-01")
@pytest.mark.parametrize("channel", ["hotline", "email", "fax", "portal"])
def test_an_issue_of_any_channel_becomes_a_ticket_that_keeps_the_channel(
    new_ticket: Callable[..., Ticket], channel: str
) -> None:
    ticket = new_ticket(channel=channel)
    assert ticket.channel.code == channel
    assert ticket.number.startswith("TK-")
    assert ticket.state == "recorded"


@pytest.mark.rule("TKT-01")
def test_a_ticket_without_a_channel_is_refused(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(channel="")
    assert "TKT-01" in faults(refused)["channel"]
    assert not Ticket.objects.exists()


@pytest.mark.rule("TKT-01")
def test_no_issue_arrives_by_a_way_of_mere_contact(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(channel="on_site")
    assert list(faults(refused)) == ["channel"]


@pytest.mark.rule("TKT-02")
def test_a_ticket_names_customer_and_contact(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(customer="", contact="")
    assert "TKT-02" in faults(refused)["customer"]
    with pytest.raises(InvalidData) as refused:
        new_ticket(contact="")
    assert "TKT-02" in faults(refused)["contact"]
    assert not Ticket.objects.exists()


@pytest.mark.rule("TKT-02")
def test_a_new_contact_needs_one_way_to_be_reached(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(contact="", contact_text="王老师")
    assert "TKT-02" in faults(refused)["phone"]
    assert not Contact.objects.filter(name="王老师").exists()


@pytest.mark.rule("TKT-02")
@pytest.mark.parametrize("way", [{"phone": "010-62750000"}, {"fax": "010-62750001"}, {"email": "wang@pku.example"}])
def test_any_one_way_to_reach_the_contact_is_enough(
    new_ticket: Callable[..., Ticket], university: University, way: dict[str, str]
) -> None:
    ticket = new_ticket(contact="", contact_text="王老师", **way)
    ((name, value),) = way.items()
    assert getattr(ticket, name) == value
    assert ticket.contact.organisation == university.organisation
    assert getattr(ticket.contact, name) == value


@pytest.mark.rule("TKT-02")
def test_the_database_itself_keeps_no_ticket_whose_reporter_cannot_be_reached(
    new_ticket: Callable[..., Ticket],
) -> None:
    ticket = new_ticket()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(phone="", fax="", email="")


def test_the_numbers_of_a_known_contact_come_along(new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket()
    assert (ticket.phone, ticket.email) == ("010-62751234", "zhang@pku.example")


def test_numbers_given_for_this_issue_go_before_those_of_the_contact(new_ticket: Callable[..., Ticket]) -> None:
    assert new_ticket(phone="13800001111").phone == "13800001111"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("０１０－６２７５１２３４", "010-62751234"),
        (" 010 6275 1234 ", "010 6275 1234"),
        ("010-62751234 转 801", "010-62751234 转 801"),
        ("+86 10 62751234", "+86 10 62751234"),
        ("400-810-1234", "400-810-1234"),
        ("95588", "95588"),
    ],
)
def test_numbers_are_kept_as_they_are_dialled(new_ticket: Callable[..., Ticket], typed: str, kept: str) -> None:
    assert new_ticket(phone=typed).phone == kept


@pytest.mark.parametrize(
    "nonsense", ["abc", "1", "0000000", "1381234567", "12 monkeys", "010-6275123412341234", "转801"]
)
def test_a_number_that_nobody_could_dial_is_refused(new_ticket: Callable[..., Ticket], nonsense: str) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(phone=nonsense)
    assert list(faults(refused)) == ["phone"]


def test_an_address_is_kept_in_one_form(new_ticket: Callable[..., Ticket]) -> None:
    assert new_ticket(email="Wang.Li＠PKU.Example").email == "Wang.Li@pku.example"
    with pytest.raises(InvalidData):
        new_ticket(email="wang at pku")


def test_a_contact_of_that_name_and_number_is_not_doubled(
    new_ticket: Callable[..., Ticket], university: University
) -> None:
    ticket = new_ticket(contact="", contact_text="张老师", phone="010-62751234")
    assert ticket.contact == university.contact
    namesake = new_ticket(contact="", contact_text="张老师", phone="010-62759999").contact
    assert namesake != university.contact


def test_nothing_of_a_refused_ticket_stays_not_even_its_new_contact(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData):
        new_ticket(contact="", contact_text="王老师", phone="010-62750000", title="")
    assert not Contact.objects.filter(name="王老师").exists()


def test_a_contact_or_platform_of_another_customer_is_refused(
    new_ticket: Callable[..., Ticket], university: University
) -> None:
    other = Organisation.objects.create(name="清华大学", region=university.region)
    stranger = Contact.objects.create(organisation=other, name="刘老师", phone="010-62780000")
    site = Site.objects.create(organisation=other, name="清华教学网")
    with pytest.raises(InvalidData) as refused:
        new_ticket(contact=stranger.pk)
    assert list(faults(refused)) == ["contact"]
    with pytest.raises(InvalidData) as refused:
        new_ticket(site=site.pk)
    assert list(faults(refused)) == ["site"]


def test_a_customer_who_has_left_is_refused(new_ticket: Callable[..., Ticket], university: University) -> None:
    university.organisation.active = False
    university.organisation.save()
    with pytest.raises(InvalidData) as refused:
        new_ticket()
    assert "customer" in faults(refused)


@pytest.mark.rule("TKT-03")
def test_there_are_five_types_of_which_four_have_subtypes(seeded: None) -> None:
    with_subtypes = {row.code for row in IssueType.objects.all() if row.subtypes.exists()}
    assert with_subtypes == {"technical", "application", "requirement", "training_request"}
    assert set(IssueType.objects.values_list("code", flat=True)) - with_subtypes == {"other"}


@pytest.mark.rule("TKT-03")
def test_a_type_with_subtypes_asks_for_one(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(subtype="", issue_type=IssueType.objects.get(code="technical").pk)
    assert "TKT-03" in faults(refused)["subtype"]


@pytest.mark.rule("TKT-03")
def test_a_subtype_of_another_type_is_refused(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(subtype="renewal", issue_type=IssueType.objects.get(code="technical").pk)
    assert "TKT-03" in faults(refused)["subtype"]


@pytest.mark.rule("TKT-03")
def test_a_ticket_of_no_type_is_refused_and_other_needs_no_subtype(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(subtype="")
    assert "TKT-03" in faults(refused)["issue_type"]
    assert new_ticket(subtype="", issue_type=IssueType.objects.get(code="other").pk).subtype is None


@pytest.mark.rule("TKT-04")
def test_a_severity_must_be_judged(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(severity="")
    assert "TKT-04" in faults(refused)["severity"]


@pytest.mark.rule("TKT-04")
def test_each_of_the_three_severities_has_its_criterion_in_both_languages(seeded: None) -> None:
    rows = Severity.objects.order_by("position")
    assert [row.code for row in rows] == ["general", "urgent", "critical"]
    assert all(row.criterion_zh and row.criterion_en for row in rows)


@pytest.mark.rule("TKT-04")
def test_a_severity_is_judged_anew_with_a_reason_and_to_another_level(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket()
    with pytest.raises(InvalidData) as refused:
        act(ticket, "change_severity", cast.specialist, severity="general", reason="x")
    assert list(faults(refused)) == ["severity"]
    with pytest.raises(InvalidData) as refused:
        act(ticket, "change_severity", cast.specialist, severity="urgent", reason=" ")
    assert "TKT-04" in faults(refused)["reason"]
    entry = act(ticket, "change_severity", cast.specialist, severity="urgent", reason="全校停课")
    assert ticket.severity.code == "urgent"
    assert [each["zh"] for each in entry.data["changes"]["severity"]] == ["一般", "紧迫"]


@pytest.mark.rule("TKT-05")
def test_details_can_be_asked_for_and_are_kept_as_attachments(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = new_ticket()
    act(
        ticket,
        "ask_for_details",
        cast.specialist,
        asked="请传真错误截图",
        contacted_by=Channel.objects.get(code="phone").pk,
    )
    assert ticket.entries.get(verb="ask_for_details").public
    act(
        ticket,
        "attach",
        cast.specialist,
        files={"files": SimpleUploadedFile("传真.png", PNG, "image/png")},
        text="传真",
    )
    attachment = ticket.attachments.get()
    assert (attachment.name, attachment.content_type) == ("传真.png", "image/png")


@pytest.mark.rule("TKT-05")
def test_files_come_with_the_ticket_and_with_the_customers_answer(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket(files={"files": SimpleUploadedFile("a.png", PNG, "image/png")})
    assert ticket.attachments.count() == 1


@pytest.mark.rule("TKT-05")
def test_a_file_that_is_not_what_its_name_says_is_refused_and_no_ticket_made(new_ticket: Callable[..., Ticket]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(files={"files": SimpleUploadedFile("a.png", b"MZ" + b"\x00" * 64, "image/png")})
    assert list(faults(refused)) == ["files"]
    assert not Ticket.objects.exists()


@pytest.mark.rule("TKT-06")
def test_a_specialist_answers_at_once_and_nobody_is_dispatched(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = new_ticket()
    act(ticket, "answer_at_once", cast.specialist, method="电话指导", result="已能登录")
    assert ticket.state == "resolved"
    assert ticket.handler == cast.specialist
    assert not ticket.entries.filter(verb="dispatch").exists()


@pytest.mark.rule("TKT-06")
def test_only_specialists_answer_at_once_and_only_before_dispatch(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket()
    with pytest.raises(NotAllowed) as refused:
        act(ticket, "answer_at_once", cast.engineer, method="m", result="r")
    assert refused.value.reasons[0].rule == "TKT-06"
    act(ticket, "dispatch", cast.specialist)
    with pytest.raises(WrongState):
        act(ticket, "answer_at_once", cast.specialist, method="m", result="r")


def test_acceptance_is_the_moment_of_recording(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    with clock.held(at):
        ticket = new_ticket()
    assert ticket.accepted_at == ticket.created_at == at
    assert ticket.specialist == cast.specialist


def test_a_customer_raises_an_issue_for_their_own_organisation_only(
    new_ticket: Callable[..., Ticket], cast: Cast, university: University
) -> None:
    mine = new_ticket(by=cast.contact, customer="", contact="", channel="portal")
    assert (mine.customer, mine.contact) == (university.organisation, university.contact)
    other = Organisation.objects.create(name="清华大学", region=university.region)
    stranger = Contact.objects.create(organisation=other, name="刘老师", phone="010-62780000")
    with pytest.raises(InvalidData) as refused:
        new_ticket(by=cast.contact, customer=other.pk, contact=stranger.pk)
    assert "customer" in faults(refused)


def test_what_was_recorded_is_corrected_and_old_and_new_stay_on_record(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket()
    entry = act(ticket, "correct", cast.specialist, title="教学平台登录后白屏")
    assert ticket.title == "教学平台登录后白屏"
    assert entry.data["changes"] == {"title": ["教学平台无法登录", "教学平台登录后白屏"]}
    assert list(entry.data["said"]) == ["title"]


@pytest.mark.rule("TKT-03")
def test_a_correction_keeps_type_and_subtype_consistent_and_says_when_nothing_differs(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket()
    with pytest.raises(InvalidData) as refused:
        act(ticket, "correct", cast.specialist, subtype="renewal")
    assert "TKT-03" in faults(refused)["subtype"]
    with pytest.raises(InvalidData):
        act(ticket, "correct", cast.specialist, title=ticket.title)
    renewal = IssueSubtype.objects.get(code="renewal")
    act(ticket, "correct", cast.specialist, subtype=renewal.pk, issue_type=renewal.issue_type_id)
    assert ticket.issue_type.code == "requirement"
