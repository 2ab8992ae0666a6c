"""Each item has its own day: its owner is warned, or whoever holds it up; it is shown as overdue either way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import translation

from core import clock
from execution import panels
from execution.flow import Lane
from notifications.models import Notice
from tests.cast import act
from tests.execution.conftest import finish, item_of
from workflow import drift, explain, sweep
from workflow.models import Deadline, Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from execution.models import Execution, PlanItem
    from tests.cast import Cast

    Hold = Callable[[Any], Any]

pytestmark = pytest.mark.django_db


def due(execution: Execution, cast: Cast, item: PlanItem, day: str) -> None:
    act(execution, "set_due", cast.account_manager, item=item.pk, due_on=day)


def running(execution: Execution, lane: str) -> dict[str, datetime]:
    """The deadlines of a lane that run, by item."""
    rows = Deadline.objects.open().filter(record=execution.pk, timer=f"execution.{lane}")
    return dict(rows.values_list("subject", "due_at"))


def told(item: PlanItem, event: str) -> set[str]:
    """Who was told that an item is about to be due (warned) or was missed."""
    entries = [
        entry.pk
        for entry in Entry.objects.filter(record=item.execution_id, verb=f"deadline.{event}")
        if entry.data.get("subject") == item.key
    ]
    return set(Notice.objects.filter(entry__in=entries).values_list("recipient__username", flat=True))


@pytest.fixture
def two(execution: Execution, cast: Cast) -> list[PlanItem]:
    """Two trainings that nothing holds up, the first the account manager's, the second a consultant's."""
    finish(execution, Lane.TALKS)
    second = item_of(execution, Lane.TRAINING, 1)
    act(execution, "assign_item", cast.account_manager, item=second.pk, person=cast.consultant.pk)
    for place, day in ((0, "2026-03-10"), (1, "2026-03-12")):
        due(execution, cast, item_of(execution, Lane.TRAINING, place), day)
    return execution.plan.of(Lane.TRAINING)


@pytest.mark.rule("EXE-06")
def test_an_item_that_stands_behind_an_overdue_one_of_its_lane_warns_its_own_owner(
    execution: Execution, cast: Cast, two: list[PlanItem], held_clock: Hold
) -> None:
    first, second = two
    assert running(execution, Lane.TRAINING) == {first.key: first.due_at, second.key: second.due_at}
    held_clock(datetime(2026, 3, 11, 2, tzinfo=UTC))
    sweep.run()
    assert (told(first, "missed") & {"manager", "consultant"}, told(second, "missed")) == ({"manager"}, set())
    assert told(second, "warned") == {"consultant"}
    held_clock(datetime(2026, 3, 13, 2, tzinfo=UTC))
    sweep.run()
    assert "consultant" in told(second, "missed")
    execution.refresh_from_db()
    for item in two:
        said = {"item": item.pk, "done_on": "2026-03-12", "evidence": "签到表"}
        act(execution, "finish_item", cast.account_manager, **said)
    outcomes = Deadline.objects.filter(record=execution.pk, timer="execution.training").order_by("due_at")
    assert [row.outcome for row in outcomes] == ["met_late", "met_late"]


@pytest.mark.rule("EXE-06")
def test_what_is_promised_for_a_day_is_read_and_counted_as_that_days(
    execution: Execution, cast: Cast, two: list[PlanItem], held_clock: Hold
) -> None:
    moments = running(execution, Lane.TRAINING).values()
    assert [str(clock.local(moment).date()) for moment in sorted(moments)] == ["2026-03-10", "2026-03-12"]
    held_clock(datetime(2026, 3, 13, 2, tzinfo=UTC))
    sweep.run()
    browser = Client()
    browser.force_login(cast.director)
    for day, shown in (("2026-03-10", True), ("2026-03-11", False), ("2026-03-12", True), ("2026-03-13", False)):
        asked = f"show=all&promise=missed&promise_from={day}&promise_to={day}"
        assert (execution.number in browser.get(f"/execution/?{asked}").content.decode()) is shown, day


@pytest.mark.rule("EXE-07")
def test_of_an_item_that_is_held_up_those_are_warned_who_hold_it_up_and_can_do_something(
    execution: Execution, cast: Cast, held_clock: Hold
) -> None:
    acceptance, talks = item_of(execution, Lane.ACCEPTANCE), item_of(execution, Lane.TALKS)
    act(execution, "assign_item", cast.account_manager, item=acceptance.pk, person=cast.consultant.pk)
    act(execution, "assign_item", cast.account_manager, item=talks.pk, person=cast.trainer.pk)
    due(execution, cast, item_of(execution, Lane.ACCEPTANCE), "2026-03-10")
    acceptance = item_of(execution, Lane.ACCEPTANCE)
    names = {str(item.lane) for item in execution.plan.asked(acceptance.key)}
    assert names == {Lane.LICENCE, Lane.MONEY, Lane.TALKS}, "neither what is blocked itself, nor what holds nothing up"
    held_clock(datetime(2026, 3, 9, 2, tzinfo=UTC))
    sweep.run()
    assert told(acceptance, "warned") == {"specialist", "manager", "trainer"}
    execution.refresh_from_db()
    finish(execution, but=Lane.ACCEPTANCE)
    held_clock(datetime(2026, 3, 11, 2, tzinfo=UTC))
    sweep.run()
    assert "consultant" in told(acceptance, "missed"), "nothing holds it up any more"


@pytest.mark.rule("EXE-07")
def test_an_item_that_is_held_up_and_overdue_is_shown_so_on_the_board_and_in_the_portfolio(
    execution: Execution, cast: Cast, held_clock: Hold
) -> None:
    due(execution, cast, item_of(execution, Lane.ACCEPTANCE), "2026-03-10")
    cast.director.language = "en"
    cast.director.save()
    browser = Client()
    browser.force_login(cast.director, backend="django.contrib.auth.backends.ModelBackend")

    def badge() -> str:
        with translation.override("en"):
            (row,) = next(lane.rows for lane in panels.lanes(execution, acts=True) if lane.label == "Acceptance")
        assert [item.lane for item in row.first] == [Lane.INSTALLATION, Lane.TRAINING, Lane.TRAINING]
        assert str(row.standing) in browser.get(f"/execution/{execution.number}/").content.decode()
        return "over" if "tone-over" in row.standing else "held" if "held up" in row.standing else ""

    assert badge() == "held"
    assert execution.number not in browser.get("/execution/?show=all&late=yes").content.decode()
    held_clock(datetime(2026, 3, 11, 2, tzinfo=UTC))
    assert badge() == "over"
    assert execution.number in browser.get("/execution/?show=all&late=yes").content.decode()


def test_what_is_waived_or_loses_its_day_warns_nobody_and_what_gets_one_does(
    execution: Execution, cast: Cast, two: list[PlanItem], held_clock: Hold
) -> None:
    first, second = two
    act(execution, "waive_item", cast.director, item=first.pk, reason="客户放弃")
    due(execution, cast, second, "")
    assert running(execution, Lane.TRAINING) == {}
    due(execution, cast, second, "2026-03-15")
    assert set(running(execution, Lane.TRAINING)) == {second.key}
    cycles = Deadline.objects.filter(record=execution.pk, timer="execution.training").values_list("cycle", flat=True)
    assert sorted(cycles) == list(range(1, len(cycles) + 1))
    held_clock(datetime(2026, 3, 16, 2, tzinfo=UTC))
    sweep.run()
    assert told(first, "missed") == set()


def test_every_due_time_can_be_proved_and_told_again_item_by_item(
    execution: Execution, cast: Cast, two: list[PlanItem]
) -> None:
    due(execution, cast, two[1], "2026-03-20")
    for row in Deadline.objects.filter(record=execution.pk, timer="execution.training"):
        events = [step["event"] for step in explain._moves(row)]
        assert events[0] == "opened"
        assert events[1:] == ([] if row.closed_at is None else [row.outcome])
    found = drift.check()
    assert (found.examined > 0, found.drifted) == (True, 0)
