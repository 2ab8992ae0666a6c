"""Deadlines as an administrator sees them: policies edited meanwhile, working time, and why a due time is that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calendars import seeds as calendar_seeds
from calendars.algebra import Slot
from calendars.models import CalendarDay, WorkCalendar
from core import clock
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from tests.workflow.told import HOUR, deadline, fired, swept
from workflow import sweep
from workflow.explain import explain
from workflow.models import DeadlinePause, DeadlinePolicy
from workflow.models.deadlines import Clock

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]
Policy = Callable[..., DeadlinePolicy]


# --- policies edited while the clock runs -------------------------------------------------------------------------
def test_a_policy_edited_meanwhile_does_not_move_what_runs(ask: Ask, act: Do, policy: Policy) -> None:
    edited = policy("errand.answer", 240)
    errand = ask()
    calendar_seeds.seed()
    edited.minutes, edited.clock = 60, Clock.WORKING
    edited.save()
    swept(NOON + 3 * HOUR)
    found = deadline(errand, "answer")
    assert (found.due_at, found.policy_version) == (NOON + 4 * HOUR, 1)
    told = explain(found)
    assert told.policy_changed
    assert told.recomputed == found.due_at


def test_a_level_taken_away_meanwhile_stops_neither_the_sweep_nor_anybodys_act(
    ask: Ask, act: Do, policy: Policy
) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    swept(NOON + HOUR)
    edited.levels.get(position=3).delete()
    assert swept(NOON + 10 * HOUR).fired == 1, "what runs keeps the levels that it was set with"
    assert Errand.objects.get(pk=errand.pk).wake_at is None
    assert act(errand, "start", at=NOON + 10 * HOUR).state == "under_way"


def test_what_follows_its_policy_is_not_stopped_by_a_level_taken_away(ask: Ask, policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    errand.deadlines.update(terms=None)
    edited.levels.all().delete()
    assert swept(NOON + 10 * HOUR) == sweep.SweepReport()
    assert Errand.objects.get(pk=errand.pk).wake_at is None
    assert explain(deadline(errand, "answer")).recomputed == NOON + HOUR


def test_levels_all_taken_away_meanwhile_do_no_harm(ask: Ask, act: Do, policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    edited.levels.all().delete()
    act(errand, "start", at=NOON + 10 * HOUR)
    assert deadline(errand, "answer").missed_at == NOON + HOUR
    act(ask(), "start", at=NOON + HOUR)
    assert explain(deadline(ask(), "answer")).levels == []


def test_a_policy_out_of_force_keeps_what_runs_and_sets_nothing_new(ask: Ask, policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    edited.active = False
    edited.save()
    assert swept(NOON + HOUR).fired == 2
    assert fired(errand)
    assert not ask().deadlines.exists()


def test_a_level_called_a_miss_but_set_too_early_is_no_miss(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.answer", 60, levels=(("missed", 50, ["handler"]),))
    errand = ask()
    assert swept(NOON + HOUR / 2).fired == 1
    act(errand, "start", at=NOON + HOUR / 2)
    found = deadline(errand, "answer")
    assert (found.outcome, found.missed_at) == ("met", None)


# --- working time -------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("office")
def test_working_time_skips_a_public_holiday_and_counts_the_made_up_saturday(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 8 * 60, rest={"clock": Clock.WORKING})
    # Wednesday, 30 September 2026, 17:00: National Day takes 1 to 7 October; Saturday the 10th is worked.
    errand = ask(at=datetime(2026, 9, 30, 9, tzinfo=UTC))
    assert deadline(errand, "answer").due_at == datetime(2026, 10, 8, 9, tzinfo=UTC)
    errand = ask(at=datetime(2026, 10, 9, 9, tzinfo=UTC))
    assert deadline(errand, "answer").due_at == datetime(2026, 10, 10, 9, tzinfo=UTC)
    told = explain(deadline(errand, "answer"))
    assert told.recomputed == deadline(errand, "answer").due_at


def test_working_time_follows_the_policys_own_calendar(ask: Ask, policy: Policy, office: WorkCalendar) -> None:
    nights = WorkCalendar.objects.create(code="nights", name_zh="夜", name_en="Night", keeps_holidays=False)
    nights.set_week(dict.fromkeys(range(7), (Slot(0, 360),)))
    policy("errand.answer", 60, rest={"clock": Clock.WORKING, "calendar": nights})
    assert deadline(ask(), "answer").due_at == datetime(2026, 3, 4, 17, tzinfo=UTC)


@pytest.mark.usefixtures("office")
def test_a_year_that_nobody_has_announced_is_flagged_and_does_not_stop_anything(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 8 * 60, rest={"clock": Clock.WORKING})
    errand = ask(at=datetime(2031, 12, 31, 9, tzinfo=UTC))
    found = deadline(errand, "answer")
    assert found.due_at > datetime(2032, 1, 1, tzinfo=UTC)
    assert explain(found).unannounced == [2031, 2032]
    assert swept(found.due_at).fired == 2


def test_an_exception_of_the_company_moves_what_is_set_after_it(ask: Ask, policy: Policy, office: WorkCalendar) -> None:
    policy("errand.answer", 8 * 60, rest={"clock": Clock.WORKING})
    CalendarDay.objects.create(
        calendar=office, date=datetime(2026, 3, 5, tzinfo=UTC).date(), kind="holiday", name_zh="庆", name_en="Feast"
    )
    found = deadline(ask(at=NOON - 3 * HOUR), "answer")
    assert found.due_at == datetime(2026, 3, 4, 10, tzinfo=UTC)
    found = deadline(ask(at=NOON + 3 * HOUR), "answer")
    assert found.due_at == datetime(2026, 3, 6, 7, tzinfo=UTC)
    assert [str(skipped.name) for skipped in explain(found).skipped]


# --- why then? ----------------------------------------------------------------------------------------------------
def test_an_explanation_comes_to_the_same_moment_and_tells_every_step(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.work", 24 * 60)
    policy("errand.work", 8 * 60, speed="fast")
    errand = act(act(ask("slow bread"), "start"), "wait", at=NOON + HOUR)
    act(errand, "go_on", at=NOON + 3 * HOUR)
    act(errand, "judge", title="fast bread", at=NOON + 4 * HOUR)
    swept(NOON + 9 * HOUR)
    found = deadline(errand, "work")
    told = explain(found)
    assert told.recomputed == found.due_at == NOON + 10 * HOUR
    assert [step["event"] for step in told.moves] == ["opened", "paused", "resumed", "moved"]
    assert [(pause.since, pause.until) for pause in told.pauses] == [(NOON + HOUR, NOON + 3 * HOUR)]
    assert [(line.share, line.at, line.fired is not None) for line in told.levels] == [
        (75, NOON + 8 * HOUR, True),
        (100, NOON + 10 * HOUR, False),
        (200, NOON + 18 * HOUR, False),
    ]


@pytest.mark.parametrize("apart", [HOUR, timedelta()])
def test_a_round_of_a_cadence_tells_its_own_steps_and_not_how_the_one_before_ended(
    ask: Ask, act: Do, policy: Policy, apart: timedelta
) -> None:
    policy("errand.news", 24 * 60)
    errand = act(ask(), "start")
    act(errand, "tell", at=NOON + apart)
    act(errand, "tell", at=NOON + 2 * apart)
    rounds = [explain(deadline(errand, "news", cycle)).moves for cycle in (1, 2, 3)]
    assert [[step["event"] for step in steps] for steps in rounds] == [["opened", "met"], ["opened", "met"], ["opened"]]
    assert [steps[0]["at"] for steps in rounds] == [NOON, NOON + apart, NOON + 2 * apart]


STEPS = ("wait", "go_on", "tell", "fast", "slow", "promise", "sweep")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 600)), max_size=12))
def test_whatever_happens_every_due_time_can_be_worked_out_anew(
    ask: Ask, act: Do, policy: Policy, crew: Crew, steps: list[tuple[str, int]]
) -> None:
    if not DeadlinePolicy.objects.exists():
        for timer in ("answer", "work", "news", "date"):
            policy(f"errand.{timer}", 24 * 60)
            policy(f"errand.{timer}", 240, speed="fast", rest={"tightening": DeadlinePolicy.Tightening.GRACE})
    errand, at = act(ask(), "start"), NOON
    for step, minutes in steps:
        at += timedelta(minutes=minutes)
        _take(errand, step, at, act)
    record = Errand.objects.get(pk=errand.pk)
    running = list(record.deadlines.filter(closed_at__isnull=True))
    stand = {pause.deadline_id for pause in DeadlinePause.objects.filter(until__isnull=True)}
    for found in record.deadlines.all():
        told = explain(found)
        assert told.recomputed == found.due_at or found.pk in stand
        assert found.firings.count() == len({firing.level for firing in found.firings.all()})
    assert record.wake_at == min((d.next_fire_at for d in running if d.next_fire_at), default=None)
    assert len({found.timer for found in running}) == len(running)


def _take(errand: Errand, step: str, at: datetime, act: Do) -> None:
    state = Errand.objects.get(pk=errand.pk).state
    if step == "sweep":
        swept(at)
    elif step in {"fast", "slow"}:
        act(errand, "judge", title=f"{step} bread", at=at)
    elif step == "promise":
        act(errand, "promise", promised_at=clock.local(at + 30 * HOUR).strftime("%Y-%m-%dT%H:%M"), at=at)
    elif step == "tell" or (step == "wait") == (state == "under_way"):
        act(errand, step, at=at)
