"""Periods are whole days here, and a period that still runs is compared with as many days of the one before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from reports import periods
from reports.periods import Days

pytestmark = pytest.mark.kernel


@pytest.mark.parametrize(
    ("code", "today", "days", "before"),
    [
        ("month", "2026-03-10", "2026-03-01 – 2026-03-10", "2026-02-01 – 2026-02-10"),
        ("month", "2026-03-31", "2026-03-01 – 2026-03-31", "2026-02-01 – 2026-02-28"),
        ("month", "2026-01-05", "2026-01-01 – 2026-01-05", "2025-12-01 – 2025-12-05"),
        ("last_month", "2026-03-10", "2026-02-01 – 2026-02-28", "2026-01-01 – 2026-01-31"),
        ("last_month", "2026-01-01", "2025-12-01 – 2025-12-31", "2025-11-01 – 2025-11-30"),
        ("quarter", "2026-05-15", "2026-04-01 – 2026-05-15", "2026-01-01 – 2026-02-14"),
        ("quarter", "2026-09-30", "2026-07-01 – 2026-09-30", "2026-04-01 – 2026-06-30"),
        ("year", "2026-11-28", "2026-01-01 – 2026-11-28", "2025-01-01 – 2025-11-28"),
        ("year", "2028-12-31", "2028-01-01 – 2028-12-31", "2027-01-01 – 2027-12-31"),
    ],
)
def test_a_named_period_and_the_one_before_it(code: str, today: str, days: str, before: str) -> None:
    found = periods.named(code, date.fromisoformat(today))
    assert (str(found.days), str(found.before)) == (days, before)


@pytest.mark.parametrize("code", periods.NAMES)
def test_no_day_of_any_year_is_without_its_periods(code: str) -> None:
    for number in range(3 * 366):
        today = date(2027, 1, 1) + timedelta(days=number)
        found = periods.named(code, today)
        assert found.before.last < found.days.first
        assert found.before.length <= max(found.days.length, 31)


def test_free_days_are_compared_with_as_many_just_before_them() -> None:
    found = periods.free(date(2026, 3, 5), date(2026, 3, 7))
    assert str(found.before) == "2026-03-02 – 2026-03-04"
    with pytest.raises(ValueError, match="cannot end"):
        periods.free(date(2026, 3, 7), date(2026, 3, 5))


def test_a_day_begins_and_ends_at_midnight_here() -> None:
    days = Days(date(2026, 3, 1), date(2026, 3, 1))
    assert days.begin == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert days.end == datetime(2026, 3, 1, 16, tzinfo=UTC)


def test_it_is_tomorrow_here_while_it_is_still_today_in_greenwich() -> None:
    with clock.held(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)):
        assert periods.today() == date(2026, 3, 2)


def test_months_are_whole_and_end_with_the_one_that_holds_the_day() -> None:
    found = periods.months(date(2026, 2, 10), 3)
    assert [str(days) for days in found] == [
        "2025-12-01 – 2025-12-31",
        "2026-01-01 – 2026-01-31",
        "2026-02-01 – 2026-02-28",
    ]
