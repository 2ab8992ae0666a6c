"""Deadlines through acts and sweeps: each name is a mistake that some other system has made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calendars import seeds as calendar_seeds
from calendars.algebra import Slot
from calendars.models import CalendarDay, WorkCalendar
from core import clock
from people.actors import Actor
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from workflow import sweep
from workflow.engine import perform
from workflow.explain import explain
from workflow.models import Deadline, DeadlinePause, DeadlinePolicy, Entry, Firing, PolicyLevel, Record
from workflow.models.deadlines import Clock
from workflow.refusals import Missing

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]
Policy = Callable[..., DeadlinePolicy]
HOUR = timedelta(hours=1)


def deadline(errand: Record, timer: str, cycle: int | None = None) -> Deadline:
    """The newest deadline of a timer, or that of a cycle."""
    rows = Deadline.objects.filter(record=errand.pk, timer=f"errand.{timer}").order_by("-cycle")
    return rows.get(cycle=cycle) if cycle else rows[0]


def swept(at: datetime) -> sweep.SweepReport:
    """Sweep at a moment."""
    with clock.held(at):
        return sweep.run()


def fired(errand: Record) -> list[tuple[str, bool]]:
    """The levels that have fired, in the timeline's words: kind, and whether it was late."""
    rows = Entry.objects.filter(record=errand.pk, verb__startswith="deadline.").order_by("seq")
    return [(row.verb.removeprefix("deadline."), row.data["late"]) for row in rows]


# --- a plain course --------------------------------------------------------------------------------------------------
def test_it_is_set_by_the_policy_that_says_most_about_the_record(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 24 * 60)
    policy("errand.answer", 4 * 60, speed="fast")
    assert deadline(ask("slow bread"), "answer").due_at == NOON + 24 * HOUR
    assert deadline(ask("fast bread"), "answer").due_at == NOON + 4 * HOUR


def test_without_a_policy_there_is_no_promise(ask: Ask) -> None:
    errand = ask()
    assert not errand.deadlines.exists()
    assert (errand.due_at, errand.wake_at) == (None, None)


def test_it_is_met_when_the_act_comes_in_time(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.answer", 60)
    errand = act(ask(), "start", at=NOON + HOUR)
    found = deadline(errand, "answer")
    assert (found.outcome, found.missed_at, found.closed_at) == ("met", None, NOON + HOUR)
    assert (errand.due_at, errand.wake_at) == (None, None)
    assert swept(NOON + 10 * HOUR).fired == 0


def test_it_is_met_late_when_the_act_comes_late_and_the_miss_stays(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.answer", 60)
    errand = ask()
    due = deadline(errand, "answer").due_at
    act(errand, "start", at=NOON + HOUR + timedelta(microseconds=1))
    found = deadline(errand, "answer")
    assert (found.outcome, found.missed_at) == ("met_late", due)


def test_a_miss_is_on_record_even_where_no_level_says_so(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.answer", 60, levels=())
    errand = act(ask(), "start", at=NOON + 2 * HOUR)
    found = deadline(errand, "answer")
    assert (found.outcome, found.missed_at) == ("met_late", NOON + HOUR)
    assert fired(errand) == []


def test_a_miss_stays_when_what_was_missed_is_cancelled(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.answer", 60)
    errand = act(ask(), "drop", at=NOON + 2 * HOUR)
    found = deadline(errand, "answer")
    assert (found.outcome, found.missed_at) == ("cancelled", NOON + HOUR)


def test_warned_missed_and_escalated_each_once_at_their_time(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 60)
    errand = ask()
    told: list[list[str]] = []
    for minute in (44, 45, 59, 60, 61, 119, 120, 500):
        before = len(fired(errand))
        swept(NOON + timedelta(minutes=minute))
        told.append([kind for kind, _late in fired(errand)[before:]])
    assert told == [[], ["warned"], [], ["missed"], [], [], ["escalated"], []]
    assert not any(late for _kind, late in fired(errand))
    assert deadline(errand, "answer").missed_at == NOON + HOUR


def test_what_was_slept_through_fires_at_once_and_is_said_to_be_late(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 60)
    errand = ask()
    assert swept(NOON + timedelta(minutes=120, seconds=60)).fired == 3
    assert fired(errand) == [("warned", True), ("missed", True), ("escalated", False)]
    assert [row.late for row in Firing.objects.order_by("level")] == [True, True, False]
    assert deadline(errand, "answer").missed_at == NOON + HOUR, "it was missed when it was due, not when it was noticed"


def test_levels_that_the_sweep_has_not_reached_fire_with_the_act_that_comes_first(
    ask: Ask, act: Do, policy: Policy
) -> None:
    policy("errand.answer", 60)
    errand = act(ask(), "start", at=NOON + 70 * timedelta(minutes=1))
    assert [row.verb for row in errand.entries.order_by("seq")] == [
        "ask",
        "deadline.warned",
        "deadline.missed",
        "start",
    ]
    assert swept(NOON + 10 * HOUR).fired == 0


def test_a_refused_act_fires_nothing_and_the_sweep_still_does(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    policy("errand.work", 60)
    errand = act(ask("slow endless"), "start")
    with clock.held(NOON + 2 * HOUR), pytest.raises(Missing):
        perform(errand, "finish", actor=Actor(crew.handler))
    assert fired(errand) == []
    assert swept(NOON + 2 * HOUR).fired == 3


# --- severity --------------------------------------------------------------------------------------------------------
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


# --- pauses ----------------------------------------------------------------------------------------------------------
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


# --- again, rounds, promised dates -----------------------------------------------------------------------------------
def test_again_is_a_new_round_and_the_first_keeps_its_outcome(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.answer", 60)
    errand = act(ask(), "start", at=NOON + 2 * HOUR)
    act(errand, "finish", at=NOON + 3 * HOUR)
    errand = act(errand, "again", at=NOON + 100 * HOUR)
    first, second = deadline(errand, "answer", 1), deadline(errand, "answer", 2)
    assert (first.outcome, first.missed_at) == ("met_late", NOON + HOUR)
    assert (second.started_at, second.due_at, second.outcome) == (NOON + 100 * HOUR, NOON + 101 * HOUR, "open")
    assert errand.due_at == NOON + 101 * HOUR
    assert swept(NOON + 101 * HOUR).fired == 2, "the new round has levels of its own"


def test_each_news_ends_a_round_and_begins_the_next(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.news", 120)
    errand = act(ask(), "start")
    act(errand, "tell", at=NOON + HOUR)
    errand = act(errand, "tell", at=NOON + 4 * HOUR)
    rows = [(d.cycle, d.outcome, d.started_at, d.due_at) for d in errand.deadlines.order_by("cycle")]
    assert rows == [
        (1, "met", NOON, NOON + 2 * HOUR),
        (2, "met_late", NOON + HOUR, NOON + 3 * HOUR),
        (3, "open", NOON + 4 * HOUR, NOON + 6 * HOUR),
    ]


def test_the_rounds_end_with_the_work_and_nothing_escalates_after_it(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.news", 120)
    errand = act(act(ask(), "start"), "finish", at=NOON + HOUR)
    assert deadline(errand, "news").outcome == "cancelled"
    assert (errand.due_at, errand.wake_at) == (None, None)
    assert swept(NOON + 1000 * HOUR).fired == 0


def test_a_promised_date_is_due_when_it_was_promised(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.date", 1)
    errand = act(act(ask(), "start"), "promise", promised_at="2026-03-06 12:00")
    assert deadline(errand, "date").due_at == NOON + 48 * HOUR


def test_a_date_promised_anew_after_a_pause_is_due_then_and_no_later(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.date", 1)
    errand = act(act(ask(), "start"), "promise", promised_at="2026-03-06 12:00")
    act(errand, "wait", at=NOON + 10 * HOUR)
    act(errand, "go_on", at=NOON + 20 * HOUR)
    assert deadline(errand, "date").due_at == NOON + 58 * HOUR
    act(errand, "promise", promised_at="2026-03-07 12:00", at=NOON + 20 * HOUR)
    assert deadline(errand, "date").due_at == NOON + 72 * HOUR


def test_a_date_promised_while_it_waits_moves_with_the_wait(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.date", 1)
    errand = act(act(ask(), "start"), "wait", at=NOON)
    act(errand, "promise", promised_at="2026-03-06 12:00", at=NOON)
    assert swept(NOON + 100 * HOUR).fired == 0, "it was opened while the clock stood still"
    act(errand, "go_on", at=NOON + 10 * HOUR)
    assert deadline(errand, "date").due_at == NOON + 58 * HOUR


def test_a_date_in_the_past_promises_nothing_and_breaks_nothing(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.date", 1)
    errand = act(act(ask(), "start"), "promise", promised_at="2026-03-01 12:00")
    assert not errand.deadlines.exists()
    act(errand, "promise", promised_at="2026-03-06 12:00")
    act(errand, "promise", promised_at="2026-03-01 12:00", at=NOON + HOUR)
    swept(NOON + HOUR)


# --- policies edited while the clock runs ----------------------------------------------------------------------------
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
    errand, other = ask(), ask()
    swept(NOON + HOUR)
    edited.levels.filter(position=3).delete()
    assert swept(NOON + 10 * HOUR) == sweep.SweepReport()
    assert Errand.objects.get(pk=other.pk).wake_at is None
    assert act(errand, "start", at=NOON + 10 * HOUR).state == "under_way"


def test_levels_all_taken_away_meanwhile_do_no_harm(ask: Ask, act: Do, policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    edited.levels.all().delete()
    act(errand, "start", at=NOON + 10 * HOUR)
    assert deadline(errand, "answer").missed_at == NOON + HOUR


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


# --- excuses ---------------------------------------------------------------------------------------------------------
def test_a_director_excuses_a_miss_and_it_stays_a_miss(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    policy("errand.answer", 60)
    errand = act(ask(), "start", at=NOON + 2 * HOUR)
    missed = deadline(errand, "answer")
    act(errand, "excuse", deadline=missed.pk, reason="The line was down.", at=NOON + 3 * HOUR)
    found = deadline(errand, "answer")
    assert (found.excused_by, found.excuse, found.missed_at) == (crew.director, "The line was down.", NOON + HOUR)
    assert found.is_missed(NOON + 3 * HOUR)


def test_what_was_kept_cannot_be_excused(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    policy("errand.answer", 60)
    errand = act(ask(), "start")
    with pytest.raises(Missing):
        act(errand, "excuse", deadline=deadline(errand, "answer").pk, reason="none")


# --- working time ----------------------------------------------------------------------------------------------------
@pytest.fixture
def office(crew: Crew) -> WorkCalendar:
    """The company's calendar: 9 to 12 and 13 to 18 on weekdays."""
    calendar_seeds.seed()
    calendar = WorkCalendar.objects.get(code="default")
    calendar.set_week(dict.fromkeys(range(5), (Slot(540, 720), Slot(780, 1080))))
    return calendar


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


# --- why then? -------------------------------------------------------------------------------------------------------
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


# --- what administrators enter ---------------------------------------------------------------------------------------
def test_a_policy_counts_its_versions_and_keeps_what_it_was(policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    edited.minutes = 90
    edited.save()
    assert edited.version == 2
    assert list(edited.history.order_by("history_id").values_list("minutes", flat=True)) == [60, 90]


def test_the_deadline_of_a_verb_of_the_system_is_nobodys_promise(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.away", 60, levels=())
    errand = act(act(ask(), "start"), "finish")
    assert (errand.due_at, errand.wake_at) == (None, NOON + HOUR)


def test_levels_are_read_as_they_stand_when_they_fire(ask: Ask, policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    PolicyLevel.objects.filter(policy=edited, position=1).update(recipients=["supervisor"])
    swept(NOON + timedelta(minutes=45))
    assert Entry.objects.get(record=errand, verb="deadline.warned").data["recipients"] == ["supervisor"]


def test_a_deadlines_entry_says_all_that_a_notice_needs(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 60)
    errand = ask()
    swept(NOON + HOUR)
    entry = Entry.objects.get(record=errand, verb="deadline.missed")
    expected: dict[str, Any] = {
        "deadline": deadline(errand, "answer").pk,
        "timer": "errand.answer",
        "level": 2,
        "share": 100,
        "recipients": ["handler", "account_owner", "supervisor"],
        "due_at": (NOON + HOUR).isoformat(),
        "late": False,
    }
    assert entry.data == expected
    assert (entry.actor, entry.channel, entry.rules) == (None, "system", ["TKT-16"])
