"""What follows an emergency: the account manager's questions, cries for help, and what waits for the morning (OFH)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from notifications.models import Notice
from tests.cast import act
from tests.night import OPENING, TEN_AT_NIGHT, resolved, responded
from tickets.models import Ticket
from workflow import sweep
from workflow.models import Deadline, Involvement, WorkItem
from workflow.refusals import InvalidData, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from duty.models import Shift
    from tests.cast import Cast

    New = Callable[..., Ticket]

ASKED = {
    "speed": 3,
    "outcome": "solved",
    "asked_satisfaction": 5,
    "opinions": "响应很快",
    "suggestions": "多备一个节点",
}


@pytest.mark.rule("OFH-09")
def test_the_follow_up_is_a_piece_of_work_of_the_account_manager_with_its_own_time(
    new_emergency: New, cast: Cast
) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    work = WorkItem.objects.open().get(record=ticket, user=cast.account_manager, verb="follow_up")
    assert work.due_at == OPENING + timedelta(hours=2)
    deadline = Deadline.objects.get(record=ticket, timer="ticket.follow_up")
    assert deadline.rule == "OFH-09"


@pytest.mark.rule("OFH-09")
@pytest.mark.parametrize("missing", ["speed", "outcome", "asked_satisfaction"])
def test_speed_result_and_satisfaction_are_all_asked(new_emergency: New, cast: Cast, missing: str) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    with pytest.raises(InvalidData) as refused:
        act(ticket, "follow_up", cast.account_manager, **ASKED | {missing: ""})
    assert [(r.field, "OFH-09" in r.message) for r in refused.value.reasons] == [(missing, True)]


@pytest.mark.rule("OFH-09")
def test_only_the_customers_account_manager_follows_up(new_emergency: New, cast: Cast) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    for person in (cast.engineer, cast.specialist, cast.director):
        with pytest.raises(NotAllowed):
            act(ticket, "follow_up", person, **ASKED)


@pytest.mark.rule("OFH-09")
def test_a_follow_up_that_is_not_done_is_told_of(
    new_emergency: New, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    held_clock(OPENING + timedelta(hours=2, minutes=1))
    sweep.run()
    told = Notice.objects.filter(record=ticket, recipient=cast.account_manager, rule="OFH-09")
    assert told.filter(entry__verb="deadline.missed").exists()


@pytest.mark.rule("OFH-10")
def test_opinions_and_suggestions_are_kept_where_they_can_be_counted(new_emergency: New, cast: Cast) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    with pytest.raises(InvalidData) as refused:
        act(ticket, "follow_up", cast.account_manager, **ASKED | {"opinions": ""})
    assert "OFH-10" in refused.value.reasons[0].message
    act(ticket, "follow_up", cast.account_manager, **ASKED)
    kept = Ticket.objects.exclude(opinions="").values_list("opinions", "suggestions", "speed", "asked_satisfaction")
    assert list(kept) == [("响应很快", "多备一个节点", 3, 5)]
    assert not WorkItem.objects.open().filter(record=ticket, verb="follow_up").exists()


@pytest.mark.rule("OFH-09")
def test_the_account_manager_can_still_follow_up_when_the_ticket_is_closed(new_emergency: New, cast: Cast) -> None:
    ticket = resolved(new_emergency(), cast.engineer)
    act(ticket, "tell_by_phone", cast.engineer, person="张老师", summary="已恢复")
    act(ticket, "tell_by_email", cast.engineer, email="zhang@pku.example", summary="已恢复")
    act(ticket, "confirm", cast.specialist, satisfaction=4)
    assert WorkItem.objects.open().filter(record=ticket, user=cast.account_manager, verb="follow_up").exists()
    act(ticket, "follow_up", cast.account_manager, **ASKED)
    assert ticket.followed_up_at is not None


@pytest.mark.rule("OFH-11")
def test_a_cry_for_help_reaches_account_manager_supervisor_and_whoever_is_chosen(
    new_emergency: New, cast: Cast
) -> None:
    ticket = responded(new_emergency(), cast.engineer)
    said = {"trouble": "unknown", "details": "数据库无法启动，备份也损坏", "people": [cast.rd_engineer.pk]}
    act(ticket, "cry_for_help", cast.engineer, **said)
    told = Notice.objects.filter(record=ticket, rule="OFH-11", urgency=2)
    assert set(told.values_list("recipient", flat=True)) == {
        cast.account_manager.pk,
        cast.supervisor.pk,
        cast.rd_engineer.pk,
    }
    assert Involvement.objects.filter(record=ticket, user=cast.rd_engineer, part="copied").exists()


@pytest.mark.rule("OFH-11")
def test_a_cry_for_help_says_what_and_why(new_emergency: New, cast: Cast) -> None:
    ticket = responded(new_emergency(), cast.engineer)
    with pytest.raises(InvalidData) as refused:
        act(ticket, "cry_for_help", cast.engineer)
    assert {r.field for r in refused.value.reasons} == {"trouble", "details"}


@pytest.mark.rule("OFH-13")
def test_what_is_no_emergency_waits_for_dispatch_at_the_next_working_hour(
    new_ticket: New, night: Shift, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    ticket = new_ticket(by=cast.engineer, channel="emergency_hotline")
    assert (ticket.state, ticket.handler, ticket.specialist) == ("recorded", None, None)
    deadline = Deadline.objects.get(record=ticket, timer="ticket.autodispatch")
    assert deadline.due_at == OPENING + timedelta(minutes=15)
    held_clock(OPENING - timedelta(minutes=1))
    sweep.run()
    ticket.refresh_from_db()
    assert ticket.state == "recorded"
    assert WorkItem.objects.open().filter(record=ticket, role="customer_specialist", verb="dispatch").exists()
    held_clock(OPENING + timedelta(minutes=16))
    sweep.run()
    ticket.refresh_from_db()
    assert ticket.state == "dispatched"


@pytest.mark.rule("OFH-13")
def test_a_specialist_who_dispatches_in_the_morning_follows_it(
    new_ticket: New, night: Shift, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    ticket = new_ticket(by=cast.engineer, channel="emergency_hotline")
    held_clock(OPENING)
    act(ticket, "dispatch", cast.specialist, handler=cast.other_engineer.pk)
    assert ticket.specialist == cast.specialist


def page_of(who: Any, address: str) -> Any:
    client = Client()
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(address)


def test_the_morning_finds_the_night_on_one_page(
    new_emergency: New, new_ticket: New, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    with_day = new_ticket(by=cast.engineer, title="普通来电", channel="emergency_hotline")
    emergency = resolved(new_emergency(), cast.engineer)
    held_clock(OPENING + timedelta(minutes=5))
    type(cast.specialist).objects.update(language="en")
    page = page_of(cast.specialist, "/ticket/pages/night/").content.decode()
    assert emergency.number in page
    assert with_day.number in page
    assert "王工" in page
    for left in ("to be dispatched", "by phone yet", "no specialist follows it", "followed up by the account manager"):
        assert left in page
    held_clock(TEN_AT_NIGHT + timedelta(days=1))
    assert with_day.number not in page_of(cast.specialist, "/ticket/pages/night/").content.decode()


def test_a_specialist_takes_over_to_follow_an_emergency(new_emergency: New, cast: Cast) -> None:
    ticket = new_emergency()
    act(ticket, "take_over", cast.specialist)
    assert ticket.specialist == cast.specialist


def test_the_nights_page_is_not_for_other_departments(night: Shift, cast: Cast) -> None:
    assert page_of(cast.finance, "/ticket/pages/night/").status_code == 404
    assert page_of(cast.specialist, "/ticket/pages/nothing/").status_code == 404
    assert page_of(cast.director, "/ticket/pages/night/").status_code == 200
