"""Who is told what (TKT-07 to TKT-11, TKT-15, TKT-19, TKT-22, TKT-23)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail

from notifications.models import Notice
from people.models import User
from tests.cast import act
from tests.tickets.test_work import SOLUTION, response
from tickets.models import IssueType, Ticket
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tickets.models import Ticket


def told(ticket: Ticket, verb: str, rule: str = "") -> set[str]:
    rows = Notice.objects.filter(record=ticket.pk, entry__verb=verb)
    return set((rows.filter(rule=rule) if rule else rows).values_list("recipient__username", flat=True))


@pytest.fixture
def dispatched(new_ticket: Callable[..., Ticket], cast: Cast) -> Callable[..., Ticket]:
    def make(**said: Any) -> Ticket:
        ticket = new_ticket(**said)
        act(ticket, "dispatch", cast.specialist)
        return ticket

    return make


@pytest.mark.parametrize(
    ("subtype", "rule", "handler"),
    [
        pytest.param("fault", "TKT-07", "engineer", marks=pytest.mark.rule("TKT-07")),
        pytest.param("features", "TKT-08", "trainer", marks=pytest.mark.rule("TKT-08")),
        pytest.param("apply", "TKT-10", "trainer", marks=pytest.mark.rule("TKT-10")),
    ],
)
def test_the_handler_gets_it_and_the_account_manager_is_told(
    dispatched: Callable[..., Ticket], subtype: str, rule: str, handler: str
) -> None:
    ticket = dispatched(subtype=subtype)
    assert told(ticket, "dispatch", rule) == {handler, "manager"}
    kinds = dict(Notice.objects.filter(record=ticket.pk, rule=rule).values_list("recipient__username", "kind"))
    assert kinds == {handler: "assignment", "manager": "progress"}


@pytest.mark.rule("TKT-09")
def test_a_requirement_is_the_account_managers_own(dispatched: Callable[..., Ticket]) -> None:
    assert told(dispatched(subtype="new_feature"), "dispatch", "TKT-09") == {"manager"}


@pytest.mark.rule("TKT-11")
def test_another_issue_is_the_account_managers_own(dispatched: Callable[..., Ticket]) -> None:
    ticket = dispatched(subtype="", issue_type=IssueType.objects.get(code="other").pk)
    assert told(ticket, "dispatch", "TKT-11") == {"manager"}


def test_a_type_that_an_administrator_adds_is_told_to_its_handler_too(
    dispatched: Callable[..., Ticket], cast: Cast, seeded: None
) -> None:
    added = IssueType.objects.create(code="licence", name_zh="许可", name_en="Licence")
    assert told(dispatched(subtype="", issue_type=added.pk), "dispatch") == {"manager"}


@pytest.mark.rule("TKT-15")
def test_a_hand_over_is_told_to_the_next_handler(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched()
    act(ticket, "hand_over", cast.engineer, handler=cast.other_engineer.pk, done="d", leftovers="l")
    assert told(ticket, "hand_over", "TKT-15") == {"engineer2"}


@pytest.mark.rule("TKT-19")
@pytest.mark.parametrize("severity", ["urgent", "critical"])
def test_urgent_and_critical_tickets_are_reported_to_account_manager_and_supervisor(
    dispatched: Callable[..., Ticket], severity: str
) -> None:
    ticket = dispatched(severity=severity)
    assert told(ticket, "dispatch", "TKT-19") == {"manager", "supervisor"}
    urgencies = Notice.objects.filter(record=ticket.pk, rule="TKT-19").values_list("urgency", flat=True)
    assert set(urgencies) == {2}


@pytest.mark.rule("TKT-19")
def test_general_tickets_are_not_reported_until_they_are_raised(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched()
    assert told(ticket, "dispatch", "TKT-19") == set()
    act(ticket, "change_severity", cast.specialist, severity="urgent", reason="r")
    assert told(ticket, "change_severity", "TKT-19") == {"manager", "supervisor"}
    act(ticket, "change_severity", cast.specialist, severity="general", reason="r")
    assert Notice.objects.filter(record=ticket.pk, rule="TKT-19").count() == 2


@pytest.mark.rule("TKT-19")
def test_after_a_hand_over_the_new_handlers_supervisor_knows(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    cast.other_engineer.supervisor = cast.director
    cast.other_engineer.save()
    ticket = dispatched(severity="urgent")
    act(ticket, "hand_over", cast.engineer, handler=cast.other_engineer.pk, done="d", leftovers="l")
    assert "director" in told(ticket, "hand_over", "TKT-19")


@pytest.mark.rule("TKT-23")
def test_pressing_reaches_handler_and_supervisor(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched()
    act(ticket, "press", cast.account_manager, text="客户在催")
    assert told(ticket, "press", "TKT-23") == {"engineer", "supervisor"}


@pytest.mark.rule("TKT-22")
def test_the_specialist_hears_of_the_end_and_of_the_hand_overs(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched()
    act(ticket, "respond", cast.engineer, **response())
    act(ticket, "resolve", cast.engineer, **SOLUTION)
    assert told(ticket, "resolve", "TKT-22") == {"specialist", "manager"}
    act(ticket, "reopen", cast.account_manager, reason="未解决")
    assert told(ticket, "reopen") == {"engineer", "specialist"}


@pytest.mark.rule("TKT-24")
def test_rd_and_then_the_handler_hear_of_it(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched()
    act(ticket, "respond", cast.engineer, **response())
    act(ticket, "escalate_to_rd", cast.engineer, question="q", tried="t")
    assert told(ticket, "escalate_to_rd", "TKT-24") == {"rd"}
    act(ticket, "return_from_rd", cast.rd_engineer, method="m", advice="a", result="r")
    assert told(ticket, "return_from_rd", "TKT-24") == {"engineer"}


def test_nobody_is_told_of_what_they_did_themselves(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched()
    assert "specialist" not in told(ticket, "dispatch")


def test_a_colleague_who_is_copied_reads_along(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    ticket = dispatched()
    act(ticket, "copy_to", cast.specialist, people=[cast.finance.pk])
    assert told(ticket, "copy_to") == {"finance"}
    act(ticket, "respond", cast.engineer, **response())
    assert "finance" in told(ticket, "respond")


def test_an_issue_from_the_portal_is_told_to_the_specialists(new_ticket: Callable[..., Ticket], cast: Cast) -> None:
    ticket = new_ticket(by=cast.contact, channel="portal")
    assert told(ticket, "record") == {"specialist", "specialist2"}


def test_every_notice_names_its_ticket_in_its_title(dispatched: Callable[..., Ticket], cast: Cast) -> None:
    from notifications import rendering

    ticket = dispatched(severity="urgent")
    act(ticket, "press", cast.account_manager, text="t")
    notices = Notice.objects.with_context().filter(record=ticket.pk)
    assert notices
    assert all(ticket.number in rendering.message_of(notice).title for notice in notices)


def test_the_customer_is_written_to_of_public_acts_only(
    dispatched: Callable[..., Ticket], cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = dispatched()
    act(ticket, "note", cast.engineer, text="内部判断")
    act(ticket, "respond", cast.engineer, **response())
    User.objects.update(email="")  # what goes to colleagues is another matter
    drained = 1
    while drained:
        with django_capture_on_commit_callbacks(execute=True):
            drained = outbox.drain()
    assert {address for message in mail.outbox for address in message.to} == {"zhang@pku.example"}
    assert len(mail.outbox) == 2
    assert any("远程处理" in message.body for message in mail.outbox)
    assert not any("内部判断" in message.body or "查日志" in message.body for message in mail.outbox)
