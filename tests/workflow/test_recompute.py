"""Recomputing what runs: nothing moves by itself, an administrator sees, confirms, and it is done once and for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from calendars.models import CalendarDay, KeptSchedule, WorkCalendar
from core import clock
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from tests.workflow.told import HOUR, TIMERS, deadline, edit, fired, footprint, swept
from workflow import hooks, recompute, timeline
from workflow.explain import explain
from workflow.models import (
    Deadline,
    DeadlinePolicy,
    Entry,
    Firing,
    KeptTerms,
    PolicyLevel,
    Recomputation,
    Record,
    WorkItem,
)
from workflow.models.deadlines import Clock

if TYPE_CHECKING:
    from people.models import User

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]
Policy = Callable[..., DeadlinePolicy]


def ordered(by: User, reason: str = "New hours", timers: list[str] = TIMERS) -> Recomputation:
    """What an administrator has seen and confirmed."""
    made = recompute.order(timers, reason, by, recompute.survey(timers, 100).rules)
    assert made is not None
    return made


def recomputed(by: User, at: Any = NOON + HOUR, reason: str = "New hours") -> Recomputation:
    """Confirmed, and executed to its end."""
    with clock.held(at):
        made = ordered(by, reason)
        recompute.run()
    made.refresh_from_db()
    return made


# --- looking --------------------------------------------------------------------------------------------------------
def test_a_survey_shows_record_old_and_new_time_and_writes_nothing(ask: Ask, policy: Policy) -> None:
    edited, bystander = policy("errand.answer", 240), ask("slow bread")
    with clock.held(NOON + 3 * HOUR):
        edit(edited, minutes=120)
        before = footprint(), KeptTerms.objects.count()
        seen = recompute.survey(TIMERS, 100)
    assert (footprint(), KeptTerms.objects.count()) == before
    (change,) = seen.changes
    assert (change.record.pk, change.label) == (bystander.pk, "Answer")
    assert (change.before, change.due, change.lapses) == (NOON + 4 * HOUR, NOON + 2 * HOUR, True)
    assert (seen.total, seen.looked, seen.lapsing, seen.whole) == (1, 1, 1, True)


def test_a_survey_is_bounded_and_says_so(ask: Ask, policy: Policy) -> None:
    edited = policy("errand.answer", 240)
    for _ in range(5):
        ask()
    edit(edited, minutes=300)
    seen = recompute.survey(TIMERS, 3)
    assert (seen.looked, seen.total, len(seen.changes), seen.whole) == (3, 5, 3, False)


def test_the_statements_of_a_survey_do_not_grow_with_what_runs(
    ask: Ask, policy: Policy, django_assert_max_num_queries: Any
) -> None:
    edited = policy("errand.answer", 240)
    for _ in range(12):
        ask()
    edit(edited, minutes=300)
    with django_assert_max_num_queries(12):
        recompute.survey(TIMERS, 100)


def test_a_match_edited_moves_records_to_the_policy_that_fits_now(ask: Ask, policy: Policy, crew: Crew) -> None:
    policy("errand.answer", 240)
    urgent = policy("errand.answer", 60, speed="urgent")
    errand = ask("fast bread")
    edit(urgent, match={"speed": "fast"})
    recomputed(crew.director, at=NOON)
    found = deadline(errand, "answer")
    assert (found.policy, found.due_at) == (urgent, NOON + HOUR)


def test_what_no_policy_in_force_fits_any_more_runs_on(ask: Ask, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 240)
    errand = ask()
    edit(edited, active=False)
    assert recompute.survey(TIMERS, 100).changes == []
    recomputed(crew.director)
    assert deadline(errand, "answer").due_at == NOON + 4 * HOUR


# --- doing ----------------------------------------------------------------------------------------------------------
def test_it_moves_the_deadline_the_record_and_the_work_and_tells_who_decided(
    ask: Ask, policy: Policy, crew: Crew
) -> None:
    edited = policy("errand.answer", 240)
    errand = ask()
    edit(edited, minutes=600)
    made = recomputed(crew.director, reason="The handbook changed")
    record = Record.objects.get(pk=errand.pk)
    found = deadline(errand, "answer")
    assert (made.outcome, made.done, made.total, made.changed) == ("done", 1, 1, 1)
    assert found.due_at == record.due_at == WorkItem.objects.open().get().due_at == NOON + 10 * HOUR
    assert found.next_fire_at == record.wake_at == NOON + 7.5 * HOUR
    entry = Entry.objects.get(record=errand, verb="deadline.recomputed")
    assert (entry.actor, entry.channel, entry.public) == (crew.director, "admin", False)
    assert (entry.data["from"], entry.data["due_at"]) == (
        (NOON + 4 * HOUR).isoformat(),
        (NOON + 10 * HOUR).isoformat(),
    )
    assert entry.data["reason"] == "The handbook changed"
    assert list(timeline.faults(record, list(record.entries.order_by("seq")))) == []
    told = explain(found)
    assert (told.recomputed, told.policy_changed) == (found.due_at, False)
    assert [move["event"] for move in told.moves] == ["opened", "recomputed"]
    assert record.version == errand.version, "nobody's open form has become stale"


def test_a_calendar_edited_is_followed_once_it_is_confirmed(
    ask: Ask, policy: Policy, crew: Crew, office: WorkCalendar
) -> None:
    policy("errand.answer", 8 * 60, rest={"clock": Clock.WORKING})
    errand = ask()
    old = deadline(errand, "answer").due_at
    CalendarDay.objects.create(
        calendar=office, date=(NOON + timedelta(days=1)).date(), kind="holiday", name_zh="庆", name_en="Feast"
    )
    recomputed(crew.director)
    found = deadline(errand, "answer")
    assert found.due_at == old + timedelta(days=1)
    told = explain(found)
    assert (told.recomputed, told.calendar_changed) == (found.due_at, False)
    assert [str(day.name) for day in told.skipped if str(day.name)]
    assert KeptSchedule.objects.count() == 2


def test_a_miss_stays_a_miss_and_a_level_that_fired_never_fires_again(ask: Ask, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    swept(NOON + HOUR)
    edit(edited, minutes=600)
    recomputed(crew.director, at=NOON + 1.5 * HOUR)
    found = deadline(errand, "answer")
    assert (found.due_at, found.missed_at) == (NOON + 10 * HOUR, NOON + HOUR)
    assert swept(NOON + 10 * HOUR).fired == 0
    assert swept(NOON + 20 * HOUR).fired == 1
    assert [kind for kind, _late in fired(errand)] == ["warned", "missed", "escalated"]


def test_what_was_due_before_is_settled_before_it_moves(ask: Ask, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    edit(edited, minutes=600)
    recomputed(crew.director, at=NOON + 1.5 * HOUR)
    assert deadline(errand, "answer").missed_at == NOON + HOUR
    assert Firing.objects.filter(deadline__record=errand).count() == 2


def test_a_miss_that_no_level_tells_is_not_forgotten_either(ask: Ask, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 60, levels=())
    errand = ask()
    edit(edited, minutes=600)
    recomputed(crew.director, at=NOON + 2 * HOUR)
    assert deadline(errand, "answer").missed_at == NOON + HOUR


def test_what_is_closed_stays_as_it_was_kept(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 60)
    errand = act(ask(), "start", at=NOON + HOUR / 2)
    before = Deadline.objects.values().get(record=errand, timer="errand.answer")
    edit(edited, minutes=10)
    recomputed(crew.director)
    assert Deadline.objects.values().get(record=errand, timer="errand.answer") == before


def test_a_level_that_comes_between_fires_unless_a_later_one_has(ask: Ask, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 100)
    warned, fresh = ask(at=NOON - timedelta(minutes=80)), ask(at=NOON)
    swept(NOON)
    PolicyLevel.objects.create(policy=edited, kind="warned", share=50, recipients=["supervisor"])
    recomputed(crew.director, at=NOON + timedelta(minutes=1))
    swept(NOON + timedelta(minutes=50))
    assert list(deadline(fresh, "answer").firings.values_list("level", flat=True)) == [4]
    assert sorted(deadline(warned, "answer").firings.values_list("level", flat=True)) == [1, 2]


def test_a_promised_date_stays_promised(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.date", 60)
    promised = clock.local(NOON + 30 * HOUR).strftime("%Y-%m-%dT%H:%M")
    errand = act(act(ask(), "start"), "promise", promised_at=promised)
    edit(edited, minutes=999, tightening=DeadlinePolicy.Tightening.GRACE)
    edited.levels.get(position=1).delete()
    recomputed(crew.director)
    found = deadline(errand, "date")
    assert (found.due_at, found.next_level) == (NOON + 30 * HOUR, 2)
    assert explain(found).recomputed == found.due_at


def test_a_clock_that_stands_still_goes_on_under_the_new_terms(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.work", 240)
    errand = act(act(ask(), "start"), "wait", at=NOON + HOUR)
    edit(edited, minutes=480)
    recomputed(crew.director, at=NOON + 2 * HOUR)
    assert Record.objects.get(pk=errand.pk).wake_at is None
    act(errand, "go_on", at=NOON + 3 * HOUR)
    assert deadline(errand, "work").due_at == NOON + 10 * HOUR


def test_a_verb_of_the_system_comes_when_the_new_terms_say(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.away", 60, levels=())
    errand = act(act(ask(), "start"), "finish")
    edit(edited, minutes=180)
    recomputed(crew.director, at=NOON + HOUR / 2)
    assert swept(NOON + 2 * HOUR).performed == 0
    assert swept(NOON + 3 * HOUR).performed == 1
    assert Errand.objects.get(pk=errand.pk).state == "put_away"


# --- in batches, once -----------------------------------------------------------------------------------------------
def test_it_is_done_in_batches_and_a_second_time_changes_nothing(
    ask: Ask, policy: Policy, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "BATCH", 2)
    edited = policy("errand.answer", 240)
    for _ in range(5):
        ask()
    edit(edited, minutes=300)
    made = recomputed(crew.director)
    assert (made.done, made.changed) == (5, 5)
    again = recomputed(crew.director)
    assert (again.done, again.changed) == (5, 0)
    assert Entry.objects.filter(verb="deadline.recomputed").count() == 5


def test_a_worker_that_dies_between_batches_is_followed_by_another(
    ask: Ask, policy: Policy, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "BATCH", 2)
    edited = policy("errand.answer", 240)
    for _ in range(5):
        ask()
    edit(edited, minutes=300)
    with clock.held(NOON + HOUR):
        made = ordered(crew.director)
        apply, batches = recompute._apply, []

        def dying(*args: Any) -> int:
            batches.append(1)
            if len(batches) == 2:
                raise SystemExit
            return apply(*args)

        monkeypatch.setattr(recompute, "_apply", dying)
        with pytest.raises(SystemExit):
            recompute.run()
        made.refresh_from_db()
        assert (made.done, made.changed, made.outcome) == (2, 2, "running")
        recompute.run()
    made.refresh_from_db()
    assert (made.done, made.changed, made.outcome) == (5, 5, "done")
    assert Entry.objects.filter(verb="deadline.recomputed").count() == 5


def test_one_poisoned_record_does_not_stop_the_others_and_is_named(ask: Ask, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 240)
    errands = [ask() for _ in range(3)]
    edit(edited, minutes=300)

    @hooks.on_entries
    def fail(entries: Any, records: Any) -> None:
        if errands[1].pk in records:
            raise RuntimeError

    made = recomputed(crew.director)
    assert (made.done, made.changed, made.faults) == (3, 2, [errands[1].number])
    assert [deadline(errand, "answer").due_at - NOON for errand in errands] == [5 * HOUR, 4 * HOUR, 5 * HOUR]


def test_rules_that_are_not_those_that_were_shown_are_not_applied(ask: Ask, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 240)
    errand = ask()
    edit(edited, minutes=300)
    shown = recompute.survey(TIMERS, 100).rules
    edit(edited, minutes=1)
    assert recompute.order(TIMERS, "x", crew.director, shown) is None
    made = ordered(crew.director)
    edit(edited, minutes=2)
    recompute.run()
    made.refresh_from_db()
    assert (made.outcome, made.changed) == ("overtaken", 0)
    assert deadline(errand, "answer").due_at == NOON + 4 * HOUR
