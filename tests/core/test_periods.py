"""Half-open periods of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, intersect, merge, subtract, total

START = datetime(2026, 3, 2, tzinfo=UTC)


def period(start: int, end: int) -> Period:
    """From one minute to another."""
    return Period(START + timedelta(minutes=start), START + timedelta(minutes=end))


def minutes(periods: list[Period]) -> set[int]:
    """The minutes that periods cover: the slow way to say what they mean."""
    return {minute for each in periods for minute in range(60) if START + timedelta(minutes=minute) in each}


periods = st.lists(
    st.tuples(st.integers(0, 59), st.integers(0, 59)).map(lambda pair: period(min(pair), max(pair))), max_size=8
)


def is_normal(found: list[Period]) -> bool:
    """Whether periods are sorted, not empty, and neither overlap nor touch."""
    return all(found) and all(a.end < b.start for a, b in pairwise(found))


@given(periods)
def test_merging_keeps_every_moment_and_leaves_no_overlap(some: list[Period]) -> None:
    assert minutes(merge(some)) == minutes(some)
    assert is_normal(merge(some))
    assert merge(merge(some)) == merge(some)


@given(periods, periods)
def test_an_intersection_holds_what_lies_in_both(some: list[Period], others: list[Period]) -> None:
    assert minutes(intersect(some, others)) == minutes(some) & minutes(others)
    assert is_normal(intersect(some, others))


@given(periods, periods)
def test_a_difference_holds_what_lies_in_the_first_alone(some: list[Period], others: list[Period]) -> None:
    assert minutes(subtract(some, others)) == minutes(some) - minutes(others)
    assert is_normal(subtract(some, others))


@given(periods, periods)
def test_difference_and_intersection_together_are_the_whole(some: list[Period], others: list[Period]) -> None:
    assert total(subtract(some, others)) + total(intersect(some, others)) == total(some)


@given(periods)
def test_a_total_counts_a_moment_once(some: list[Period]) -> None:
    assert total(some) == timedelta(minutes=len(minutes(some)))


def test_the_start_lies_inside_and_the_end_outside() -> None:
    assert START in period(0, 5)
    assert START + timedelta(minutes=5) not in period(0, 5)


def test_an_empty_period_holds_nothing() -> None:
    assert not period(3, 3)
    assert merge([period(3, 3)]) == []


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Period(START, datetime(2026, 3, 3))  # noqa: DTZ001 - what is refused


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        period(5, 4)


def test_the_hour_that_winter_time_repeats_is_measured_by_what_passes_and_not_by_the_wall_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    assert Period(first, first.replace(fold=1)).length == timedelta(hours=1)
