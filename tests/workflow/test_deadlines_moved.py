"""Deadlines that move: the start stays, the pauses stay, a miss stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from calendars import seeds as calendar_seeds
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from tests.workflow.told import HOUR, deadline, fired, swept
from workflow.models import DeadlinePause, DeadlinePolicy, Firing
from workflow.models.deadlines import Clock

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]
Policy = Callable[..., DeadlinePolicy]


# --- severity -----------------------------------------------------------------------------------------------------
@pytest.fixture
def speeds(policy: Policy) -> None:
    """Answers: 24 hours, 4 when fast, by different rules."""
    policy("errand.answer", 24 * 60)
    fast = policy("errand.answer", 4 * 60, speed="fast")
    DeadlinePolicy.objects.filter(pk=fast.pk).update(rule="TKT-18")


@pytest.mark.usefixtures("speeds")
def test_raising_the_severity_keeps_the_start_and_takes_the_new_time(ask: Ask, act: Do) -> None:
    errand = act(ask("slow bread"), "judge", title="fast bread", at=NOON + HOUR)
    found = deadline(errand, "answer")
    assert (found.started_at, found.due_at, found.cycle) == (NOON, NOON + 4 * HOUR, 1)
    assert (errand.due_at, errand.wake_at) == (NOON + 4 * HOUR, NOON + 3 * HOUR)
    moved = errand.entries.get(verb="judge").data["deadlines"]
    assert [(step["event"], step["from"], step["due"]) for step in moved] == [
        ("moved", (NOON + 24 * HOUR).isoformat(), (NOON + 4 * HOUR).isoformat())
    ]


@pytest.mark.usefixtures("speeds")
def test_what_a_new_policy_brings_is_stored_and_not_only_its_time(ask: Ask, act: Do, policy: Policy) -> None:
    working = policy("errand.answer", 60, speed="office", rest={"clock": Clock.WORKING})
    calendar_seeds.seed()
    errand = act(ask("slow bread"), "judge", title="office bread", at=NOON)
    found = deadline(errand, "answer")
    assert (found.policy, found.policy_version, found.clock) == (working, working.version, Clock.WORKING)
    act(errand, "judge", title="fast bread", at=NOON)
    found = deadline(errand, "answer")
    assert (found.rule, found.clock) == ("TKT-18", Clock.ELAPSED)


@pytest.mark.usefixtures("speeds")
def test_lowering_the_severity_keeps_the_start_and_takes_the_new_time(ask: Ask, act: Do) -> None:
    errand = act(ask("fast bread"), "judge", title="slow bread", at=NOON + 2 * HOUR)
    assert deadline(errand, "answer").due_at == NOON + 24 * HOUR
    assert swept(NOON + 5 * HOUR).fired == 0


@pytest.mark.usefixtures("speeds")
def test_raising_it_too_late_is_a_miss_at_once(ask: Ask, act: Do) -> None:
    errand = act(ask("slow bread"), "judge", title="fast bread", at=NOON + 6 * HOUR)
    assert swept(NOON + 6 * HOUR).fired == 2
    assert deadline(errand, "answer").missed_at == NOON + 4 * HOUR


@pytest.mark.usefixtures("speeds")
def test_lowering_it_after_a_miss_does_not_erase_the_miss(ask: Ask, act: Do) -> None:
    errand = ask("fast bread")
    swept(NOON + 5 * HOUR)
    act(errand, "judge", title="slow bread", at=NOON + 5 * HOUR)
    act(errand, "start", at=NOON + 6 * HOUR)
    found = deadline(errand, "answer")
    assert (found.missed_at, found.outcome, found.due_at) == (NOON + 4 * HOUR, "met_late", NOON + 24 * HOUR)


@pytest.mark.usefixtures("speeds")
def test_levels_do_not_fire_again_when_the_severity_goes_up_and_down(ask: Ask, act: Do) -> None:
    errand = ask("fast bread")
    swept(NOON + 3 * HOUR)
    for hour, title in ((3, "slow bread"), (3, "fast bread"), (3, "slow bread"), (18, "slow cake"), (19, "fast cake")):
        act(errand, "judge", title=title, at=NOON + hour * HOUR)
        swept(NOON + hour * HOUR)
    assert [kind for kind, _late in fired(errand)] == ["warned", "missed", "escalated"]
    assert Firing.objects.count() == 3


@pytest.mark.parametrize(
    ("hour", "due"),
    [(0, 4), (1, 5), (19, 23), (20, 24), (23, 24)],
)
def test_grace_gives_the_new_time_from_now_and_never_more_than_before(
    ask: Ask, act: Do, policy: Policy, hour: int, due: int
) -> None:
    policy("errand.answer", 24 * 60)
    policy("errand.answer", 4 * 60, speed="fast", rest={"tightening": DeadlinePolicy.Tightening.GRACE})
    errand = act(ask("slow bread"), "judge", title="fast bread", at=NOON + hour * HOUR)
    assert deadline(errand, "answer").due_at == NOON + due * HOUR


def test_grace_while_the_clock_stands_still_gives_the_new_time_from_its_going_on(
    ask: Ask, act: Do, policy: Policy
) -> None:
    policy("errand.work", 24 * 60)
    policy("errand.work", 4 * 60, speed="fast", rest={"tightening": DeadlinePolicy.Tightening.GRACE})
    errand = act(ask("slow bread"), "start")
    act(errand, "wait", at=NOON + 2 * HOUR)
    act(errand, "judge", title="fast bread", at=NOON + 30 * HOUR)
    assert swept(NOON + 40 * HOUR).fired == 0
    act(errand, "go_on", at=NOON + 50 * HOUR)
    assert deadline(errand, "work").due_at == NOON + 54 * HOUR


def test_a_record_that_no_policy_fits_any_more_has_no_promise(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.answer", 60, speed="fast")
    errand = act(ask("fast bread"), "judge", title="slow bread", at=NOON + HOUR / 2)
    found = deadline(errand, "answer")
    assert (found.outcome, found.missed_at) == ("cancelled", None)
    assert (errand.due_at, errand.wake_at) == (None, None)


# --- pauses -------------------------------------------------------------------------------------------------------
def test_while_it_waits_the_clock_of_the_work_stands_still(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.work", 8 * 60)
    errand = act(ask(), "start")
    act(errand, "wait", at=NOON + 2 * HOUR)
    assert swept(NOON + 100 * HOUR).fired == 0
    errand = act(errand, "go_on", at=NOON + 100 * HOUR)
    assert deadline(errand, "work").due_at == NOON + 106 * HOUR
    assert errand.due_at == NOON + 106 * HOUR
    errand = act(errand, "wait", at=NOON + 103 * HOUR)
    errand = act(errand, "go_on", at=NOON + 104 * HOUR)
    assert deadline(errand, "work").due_at == NOON + 107 * HOUR
    assert DeadlinePause.objects.filter(until__isnull=True).count() == 0


def test_what_stands_still_is_not_shown_as_due(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.work", 8 * 60)
    errand = act(act(ask(), "start"), "wait", at=NOON + 2 * HOUR)
    assert (errand.due_at, errand.wake_at) == (None, None)
    assert not Errand.objects.overdue(NOON + 100 * HOUR).exists()


def test_what_was_due_before_it_stood_still_stays_due(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.work", 8 * 60)
    errand = act(act(ask(), "start"), "wait", at=NOON + 9 * HOUR)
    assert errand.due_at == NOON + 8 * HOUR
    errand = act(errand, "go_on", at=NOON + 50 * HOUR)
    assert deadline(errand, "work").due_at == NOON + 8 * HOUR


def test_dropping_what_stands_still_is_no_miss(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.work", 8 * 60)
    errand = act(act(ask(), "start"), "wait", at=NOON + 2 * HOUR)
    act(errand, "drop", at=NOON + 100 * HOUR)
    found = deadline(errand, "work")
    assert (found.outcome, found.missed_at) == ("cancelled", None)


def test_what_is_met_while_it_stands_still_is_met_in_time(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.work", 8 * 60)
    errand = act(act(ask(), "start"), "wait", at=NOON + 2 * HOUR)
    act(errand, "finish", at=NOON + 100 * HOUR)
    found = deadline(errand, "work")
    assert (found.outcome, found.missed_at, found.due_at) == ("met", None, NOON + 106 * HOUR)


def test_the_answer_never_stands_still(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.news", 60)
    errand = act(act(ask(), "start"), "wait", at=NOON)
    assert swept(NOON + HOUR).fired == 2
    assert errand.state == "waiting"


def test_a_change_of_severity_keeps_the_pauses(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.work", 24 * 60)
    policy("errand.work", 4 * 60, speed="fast")
    errand = act(act(ask("slow bread"), "start"), "wait", at=NOON + HOUR)
    act(errand, "go_on", at=NOON + 11 * HOUR)
    act(errand, "judge", title="fast bread", at=NOON + 11 * HOUR)
    assert deadline(errand, "work").due_at == NOON + 14 * HOUR


def test_a_handover_keeps_the_clock_running(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    policy("errand.answer", 240)
    errand = act(ask(), "hand_over", handler=crew.colleague.pk, at=NOON + HOUR)
    found = deadline(errand, "answer")
    assert (found.started_at, found.due_at, found.cycle) == (NOON, NOON + 4 * HOUR, 1)
