"""Deadlines through acts and sweeps: each name is a mistake that some other system has made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from people.actors import Actor
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from tests.workflow.told import HOUR, deadline, fired, swept
from workflow.engine import perform
from workflow.models import DeadlinePolicy, Entry, Firing, PolicyLevel
from workflow.refusals import Missing

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]
Policy = Callable[..., DeadlinePolicy]


# --- a plain course -----------------------------------------------------------------------------------------------
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


# --- again, rounds, promised dates --------------------------------------------------------------------------------
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


# --- excuses ------------------------------------------------------------------------------------------------------
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


# --- what administrators enter ------------------------------------------------------------------------------------
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


def test_levels_fire_as_they_stood_when_the_deadline_was_set(ask: Ask, policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    level = PolicyLevel.objects.get(policy=edited, position=1)
    level.recipients = ["supervisor"]
    level.save()
    swept(NOON + timedelta(minutes=45))
    assert Entry.objects.get(record=errand, verb="deadline.warned").data["recipients"] == ["handler"]


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
