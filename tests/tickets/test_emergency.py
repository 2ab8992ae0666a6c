"""Emergencies: what is one, who records it, and what must be there before work starts and before it ends (OFH)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils.datastructures import MultiValueDict

from notifications.models import Notice
from people.actors import Actor
from people.models import Substitution
from tests.cast import act
from tests.night import ACCESS, OPENING, TEN_AT_NIGHT, admitted, resolved, responded, shift
from tickets.models import Severity, Ticket
from vault.models import Access
from workflow import sweep
from workflow.models import Attachment, Deadline, WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from duty.models import Shift
    from tests.cast import Cast

    New = Callable[..., Ticket]

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def faults(refused: Any) -> dict[str, str]:
    """The reasons of a refusal by their fields."""
    return {reason.field: reason.message for reason in refused.value.reasons}


# --- what an emergency is -----------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-01")
@pytest.mark.parametrize("severe", [{"major_failure": "on"}, {"teaching_disturbed": "on", "major_failure": ""}])
def test_either_a_major_failure_or_disturbed_teaching_makes_an_emergency_of_a_product_issue(
    new_emergency: New, severe: dict[str, str]
) -> None:
    assert new_emergency(**severe).emergency is True


@pytest.mark.rule("OFH-01")
@pytest.mark.parametrize(
    ("lacking", "field"),
    [({"product_related": ""}, "product_related"), ({"major_failure": ""}, "major_failure")],
)
def test_what_does_not_meet_the_criteria_is_refused_with_the_rule_and_offered_as_an_ordinary_ticket(
    new_emergency: New, lacking: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        new_emergency(**lacking)
    assert "OFH-01" in faults(refused)[field]
    assert "OFH-13" in faults(refused)[""]
    assert "03-03 09:00" in faults(refused)[""]
    assert not Ticket.objects.exists()


@pytest.mark.rule("OFH-01")
def test_the_database_itself_keeps_no_emergency_that_meets_no_criterion(new_emergency: New) -> None:
    ticket = new_emergency()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(major_failure=False)


@pytest.mark.rule("OFH-14")
@pytest.mark.parametrize("sent", ["general", "urgent", ""])
def test_an_emergency_is_critical_whatever_is_sent(new_emergency: New, sent: str) -> None:
    severity = Severity.objects.get(code=sent).pk if sent else ""
    ticket = new_emergency(severity=severity)
    assert ticket.severity.code == "critical"
    response = Deadline.objects.get(record=ticket, timer="ticket.response")
    assert response.due_at == TEN_AT_NIGHT + timedelta(hours=4)


@pytest.mark.rule("OFH-14")
def test_an_emergency_stays_critical(new_emergency: New, cast: Cast) -> None:
    ticket = new_emergency()
    with pytest.raises(Missing) as refused:
        act(ticket, "change_severity", cast.engineer, severity="general", reason="不急")
    assert refused.value.reasons[0].rule == "OFH-14"


# --- who records it, and when -------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-02")
def test_the_engineer_on_duty_records_it_by_the_emergency_hotline(new_emergency: New, cast: Cast) -> None:
    ticket = new_emergency()
    assert ticket.channel.code == "emergency_hotline"
    assert ticket.accepted_at == TEN_AT_NIGHT


@pytest.mark.rule("OFH-02")
@pytest.mark.parametrize("who", ["other_engineer", "specialist", "director", "supervisor", "contact", "admin"])
def test_nobody_else_records_an_emergency(new_emergency: New, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        new_emergency(by=vars(cast)[who])
    assert "王工" in refused.value.reasons[0].who


@pytest.mark.rule("OFH-02")
def test_it_is_recorded_in_person_and_not_by_a_substitute(new_emergency: New, cast: Cast) -> None:
    Substitution.objects.create(
        principal=cast.engineer,
        substitute=cast.other_engineer,
        starts_at=TEN_AT_NIGHT - timedelta(hours=1),
        ends_at=OPENING,
    )
    with pytest.raises(InvalidData) as refused:
        new_emergency(by=Actor(cast.other_engineer, cast.engineer))
    assert "OFH-02" in faults(refused)[""]


@pytest.mark.rule("OFH-02")
def test_within_working_hours_there_is_no_emergency_intake(
    new_emergency: New, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    shift(cast.engineer, OPENING, OPENING + timedelta(hours=9))
    held_clock(OPENING + timedelta(hours=1))
    with pytest.raises(InvalidData) as refused:
        new_emergency()
    assert "OFH-02" in faults(refused)[""]


@pytest.mark.rule("OFH-02")
def test_calls_on_the_emergency_hotline_are_not_written_down_by_somebody_else(
    new_ticket: New, night: Shift, cast: Cast
) -> None:
    with pytest.raises(InvalidData) as refused:
        new_ticket(by=cast.specialist, channel="emergency_hotline")
    assert "OFH-02" in faults(refused)["channel"]
    assert new_ticket(by=cast.engineer, channel="emergency_hotline").channel.code == "emergency_hotline"


@pytest.mark.rule("OFH-03")
def test_customer_contact_and_a_way_to_reach_them_are_recorded(new_emergency: New) -> None:
    with pytest.raises(InvalidData) as refused:
        new_emergency(customer="", contact="")
    assert {"customer", "contact"} <= set(faults(refused))
    with pytest.raises(InvalidData) as refused:
        new_emergency(contact="", contact_text="夜班老师")
    assert list(faults(refused)) == ["phone"]
    ticket = new_emergency(contact="", contact_text="夜班老师", phone="13800001111")
    assert (ticket.contact.name, ticket.phone) == ("夜班老师", "13800001111")


@pytest.mark.rule("OFH-03")
def test_details_that_came_by_fax_or_mail_become_attachments(new_emergency: New, settings: Any, tmp_path: Any) -> None:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    files = MultiValueDict({"files": [SimpleUploadedFile("传真.png", PNG, "image/png")]})
    ticket = new_emergency(files=files)
    assert [a.name for a in Attachment.objects.filter(record=ticket)] == ["传真.png"]


@pytest.mark.rule("OFH-06")
def test_whoever_is_on_duty_has_it_at_once(new_emergency: New, cast: Cast) -> None:
    ticket = new_emergency()
    assert (ticket.handler, ticket.state) == (cast.engineer, "dispatched")
    work = WorkItem.objects.open().get(record=ticket, user=cast.engineer)
    assert (work.verb, work.due_at) == ("respond", TEN_AT_NIGHT + timedelta(hours=4))


# --- before work starts -------------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-04")
def test_no_work_starts_before_the_access_details_are_on_record(new_emergency: New, cast: Cast) -> None:
    ticket = new_emergency()
    with pytest.raises(Missing) as refused:
        act(ticket, "respond", cast.engineer)
    (reason,) = refused.value.reasons
    assert reason.rule == "OFH-04"
    assert reason.who
    responded(ticket, cast.engineer)
    assert ticket.state == "in_progress"


@pytest.mark.rule("OFH-04")
@pytest.mark.parametrize("missing", sorted(ACCESS))
def test_all_five_details_are_asked_for(new_emergency: New, cast: Cast, missing: str) -> None:
    ticket = new_emergency()
    with pytest.raises(InvalidData) as refused:
        act(ticket, "record_access", cast.engineer, **ACCESS | {missing: ""})
    assert "OFH-04" in faults(refused)[missing]
    assert not Access.objects.exists()


@pytest.mark.rule("OFH-04")
def test_details_on_file_need_no_asking_again(new_emergency: New, cast: Cast) -> None:
    first = admitted(new_emergency(), cast.engineer)
    assert new_emergency(title="又宕机了").access == first.access


def test_an_ordinary_ticket_asks_for_no_access_details(new_ticket: New, cast: Cast) -> None:
    ticket = new_ticket()
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    with pytest.raises(InvalidData):
        act(ticket, "respond", cast.engineer)


# --- when it is solved --------------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-07")
@pytest.mark.parametrize("missing", ["cause", "method"])
def test_cause_and_method_are_recorded_even_if_the_severity_asks_for_none(
    new_emergency: New, cast: Cast, missing: str
) -> None:
    Severity.objects.update(cause_required=False)
    ticket = responded(new_emergency(), cast.engineer)
    said = {"method": "重启", "course": "查日志", "result": "恢复", "cause": "连接数耗尽"}
    with pytest.raises(InvalidData) as refused:
        act(ticket, "resolve", cast.engineer, **said | {missing: ""})
    assert list(faults(refused)) == [missing]
    act(ticket, "resolve", cast.engineer, **said)
    assert (ticket.cause, ticket.method) == ("连接数耗尽", "重启")


@pytest.mark.rule("OFH-08")
def test_both_kinds_of_feedback_are_needed_before_it_can_be_closed(
    new_emergency: New, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    ticket = responded(new_emergency(), cast.engineer)
    act(ticket, "tell_by_phone", cast.engineer, person="张老师", summary="正在处理")
    held_clock(TEN_AT_NIGHT + timedelta(hours=1))
    said = {"method": "重启", "course": "查日志", "result": "恢复", "cause": "连接数耗尽"}
    act(ticket, "resolve", cast.engineer, **said)
    with pytest.raises(Missing) as refused:
        act(ticket, "confirm", cast.specialist, satisfaction=5)
    assert [reason.rule for reason in refused.value.reasons] == ["OFH-08", "OFH-08"]
    act(ticket, "tell_by_phone", cast.engineer, person="张老师", summary="已恢复")
    with pytest.raises(Missing) as refused:
        act(ticket, "confirm", cast.specialist, satisfaction=5)
    assert len(refused.value.reasons) == 1
    act(ticket, "tell_by_email", cast.engineer, email="zhang@pku.example", summary="已恢复")
    act(ticket, "confirm", cast.specialist, satisfaction=5)
    assert ticket.state == "closed"


@pytest.mark.rule("OFH-08")
def test_an_emergency_never_closes_by_itself(new_emergency: New, cast: Cast, held_clock: Callable[..., Any]) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    assert not Deadline.objects.filter(record=ticket, timer="ticket.autoclose").exists()
    held_clock(TEN_AT_NIGHT + timedelta(days=30))
    sweep.run()
    ticket.refresh_from_db()
    assert ticket.state == "resolved"


@pytest.mark.rule("OFH-08")
def test_the_result_by_phone_and_by_email_waits_for_the_handler(new_emergency: New, cast: Cast) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    waiting = WorkItem.objects.open().filter(record=ticket, user=cast.engineer)
    assert set(waiting.values_list("verb", flat=True)) == {"tell_by_phone", "tell_by_email"}
    act(ticket, "tell_by_phone", cast.engineer, person="张老师", summary="已恢复")
    assert set(waiting.values_list("verb", flat=True)) == {"tell_by_email"}


@pytest.mark.rule("OFH-08")
def test_the_account_manager_hears_of_every_step(new_emergency: New, cast: Cast) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    act(ticket, "tell_by_phone", cast.engineer, person="张老师", summary="已恢复")
    told = Notice.objects.filter(recipient=cast.account_manager, record=ticket, rule="OFH-08")
    assert {"record_emergency", "resolve", "tell_by_phone"} == set(told.values_list("entry__verb", flat=True))


def test_telling_the_customer_of_an_ordinary_ticket_is_no_act_of_its_own(new_ticket: New, cast: Cast) -> None:
    ticket = new_ticket()
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    with pytest.raises(WrongState):
        act(ticket, "tell_by_phone", cast.engineer, person="张老师", summary="…")
