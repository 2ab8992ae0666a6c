"""Those who are asked are reminded in working time until they decide (CON-09); time alone never decides anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from notifications.models import Notice
from tests.workflow.approvals.conftest import say, steps, submitted, the_round
from workflow.models import Deadline, DeadlinePolicy, Entry, Opinion, PolicyLevel, Seat, Step
from workflow.sweep import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

FRIDAY = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
"""16:00 in Shanghai, two working hours before the weekend."""
HOUR = timedelta(hours=1)
WEEKEND = timedelta(days=2, hours=15)
"""From Friday's closing to Monday's opening."""


@pytest.fixture(autouse=True)
def reminding(contract: Contract) -> DeadlinePolicy:
    """Four working hours for a step: those who are asked are told at a half and when missed, sales operations later."""
    DeadlinePolicy.objects.filter(timer=contract.decision).delete()
    policy = DeadlinePolicy.objects.create(
        timer=contract.decision, rule="CON-09", name_zh="审批", name_en="Decision", minutes=240, clock="working"
    )
    levels = (("warned", 50, ["deciders"]), ("missed", 100, ["deciders"]), ("escalated", 200, ["sales_ops"]))
    for position, (kind, share, recipients) in enumerate(levels, start=1):
        PolicyLevel.objects.create(policy=policy, position=position, kind=kind, share=share, recipients=recipients)
    return policy


@pytest.fixture
def asked(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    """Submitted on Friday at four; two reviewers, then the vice president."""
    policy(("review", [signers.service, signers.finance], "all"), ("leader", [signers.vice], "all"))
    with clock.held(FRIDAY):
        return submitted(contract, signers.author)


def at(moment: datetime, contract: Contract) -> list[tuple[str, str]]:
    """Let the time come and the sweep run: who has been told of what so far."""
    with clock.held(moment):
        run()
    told = Notice.objects.filter(record=contract, entry__verb__startswith="deadline.").order_by("pk")
    rows = told.values_list("entry__verb", "recipient__username")
    return [(verb.removeprefix("deadline."), name) for verb, name in rows]


def decided(contract: Contract, verb: str, by: object, moment: datetime, **said: object) -> None:
    with clock.held(moment):
        say(contract, verb, by, **said)  # type: ignore[arg-type] # a signer


def running(contract: Contract) -> Deadline:
    return Deadline.objects.get(record=contract, timer=contract.decision, closed_at=None)


@pytest.mark.rule("CON-09")
def test_who_is_asked_is_reminded_in_working_time_and_then_a_superior_is_told(
    asked: Contract, signers: Signers
) -> None:
    assert running(asked).due_at == FRIDAY + 4 * HOUR + WEEKEND
    assert at(FRIDAY + 2 * HOUR - timedelta(seconds=1), asked) == []
    warned = [("warned", "service_reviewer"), ("warned", "finance_reviewer")]
    assert sorted(at(FRIDAY + 2 * HOUR, asked)) == sorted(warned)
    assert len(at(FRIDAY + WEEKEND + 2 * HOUR, asked)) == 2, "nobody is told at the weekend"
    decided(asked, "agree", signers.finance, FRIDAY + WEEKEND + 3 * HOUR)
    missed = at(FRIDAY + WEEKEND + 4 * HOUR, asked)[2:]
    assert missed == [("missed", "service_reviewer")], "who has decided is not reminded any more"
    # 200 per cent are eight working hours: Monday at four.
    assert at(FRIDAY + WEEKEND + 9 * HOUR, asked)[3:] == [("escalated", "ops")]


@pytest.mark.rule("CON-09")
def test_a_decision_ends_the_reminders_and_the_next_step_counts_from_its_own_beginning(
    asked: Contract, signers: Signers
) -> None:
    monday = FRIDAY + WEEKEND + 3 * HOUR
    decided(asked, "agree", signers.service, FRIDAY + HOUR)
    decided(asked, "agree", signers.finance, monday)
    assert Deadline.objects.get(record=asked, cycle=1).outcome == "met"
    assert (running(asked).cycle, running(asked).started_at) == (2, monday)
    told = at(monday + 30 * timedelta(days=1), asked)
    assert {who for _what, who in told} == {"vice", "ops"}
    decided(asked, "agree", signers.vice, monday + 31 * timedelta(days=1))
    assert Deadline.objects.get(record=asked, cycle=2).outcome == "met_late"
    assert not Deadline.objects.filter(record=asked, timer=asked.decision, closed_at=None).exists()
    assert at(monday + 90 * timedelta(days=1), asked) == told


@pytest.mark.rule("CON-09")
def test_a_step_gone_back_to_counts_anew(asked: Contract, signers: Signers) -> None:
    decided(asked, "agree", signers.service, FRIDAY)
    decided(asked, "agree", signers.finance, FRIDAY + HOUR)
    first = Step.objects.get(round=the_round(asked), position=1)
    back = FRIDAY + WEEKEND + 3 * HOUR
    decided(asked, "send_back", signers.vice, back, opinion="重看价格", back_to=first.pk)
    assert (running(asked).cycle, running(asked).started_at, running(asked).missed_at) == (3, back, None)
    assert {who for _what, who in at(back + 3 * HOUR, asked)} == {"service_reviewer", "finance_reviewer"}


@pytest.mark.rule("CON-09")
def test_what_is_taken_back_reminds_nobody_and_counts_as_neither_kept_nor_missed(
    asked: Contract, signers: Signers
) -> None:
    decided(asked, "withdraw", signers.author, FRIDAY + HOUR)
    assert Deadline.objects.get(record=asked, timer=asked.decision).outcome == "cancelled"
    assert at(FRIDAY + timedelta(days=30), asked) == []


@pytest.mark.rule("CON-09")
def test_who_is_asked_in_later_is_reminded_with_the_others(asked: Contract, signers: Signers) -> None:
    decided(asked, "transfer", signers.service, FRIDAY + HOUR, person=signers.rd.pk, reason="专业")
    assert {who for _what, who in at(FRIDAY + 2 * HOUR, asked)} == {"rd_reviewer", "finance_reviewer"}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(passing=st.lists(st.integers(min_value=0, max_value=60 * 24 * 400), min_size=1, max_size=5))
def test_whatever_time_passes_nothing_is_decided_by_it(asked: Contract, passing: list[int]) -> None:
    """The sweep may run as often and as late as it likes: the step stays open, the seats wait, nothing is said."""
    moment = max(FRIDAY, *Entry.objects.filter(record=asked).values_list("at", flat=True))
    for minutes in passing:
        moment += timedelta(minutes=minutes)
        at(moment, asked)
    asked.refresh_from_db()
    assert (asked.state, steps(asked)) == ("in_review", [("review1", "open"), ("leader2", "coming")])
    assert set(Seat.objects.filter(step__round__record=asked).values_list("outcome", flat=True)) == {""}
    assert not Opinion.objects.exists()
    assert not Entry.objects.filter(record=asked, verb__in=["agree", "send_back", "reject"]).exists()
