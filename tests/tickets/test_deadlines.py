"""The clocks of a ticket: response, contact, promise (TKT-16 to TKT-18, TKT-20, TKT-21)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from notifications.models import Notice
from tests.cast import act
from tests.tickets.test_work import SOLUTION
from tickets.models import Channel
from workflow import sweep
from workflow.models import Deadline
from workflow.refusals import InvalidData, Missing, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket
    from workflow.models import Entry

pytestmark = pytest.mark.kernel
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
HOUR = timedelta(hours=1)
LIMITS = {"general": 24, "urgent": 8, "critical": 4}
RESPONSE_RULES = [
    pytest.param("general", "TKT-16", marks=pytest.mark.rule("TKT-16")),
    pytest.param("urgent", "TKT-17", marks=pytest.mark.rule("TKT-17")),
    pytest.param("critical", "TKT-18", marks=pytest.mark.rule("TKT-18")),
]


@pytest.fixture
def at() -> Iterator[Callable[..., datetime]]:
    """Go to a number of hours after the start, sweeping there; leave with the test."""
    stack: list[Any] = []

    def go(hours: float, *, swept: bool = True) -> datetime:
        while stack:
            stack.pop().__exit__(None, None, None)
        moment = START + hours * HOUR
        held = clock.held(moment)
        held.__enter__()
        stack.append(held)
        if swept:
            sweep.run()
        return moment

    go(0, swept=False)
    yield go
    while stack:
        stack.pop().__exit__(None, None, None)


@pytest.fixture
def dispatched(at: Callable[..., datetime], new_ticket: Callable[..., Ticket], cast: Cast) -> Callable[..., Ticket]:
    def make(**said: Any) -> Ticket:
        ticket = new_ticket(**said)
        act(ticket, "dispatch", cast.specialist)
        return ticket

    return make


def respond(ticket: Ticket, by: User, hours: float = 24.0) -> Entry:
    phone = Channel.objects.get(code="phone").pk
    expected = clock.local(clock.now() + hours * HOUR)
    said = {"contacted_by": phone, "way": "远程", "measures": "查日志", "expected_at": f"{expected:%Y-%m-%dT%H:%M}"}
    return act(ticket, "respond", by, **said)


def log_contact(ticket: Ticket, by: User) -> Entry:
    phone = Channel.objects.get(code="phone").pk
    return act(ticket, "log_contact", by, contacted_by=phone, person="张老师", summary="正在处理")


def clock_of(ticket: Ticket, timer: str = "ticket.response") -> Deadline:
    return ticket.deadlines.filter(timer=timer).order_by("-cycle")[0]


def told(ticket: Ticket, verb: str, timer: str = "") -> set[str]:
    rows = Notice.objects.filter(entry__verb=verb, record=ticket.pk)
    if timer:
        rows = rows.filter(entry__data__timer=timer)
    return set(rows.values_list("recipient__username", flat=True))


@pytest.mark.parametrize(("severity", "rule"), RESPONSE_RULES)
def test_the_response_is_due_so_many_hours_after_acceptance(
    dispatched: Callable[..., Ticket], severity: str, rule: str
) -> None:
    deadline = clock_of(dispatched(severity=severity))
    assert deadline.started_at == START
    assert deadline.due_at == START + LIMITS[severity] * HOUR
    assert (deadline.rule, deadline.clock) == (rule, "elapsed")


@pytest.mark.parametrize(("severity", "rule"), RESPONSE_RULES)
def test_a_response_in_time_keeps_it_and_one_after_it_is_late(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast, severity: str, rule: str
) -> None:
    kept, late = dispatched(severity=severity), dispatched(severity=severity)
    at(LIMITS[severity], swept=False)
    respond(kept, cast.engineer)
    assert clock_of(kept).outcome == Deadline.Outcome.MET
    at(LIMITS[severity] + 0.1)
    respond(late, cast.engineer)
    deadline = clock_of(late)
    assert (deadline.outcome, deadline.missed_at) == (Deadline.Outcome.MET_LATE, deadline.due_at)


@pytest.mark.parametrize(("severity", "rule"), RESPONSE_RULES)
def test_it_warns_is_missed_and_escalates_and_tells_whom_the_levels_name(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], severity: str, rule: str
) -> None:
    ticket = dispatched(severity=severity)
    at(LIMITS[severity] * 0.75)
    assert told(ticket, "deadline.warned", "ticket.response") == {"engineer", "specialist"}
    at(LIMITS[severity])
    assert told(ticket, "deadline.missed", "ticket.response") == {"engineer", "manager", "supervisor"}
    at(LIMITS[severity] * 2)
    assert told(ticket, "deadline.escalated") == {"director"}
    response = clock_of(ticket)
    assert [firing.level for firing in response.firings.order_by("level")] == [1, 2, 3]
    assert not response.firings.filter(late=True).exists()


@pytest.mark.rule("TKT-16")
def test_dispatch_and_hand_over_do_not_start_it_anew(
    at: Callable[..., datetime], new_ticket: Callable[..., Ticket], cast: Cast
) -> None:
    ticket = new_ticket()
    at(3, swept=False)
    act(ticket, "dispatch", cast.specialist)
    at(5)
    act(ticket, "hand_over", cast.engineer, handler=cast.other_engineer.pk, done="d", leftovers="l")
    assert (clock_of(ticket).started_at, clock_of(ticket).due_at) == (START, START + 24 * HOUR)


@pytest.mark.rule("TKT-17")
def test_a_severity_raised_keeps_acceptance_as_the_start(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched()
    at(2)
    act(ticket, "change_severity", cast.specialist, severity="urgent", reason="全校停课")
    deadline = clock_of(ticket)
    assert (deadline.started_at, deadline.due_at, deadline.rule) == (START, START + 8 * HOUR, "TKT-17")


@pytest.mark.rule("TKT-18")
def test_a_severity_raised_too_late_is_missed_at_once_and_said_to_be(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched()
    at(5)
    act(ticket, "change_severity", cast.specialist, severity="critical", reason="系统宕机")
    at(5.01)
    assert clock_of(ticket).missed_at == START + 4 * HOUR
    assert "manager" in told(ticket, "deadline.missed")


@pytest.mark.rule("TKT-16")
def test_a_severity_lowered_gives_the_longer_time_from_acceptance_and_forgives_no_miss(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched(severity="critical")
    at(4.5)
    missed = clock_of(ticket).missed_at
    assert missed == START + 4 * HOUR
    act(ticket, "change_severity", cast.specialist, severity="general", reason="可绕过")
    deadline = clock_of(ticket)
    assert deadline.due_at == START + 24 * HOUR
    respond(ticket, cast.engineer)
    deadline = clock_of(ticket)
    assert (deadline.missed_at, deadline.outcome) == (missed, Deadline.Outcome.MET_LATE)


def test_reopening_begins_a_new_round_and_keeps_the_first(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched()
    respond(ticket, cast.engineer)
    act(ticket, "resolve", cast.engineer, **SOLUTION)
    moment = at(30)
    act(ticket, "reopen", cast.specialist, reason="又出现了")
    first, second = ticket.deadlines.filter(timer="ticket.response").order_by("cycle")
    assert first.outcome == Deadline.Outcome.MET
    assert (second.started_at, second.due_at) == (moment, moment + 24 * HOUR)
    assert ticket.responded_at is None
    respond(ticket, cast.engineer)
    assert clock_of(ticket).outcome == Deadline.Outcome.MET


def test_waiting_for_the_customer_pauses_the_promise_and_nothing_else(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched(severity="urgent")
    respond(ticket, cast.engineer, hours=10)
    promised = clock_of(ticket, "ticket.promise").due_at
    contact = clock_of(ticket, "ticket.contact").due_at
    at(2)
    act(ticket, "wait_for_customer", cast.engineer, asked="日志")
    at(5)
    act(ticket, "customer_answered", cast.specialist, answer="已发")
    assert clock_of(ticket, "ticket.promise").due_at == promised + 3 * HOUR
    assert clock_of(ticket, "ticket.contact").due_at == contact


def test_a_promise_that_is_not_kept_is_missed_and_a_response_never_waits(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched()
    respond(ticket, cast.engineer, hours=10)
    at(10)
    assert clock_of(ticket, "ticket.promise").missed_at is not None
    act(ticket, "resolve", cast.engineer, **SOLUTION)
    assert clock_of(ticket, "ticket.promise").outcome == Deadline.Outcome.MET_LATE


@pytest.mark.rule("TKT-20")
def test_an_urgent_ticket_wants_a_contact_a_day_and_reminds_for_a_second(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched(severity="urgent")
    contact = clock_of(ticket, "ticket.contact")
    assert (contact.due_at, contact.rule) == (START + 24 * HOUR, "TKT-20")
    respond(ticket, cast.engineer, hours=100)
    at(12)
    assert told(ticket, "deadline.warned") >= {"manager", "specialist"}
    at(20, swept=False)
    log_contact(ticket, cast.account_manager)
    first, second = ticket.deadlines.filter(timer="ticket.contact").order_by("cycle")
    assert first.outcome == Deadline.Outcome.MET
    assert second.due_at == START + 44 * HOUR
    at(44)
    assert told(ticket, "deadline.missed") == {"manager", "specialist", "supervisor"}


@pytest.mark.rule("TKT-20")
def test_the_cadence_ends_when_it_is_resolved(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched(severity="urgent")
    respond(ticket, cast.engineer)
    act(ticket, "resolve", cast.engineer, **SOLUTION)
    assert not ticket.deadlines.open().filter(timer="ticket.contact").exists()
    at(60)
    assert told(ticket, "deadline.missed") == set()


@pytest.mark.rule("TKT-20")
def test_a_general_ticket_has_no_cadence_until_it_is_raised(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched()
    assert not ticket.deadlines.filter(timer="ticket.contact").exists()
    moment = at(1)
    act(ticket, "change_severity", cast.specialist, severity="urgent", reason="r")
    assert clock_of(ticket, "ticket.contact").due_at == moment + 24 * HOUR
    act(ticket, "change_severity", cast.specialist, severity="general", reason="r")
    assert clock_of(ticket, "ticket.contact").outcome == Deadline.Outcome.CANCELLED


@pytest.mark.rule("TKT-21")
def test_a_critical_ticket_wants_contact_every_two_hours_an_interval_that_is_data(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched(severity="critical")
    contact = clock_of(ticket, "ticket.contact")
    assert (contact.due_at, contact.rule) == (START + 2 * HOUR, "TKT-21")
    contact.policy.minutes = 30
    contact.policy.save()
    at(1, swept=False)
    log_contact(ticket, cast.specialist)
    assert clock_of(ticket, "ticket.contact").due_at == START + 1.5 * HOUR


@pytest.mark.rule("TKT-21")
def test_the_missed_contact_reaches_the_supervisor_too(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched(severity="critical")
    at(2)
    assert told(ticket, "deadline.missed") == {"manager", "specialist", "supervisor"}


def test_only_a_director_excuses_a_miss_and_it_stays_a_miss(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched(severity="critical")
    at(4)
    deadline = clock_of(ticket)
    for person in (cast.supervisor, cast.engineer, cast.account_manager):
        with pytest.raises(NotAllowed):
            act(ticket, "excuse", person, deadline=deadline.pk, reason="停电")
    with pytest.raises(InvalidData):
        act(ticket, "excuse", cast.director, deadline=deadline.pk, reason="")
    act(ticket, "excuse", cast.director, deadline=deadline.pk, reason="校园停电")
    deadline.refresh_from_db()
    assert (deadline.excused_by, deadline.excuse) == (cast.director, "校园停电")
    assert deadline.missed_at is not None
    with pytest.raises((InvalidData, Missing)):
        act(ticket, "excuse", cast.director, deadline=deadline.pk, reason="noch einmal")


def test_a_deadline_of_another_ticket_or_one_that_was_kept_cannot_be_excused(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket, other = dispatched(severity="critical"), dispatched(severity="critical")
    respond(ticket, cast.engineer)
    at(4)
    for deadline in (clock_of(ticket), clock_of(other)):
        with pytest.raises(InvalidData):
            act(ticket, "excuse", cast.director, deadline=deadline.pk, reason="r")


@pytest.mark.rule("TKT-22")
def test_what_the_customer_does_not_confirm_closes_by_itself_after_seven_days(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched()
    respond(ticket, cast.engineer)
    act(ticket, "resolve", cast.engineer, **SOLUTION)
    at(7 * 24 - 1)
    ticket.refresh_from_db()
    assert ticket.state == "resolved"
    at(7 * 24)
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert ticket.entries.filter(verb="close_unanswered", actor=None).count() == 1


def test_a_cancelled_ticket_leaves_no_clock_running(
    dispatched: Callable[..., Ticket], at: Callable[..., datetime], cast: Cast
) -> None:
    ticket = dispatched(severity="urgent")
    act(ticket, "cancel", cast.specialist, reason="误录")
    assert not ticket.deadlines.open().exists()
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.wake_at) == (None, None)
