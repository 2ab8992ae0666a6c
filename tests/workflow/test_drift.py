"""The nightly proof: what is stored is what follows, whoever looks; what does not follow is told to administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from tests.workflow.told import HOUR, footprint, swept
from workflow import drift, recompute, tasks
from workflow.models import ClockCheck, Deadline, DeadlinePolicy, Record

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]
Policy = Callable[..., DeadlinePolicy]


def checked(at: Any = NOON + HOUR) -> tuple[int, int, int]:
    """Examined, drifted and under former rules."""
    with clock.held(at):
        found = drift.check()
    return found.examined, found.drifted, found.waiting


@pytest.fixture
def lively(ask: Ask, act: Do, policy: Policy) -> list[Errand]:
    """Errands with every kind of deadline: running, standing still, overdue, and one that the system ends."""
    for timer in ("answer", "work", "news", "date", "away"):
        policy(f"errand.{timer}", 240, levels=() if timer == "away" else (("missed", 100, ["handler"]),))
    running, waiting, overdue, done = ask(), act(ask(), "start"), ask(at=NOON - 5 * HOUR), act(ask(), "start")
    act(waiting, "wait", at=NOON + HOUR / 2)
    act(done, "promise", promised_at=clock.local(NOON + 30 * HOUR).strftime("%Y-%m-%dT%H:%M"))
    act(done, "finish", at=NOON + HOUR / 2)
    swept(NOON)
    return [running, waiting, overdue, done]


def test_nothing_has_drifted_and_nothing_is_written(lively: list[Errand]) -> None:
    before = footprint()
    assert checked() == (5, 0, 0)
    assert footprint() == before


@pytest.mark.parametrize("column", ["due_at", "next_fire_at"])
def test_a_time_that_somebody_wrote_past_the_kernel_is_found_and_named(lively: list[Errand], column: str) -> None:
    Deadline.objects.filter(record=lively[0]).update(**{column: NOON + 9 * HOUR})
    assert checked()[1] == 1
    assert ClockCheck.objects.latest().samples == [lively[0].number]


def test_a_record_that_would_sleep_past_its_deadline_is_found(lively: list[Errand]) -> None:
    Record.objects.filter(pk=lively[0].pk).update(wake_at=None)
    assert checked()[1] == 1


def test_a_record_put_off_by_a_fault_has_not_drifted(lively: list[Errand]) -> None:
    Deadline.objects.filter(record=lively[0]).update(failures=1)
    Record.objects.filter(pk=lively[0].pk).update(wake_at=NOON + timedelta(days=1))
    assert checked()[1] == 0


def test_what_runs_under_former_rules_is_counted_until_it_is_recomputed(lively: list[Errand], crew: Crew) -> None:
    edited = DeadlinePolicy.objects.get(timer="errand.answer")
    edited.minutes = 600
    edited.save()
    assert checked() == (5, 0, 2)
    with clock.held(NOON + HOUR):
        timers = recompute.all_timers()
        recompute.order(timers, "x", crew.director, recompute.survey(timers, 10).rules)
        tasks.recompute_deadlines()
    last = ClockCheck.objects.latest()
    assert (last.drifted, last.waiting) == (0, 0), "the worker looks again as soon as it is done"


def test_its_statements_do_not_grow_with_what_runs(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 240)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            checked()
        return len(caught)

    ask()
    checked()
    one = cost()
    for _ in range(12):
        ask()
    assert cost() == one


def test_the_task_that_celery_executes_stores_what_it_found(lively: list[Errand]) -> None:
    tasks.check_clocks()
    assert ClockCheck.objects.latest().examined == 5
