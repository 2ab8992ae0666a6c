"""What runs keeps the terms that it was set under, whatever becomes of its policy and its calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from calendars.models import CalendarDay, WorkCalendar
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from tests.workflow.told import HOUR, TIMERS, deadline, edit, swept
from workflow import recompute
from workflow.explain import explain
from workflow.models import DeadlinePolicy, Entry, KeptTerms, PolicyLevel
from workflow.models.deadlines import Clock

pytestmark = pytest.mark.kernel

Ask = Callable[..., Errand]
Do = Callable[..., Errand]
Policy = Callable[..., DeadlinePolicy]


# --- until somebody decides, nothing moves ------------------------------------------------------------------------
def test_a_calendar_edited_meanwhile_does_not_move_what_runs_nor_its_explanation(
    ask: Ask, act: Do, policy: Policy, office: WorkCalendar
) -> None:
    policy("errand.work", 8 * 60, rest={"clock": Clock.WORKING})
    errand = act(ask(), "start")
    before = deadline(errand, "work")
    CalendarDay.objects.create(
        calendar=office, date=(NOON + timedelta(days=1)).date(), kind="holiday", name_zh="庆", name_en="Feast"
    )
    act(errand, "wait", at=NOON + 2 * HOUR)
    act(errand, "go_on", at=NOON + 2 * HOUR)
    swept(NOON + timedelta(days=1))
    found = deadline(errand, "work")
    assert (found.due_at, found.terms_id) == (before.due_at, before.terms_id)
    told = explain(found)
    assert (told.recomputed, told.calendar_changed, told.policy_changed) == (found.due_at, True, False)
    assert not [day for day in told.skipped if str(day.name)]


def test_levels_edited_meanwhile_fire_as_they_were(ask: Ask, policy: Policy, crew: Crew) -> None:
    edited = policy("errand.answer", 60)
    errand = ask()
    level = edited.levels.get(position=1)
    level.share, level.recipients = 10, ["supervisor"]
    level.save()
    edited.levels.get(position=3).delete()
    assert swept(NOON + 50 * HOUR / 60).fired == 1
    entry = Entry.objects.get(record=errand, verb="deadline.warned")
    assert entry.data["recipients"] == ["handler"]
    assert swept(NOON + 2 * HOUR).fired == 2
    assert explain(deadline(errand, "answer")).levels[0].recipients == ["handler"]


def test_what_is_set_after_an_edit_runs_under_new_terms_and_equal_terms_are_kept_once(ask: Ask, policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    first, second = ask(), ask()
    edit(edited, minutes=120)
    third = ask()
    terms = [deadline(errand, "answer").terms_id for errand in (first, second, third)]
    assert terms[0] == terms[1] != terms[2]
    edit(edited, minutes=60)
    assert deadline(ask(), "answer").terms_id == terms[0]
    assert KeptTerms.objects.count() == 2


def test_a_name_corrected_changes_nothing_that_could_be_recomputed(ask: Ask, policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    ask()
    edit(edited, name_en="Another name")
    assert recompute.survey(TIMERS, 100).changes == []


# --- versions -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["edited", "added", "deleted"])
def test_a_level_edited_added_or_deleted_counts_the_policys_version_up(ask: Ask, policy: Policy, how: str) -> None:
    edited = policy("errand.answer", 60)
    ask()
    level = edited.levels.get(position=2)
    if how == "edited":
        level.share = 90
        level.save()
    elif how == "added":
        PolicyLevel.objects.create(policy=edited, kind="warned", share=50)
    else:
        level.delete()
    assert DeadlinePolicy.objects.get(pk=edited.pk).version == 2
    edited.save()
    assert DeadlinePolicy.objects.get(pk=edited.pk).version == 3


def test_a_level_never_gets_the_number_of_one_that_was_taken_away(policy: Policy) -> None:
    edited = policy("errand.answer", 60)
    edited.levels.get(position=3).delete()
    assert PolicyLevel.objects.create(policy=edited, kind="escalated", share=200).position == 4
