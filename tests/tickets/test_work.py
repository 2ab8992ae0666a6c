"""What is written down while a ticket is worked on, and when it ends (TKT-13 to TKT-15, TKT-22 to TKT-24, TKT-27)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from core import clock
from tests.cast import act
from tickets.models import Channel, Ticket
from workflow.models import Record, WorkItem
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast

pytestmark = pytest.mark.kernel


def tomorrow() -> str:
    return f"{clock.local(clock.now() + timedelta(days=1)):%Y-%m-%dT%H:%M}"


def response(**said: Any) -> dict[str, Any]:
    phone = Channel.objects.get(code="phone").pk
    return {"contacted_by": phone, "way": "远程处理", "expected_at": tomorrow(), "measures": "查日志"} | said


SOLUTION = {"method": "重启服务", "course": "查日志,重启", "result": "恢复正常"}


@pytest.fixture
def ticket(new_ticket: Callable[..., Ticket], cast: Cast) -> Ticket:
    """One that is with the engineer."""
    made = new_ticket()
    act(made, "dispatch", cast.specialist)
    return made


@pytest.fixture
def in_progress(ticket: Ticket, cast: Cast) -> Ticket:
    act(ticket, "respond", cast.engineer, **response())
    return ticket


@pytest.fixture
def resolved(in_progress: Ticket, cast: Cast) -> Ticket:
    act(in_progress, "resolve", cast.engineer, **SOLUTION)
    return in_progress


def fields(refused: Any) -> set[str]:
    return {reason.field for reason in refused.value.reasons}


@pytest.mark.rule("TKT-13")
@pytest.mark.parametrize("left_out", ["expected_at", "measures"])
def test_a_response_states_expected_time_and_measures(ticket: Ticket, cast: Cast, left_out: str) -> None:
    with pytest.raises(InvalidData) as refused:
        act(ticket, "respond", cast.engineer, **response(**{left_out: ""}))
    assert fields(refused) == {left_out}
    assert "TKT-13" in refused.value.reasons[0].message
    assert ticket.state == "dispatched"


@pytest.mark.rule("TKT-13")
@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_promise_lies_ahead_and_not_out_of_sight(ticket: Ticket, cast: Cast, days: int) -> None:
    expected = clock.local(clock.now() + timedelta(days=days))
    with pytest.raises(InvalidData) as refused:
        act(ticket, "respond", cast.engineer, **response(expected_at=f"{expected:%Y-%m-%dT%H:%M}"))
    assert fields(refused) == {"expected_at"}


@pytest.mark.rule("TKT-13")
def test_the_promise_is_kept_on_the_ticket_and_watched(ticket: Ticket, cast: Cast) -> None:
    act(ticket, "respond", cast.engineer, **response())
    assert (ticket.way, ticket.measures) == ("远程处理", "查日志")
    promise = ticket.deadlines.get(timer="ticket.promise")
    assert promise.due_at == ticket.expected_at


@pytest.mark.rule("TKT-16")
def test_the_way_of_resolution_is_part_of_a_response(ticket: Ticket, cast: Cast) -> None:
    with pytest.raises(InvalidData) as refused:
        act(ticket, "respond", cast.engineer, **response(way=""))
    assert fields(refused) == {"way"}


@pytest.mark.rule("TKT-14")
@pytest.mark.parametrize("left_out", ["method", "course", "result"])
def test_the_handler_records_method_course_and_result(in_progress: Ticket, cast: Cast, left_out: str) -> None:
    with pytest.raises(InvalidData) as refused:
        act(in_progress, "resolve", cast.engineer, **(SOLUTION | {left_out: "  "}))
    assert fields(refused) == {left_out}


@pytest.mark.rule("TKT-14")
def test_leftover_issues_are_kept_with_the_rest(in_progress: Ticket, cast: Cast) -> None:
    act(in_progress, "resolve", cast.engineer, **SOLUTION, leftovers="下次升级时复查")
    assert (in_progress.method, in_progress.course, in_progress.result) == tuple(SOLUTION.values())
    assert in_progress.leftovers == "下次升级时复查"


@pytest.mark.rule("TKT-15")
def test_a_hand_over_names_the_next_handler_and_carries_its_note(ticket: Ticket, cast: Cast) -> None:
    entry = act(ticket, "hand_over", cast.engineer, handler=cast.other_engineer.pk, done="查过日志", leftovers="未复现")
    assert ticket.handler == cast.other_engineer
    assert (entry.data["said"]["done"], entry.data["said"]["leftovers"]) == ("查过日志", "未复现")
    item = WorkItem.objects.open().get(record=ticket, verb="respond")
    assert item.user == cast.other_engineer


@pytest.mark.rule("TKT-15")
@pytest.mark.parametrize("left_out", ["handler", "done", "leftovers"])
def test_a_hand_over_without_its_parts_is_refused(ticket: Ticket, cast: Cast, left_out: str) -> None:
    said = {"handler": cast.other_engineer.pk, "done": "d", "leftovers": "l"} | {left_out: ""}
    with pytest.raises(InvalidData) as refused:
        act(ticket, "hand_over", cast.engineer, **said)
    assert fields(refused) == {left_out}
    assert "TKT-15" in refused.value.reasons[0].message


@pytest.mark.rule("TKT-15")
def test_nobody_hands_over_to_the_present_handler(ticket: Ticket, cast: Cast) -> None:
    with pytest.raises(InvalidData):
        act(ticket, "hand_over", cast.engineer, handler=cast.engineer.pk, done="d", leftovers="l")


@pytest.mark.rule("TKT-22")
def test_the_specialist_who_accepted_it_follows_it_until_it_is_resolved(resolved: Ticket, cast: Cast) -> None:
    assert resolved.specialist == cast.specialist
    assert list(Record.objects.filter(specialist=cast.specialist, is_open=True)) == [Record.objects.get()]
    item = WorkItem.objects.of(cast.specialist).get(record=resolved)
    assert item.verb == "confirm"


@pytest.mark.rule("TKT-22")
def test_the_customers_word_closes_it_and_is_asked_for_in_one_to_five(resolved: Ticket, cast: Cast) -> None:
    for nonsense in ("", "0", "6", "gut", "4.5"):
        with pytest.raises(InvalidData):
            act(resolved, "confirm", cast.specialist, satisfaction=nonsense)
    act(resolved, "confirm", cast.specialist, satisfaction="4", comment="及时")
    assert (resolved.state, resolved.satisfaction, resolved.comment) == ("closed", 4, "及时")
    assert not resolved.is_open


@pytest.mark.rule("TKT-23")
def test_the_account_manager_sees_presses_and_logs_contact(in_progress: Ticket, cast: Cast) -> None:
    assert in_progress in Ticket.objects.for_actor(cast.account_manager).filter(
        customer__account_manager=cast.account_manager
    )
    act(in_progress, "press", cast.account_manager, text="客户在催")
    phone = Channel.objects.get(code="phone").pk
    act(in_progress, "log_contact", cast.account_manager, contacted_by=phone, person="张老师", summary="正在处理")
    assert [entry.verb for entry in in_progress.entries.order_by("-seq")[:2]] == ["log_contact", "press"]


@pytest.mark.rule("TKT-24")
def test_only_technical_issues_go_to_rd_and_the_refusal_says_what_to_do_and_who_can(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket(subtype="features")
    act(ticket, "dispatch", cast.specialist)
    act(ticket, "respond", cast.trainer, **response())
    with pytest.raises(Missing) as refused:
        act(ticket, "escalate_to_rd", cast.trainer, question="q", tried="t")
    (reason,) = refused.value.reasons
    assert reason.rule == "TKT-24"
    assert reason.who


@pytest.mark.rule("TKT-24")
def test_rd_gets_it_in_its_queue_and_gives_back_method_advice_result_and_next_handler(
    in_progress: Ticket, cast: Cast
) -> None:
    act(in_progress, "escalate_to_rd", cast.engineer, question="为何死锁", tried="重启")
    assert in_progress in Ticket.objects.for_actor(cast.rd_engineer)
    assert WorkItem.objects.of(cast.rd_engineer).filter(record=in_progress, verb="return_from_rd").exists()
    with pytest.raises(InvalidData) as refused:
        act(in_progress, "return_from_rd", cast.rd_engineer, method="m")
    assert fields(refused) == {"advice", "result"}
    said = {"method": "改锁序", "advice": "升级", "result": "补丁已出", "leftovers": "回归测试"}
    entry = act(in_progress, "return_from_rd", cast.rd_engineer, **said, handler=cast.other_engineer.pk)
    assert (in_progress.state, in_progress.handler) == ("in_progress", cast.other_engineer)
    assert said.items() <= entry.data["said"].items()


def test_waiting_for_the_customer_ends_with_the_answer(in_progress: Ticket, cast: Cast) -> None:
    act(in_progress, "wait_for_customer", cast.engineer, asked="请提供日志")
    assert in_progress.state == "waiting_customer"
    act(in_progress, "customer_answered", cast.contact, answer="已发邮箱")
    assert in_progress.state == "in_progress"


@pytest.mark.rule("TKT-27")
def test_no_ticket_is_resolved_without_method_and_result(in_progress: Ticket, cast: Cast) -> None:
    with pytest.raises(InvalidData) as refused:
        act(in_progress, "resolve", cast.engineer, course="c")
    assert fields(refused) == {"method", "result"}
    assert all("TKT-27" in reason.message for reason in refused.value.reasons)
    assert in_progress.state == "in_progress"


@pytest.mark.rule("TKT-27")
def test_the_database_itself_keeps_no_resolved_ticket_without_them(resolved: Ticket) -> None:
    for name in ("method", "result"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=resolved.pk).update(**{name: ""})


@pytest.mark.rule("TKT-27")
def test_a_ticket_cannot_be_closed_before_it_is_resolved(in_progress: Ticket, cast: Cast) -> None:
    with pytest.raises(WrongState):
        act(in_progress, "confirm", cast.specialist, satisfaction=5)


def test_the_cause_is_asked_for_where_the_severity_asks_for_it(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = new_ticket(severity="critical")
    act(ticket, "dispatch", cast.specialist)
    act(ticket, "respond", cast.engineer, **response())
    with pytest.raises(InvalidData) as refused:
        act(ticket, "resolve", cast.engineer, **SOLUTION)
    assert fields(refused) == {"cause"}
    act(ticket, "resolve", cast.engineer, **SOLUTION, cause="磁盘已满")
    assert ticket.cause == "磁盘已满"


def test_cancelling_and_reopening_want_a_reason(
    new_ticket: Callable[..., Ticket], resolved: Ticket, cast: Cast
) -> None:
    with pytest.raises(InvalidData):
        act(resolved, "reopen", cast.specialist, reason="")
    with pytest.raises(InvalidData):
        act(new_ticket(), "cancel", cast.specialist, reason=" ")


def test_copies_let_a_colleague_of_another_department_read_along(ticket: Ticket, cast: Cast) -> None:
    assert ticket not in Ticket.objects.for_actor(cast.finance)
    act(ticket, "copy_to", cast.specialist, people=[cast.finance.pk])
    assert ticket in Ticket.objects.for_actor(cast.finance)
    with pytest.raises(InvalidData):
        act(ticket, "copy_to", cast.specialist, people=[cast.contact.pk])


def test_a_note_is_internal_and_an_empty_one_is_refused(ticket: Ticket, cast: Cast) -> None:
    assert not act(ticket, "note", cast.engineer, text="内部").public
    with pytest.raises(InvalidData):
        act(ticket, "note", cast.engineer, text="\u0000 ")


@pytest.mark.parametrize(
    ("verb", "mine"),
    [
        ("respond", {"engineer"}),
        ("hand_over", {"engineer", "specialist", "supervisor", "director"}),
        ("press", {"specialist", "other_specialist", "account_manager", "supervisor", "director"}),
        ("log_contact", {"engineer", "specialist", "other_specialist", "account_manager"}),
        ("change_severity", {"engineer", "specialist", "other_specialist", "account_manager"}),
        ("cancel", {"specialist", "director"}),
        ("excuse", {"director"}),
    ],
)
def test_who_may_do_what_with_a_dispatched_ticket(ticket: Ticket, cast: Cast, verb: str, mine: set[str]) -> None:
    """The parties in words; everybody else is told who can."""
    for name, person in cast.everybody().items():
        if name in mine:
            try:
                act(ticket, verb, person)
            except InvalidData:
                continue  # let in, and asked for more
        else:
            with pytest.raises(NotAllowed) as refused:
                act(ticket, verb, person)
            assert refused.value.reasons[0].who


@pytest.mark.rule("TKT-22")
def test_an_issue_that_the_customer_raised_waits_for_every_specialist_until_one_follows_it(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    raised = new_ticket(by=cast.contact, channel="portal")
    for specialist in (cast.specialist, cast.other_specialist):
        assert WorkItem.objects.of(specialist).filter(record=raised, verb="dispatch").exists()
    act(raised, "dispatch", cast.other_specialist)
    assert raised.specialist == cast.other_specialist
    assert not WorkItem.objects.open().filter(record=raised, role="customer_specialist").exists()


def test_a_ticket_that_a_colleague_dispatches_stays_with_the_specialist_who_accepted_it(
    new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket()
    act(ticket, "dispatch", cast.other_specialist)
    assert ticket.specialist == cast.specialist
