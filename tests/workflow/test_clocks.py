"""The arithmetic of deadlines: a start, an amount, standstills and a clock give a moment, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calendars.algebra import Schedule, Slot
from workflow.clocks import ELAPSED, Course, Running, Standstill

START = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = (Slot(9 * 60, 12 * 60), Slot(13 * 60, 18 * 60))
OFFICE = Schedule(week=(HOURS,) * 5 + ((), ()), tz=SHANGHAI)
NIGHT_SHIFT = Schedule(week=((Slot(0, 60), Slot(23 * 60, 24 * 60)),) * 7, tz=ZoneInfo("Europe/Berlin"))

clocks: st.SearchStrategy[Running] = st.sampled_from([ELAPSED, OFFICE, NIGHT_SHIFT])
minutes = st.integers(0, 30 * 24 * 60)


@st.composite
def standstills(draw: st.DrawFn, *, may_stand: bool = True) -> tuple[Standstill, ...]:
    """Pauses one after the other, perhaps touching, perhaps empty; the last may still go on."""
    marks = sorted(draw(st.lists(minutes, max_size=8)))
    moments = [START + timedelta(minutes=mark) for mark in marks]
    found = [Standstill(since, until) for since, until in zip(moments[::2], moments[1::2], strict=False)]
    if may_stand and len(moments) % 2:
        found.append(Standstill(moments[-1], None))
    return tuple(found)


@given(clocks, standstills(), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_what_has_counted_when_it_is_due_is_what_was_allowed(
    clock: Running, pauses: tuple[Standstill, ...], amount: timedelta
) -> None:
    course = Course(START, clock, pauses)
    due = course.after(amount)
    assume(due is not None)
    assert due is not None
    assert course.counted(due) == amount


@given(clocks, standstills(), minutes)
def test_what_has_counted_by_a_moment_had_counted_by_then(
    clock: Running, pauses: tuple[Standstill, ...], minute: int
) -> None:
    course = Course(START, clock, pauses)
    moment = START + timedelta(minutes=minute)
    counted = course.counted(moment)
    due = course.after(counted)
    assert due is not None
    assert due <= moment
    assert course.counted(due) == counted


@given(clocks, standstills(), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_course_without_an_end_stands_still_for_ever(
    clock: Running, pauses: tuple[Standstill, ...], amount: timedelta
) -> None:
    course = Course(START, clock, pauses)
    if course.after(amount) is None:
        assert pauses[-1].until is None
        assert course.counted(pauses[-1].since + timedelta(days=365)) < amount


@given(standstills(may_stand=False), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_pause_moves_what_is_due_by_its_length_and_never_forwards(
    pauses: tuple[Standstill, ...], amount: timedelta
) -> None:
    due, without = Course(START, ELAPSED, pauses).after(amount), Course(START).after(amount)
    assert due is not None
    assert without is not None
    before = [pause for pause in pauses if pause.until is not None and pause.until <= due]
    assert due - without == sum((pause.until - pause.since for pause in before if pause.until), timedelta(0))


@given(clocks, standstills(), st.lists(st.timedeltas(timedelta(0), timedelta(days=20)), min_size=2, max_size=4))
def test_more_time_is_never_due_earlier(
    clock: Running, pauses: tuple[Standstill, ...], amounts: list[timedelta]
) -> None:
    course = Course(START, clock, pauses)
    dues = [course.after(amount) for amount in sorted(amounts)]
    known = [due for due in dues if due is not None]
    assert known == sorted(known)
    assert dues[: len(known)] == known, "once it stands still it stands still for all that is more"


def test_a_pause_before_the_start_takes_nothing_away() -> None:
    pauses = (Standstill(START - timedelta(hours=3), START - timedelta(hours=1)),)
    assert Course(START, ELAPSED, pauses).after(timedelta(hours=4)) == START + timedelta(hours=4)


def test_a_pause_over_the_start_counts_from_its_end() -> None:
    pauses = (Standstill(START - timedelta(hours=3), START + timedelta(hours=1)),)
    assert Course(START, ELAPSED, pauses).after(timedelta(hours=4)) == START + timedelta(hours=5)


def test_a_pause_that_begins_when_it_is_due_comes_too_late() -> None:
    due = START + timedelta(hours=4)
    assert Course(START, ELAPSED, (Standstill(due, None),)).after(timedelta(hours=4)) == due


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        (3, datetime(2026, 3, 4, 4, 0, tzinfo=UTC)),  # 12:00, not 13:00
        (4, datetime(2026, 3, 4, 6, 0, tzinfo=UTC)),
        (8, datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (9, datetime(2026, 3, 5, 2, 0, tzinfo=UTC)),
        (25, datetime(2026, 3, 9, 2, 0, tzinfo=UTC)),  # over the weekend
    ],
)
def test_working_time_ends_at_closing_time_and_skips_noon_night_and_weekend(hours: int, due: datetime) -> None:
    assert Course(START, OFFICE).after(timedelta(hours=hours)) == due
