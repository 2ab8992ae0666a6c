"""From the tables to the algebra, and the caches between."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.utils.translation import override

from calendars.algebra import EmptyScheduleError, Slot
from calendars.models import AnnouncedYear, CalendarDay, WorkCalendar
from calendars.schedules import NoCalendarError, default_calendar, gap_warning, schedule_for

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

MAY_FIRST, MAY_SECOND, MAY_FOURTH = date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 4)
OFFICE = Slot.parse("9:00-12:00, 13:00-18:00")


@pytest.fixture
def calendar() -> WorkCalendar:
    """The company's calendar: office hours from Monday to Friday."""
    found = WorkCalendar.objects.create(code="default", name_zh="公司", name_en="Company")
    found.set_week(dict.fromkeys(range(5), OFFICE))
    return found


def day(calendar: WorkCalendar, when: date, kind: str, source: str = "company", hours: str = "") -> CalendarDay:
    """An exceptional day."""
    return CalendarDay.objects.create(
        calendar=calendar, date=when, kind=kind, source=source, hours=hours, name_zh="节", name_en="Feast"
    )


def test_a_schedule_has_the_hours_of_the_week(calendar: WorkCalendar) -> None:
    schedule = schedule_for(calendar)
    assert schedule.week == (OFFICE,) * 5 + ((), ())
    assert str(schedule.tz) == "Asia/Shanghai"
    assert schedule.version == calendar.version


def test_a_holiday_has_no_hours_and_a_make_up_workday_those_of_an_ordinary_day(calendar: WorkCalendar) -> None:
    day(calendar, MAY_FIRST, "holiday", "statutory")
    day(calendar, MAY_SECOND, "workday", "statutory")
    schedule = schedule_for(calendar)
    assert schedule.slots_on(MAY_FIRST) == ()
    assert schedule.slots_on(MAY_SECOND) == OFFICE


def test_special_hours_replace_those_of_the_weekday(calendar: WorkCalendar) -> None:
    day(calendar, MAY_FOURTH, "workday", hours="9:00-12:00")
    assert schedule_for(calendar).slots_on(MAY_FOURTH) == (Slot(540, 720),)


@pytest.mark.parametrize("company_first", [True, False])
def test_the_word_of_the_company_counts_before_that_of_the_state(
    calendar: WorkCalendar,
    company_first: bool,
) -> None:
    says = [("company", "workday"), ("statutory", "holiday")]
    for source, kind in says if company_first else reversed(says):
        day(calendar, MAY_FIRST, kind, source)
    assert schedule_for(calendar).slots_on(MAY_FIRST) == OFFICE


def test_names_are_chosen_by_the_reader_and_not_by_who_loaded_them(calendar: WorkCalendar) -> None:
    day(calendar, MAY_FIRST, "holiday")
    start = datetime(2026, 4, 30, 16, tzinfo=UTC)
    with override("en"):
        (skipped,) = schedule_for(calendar).skipped_between(start, start + timedelta(hours=8))
        assert str(skipped.name) == "Feast"
    with override("zh-hans"):
        assert str(skipped.name) == "节"
        assert f"{skipped.name}" == "节"


def test_a_schedule_is_loaded_with_four_queries_and_then_without_any(
    calendar: WorkCalendar, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        first = schedule_for(calendar)
    with django_assert_num_queries(0):
        assert schedule_for(calendar) is first


def test_a_change_is_seen_at_once(calendar: WorkCalendar) -> None:
    assert schedule_for(calendar).slots_on(MAY_FIRST) == OFFICE
    holiday = day(calendar, MAY_FIRST, "holiday")
    assert schedule_for(calendar).slots_on(MAY_FIRST) == ()
    holiday.delete()
    assert schedule_for(default_calendar()).slots_on(MAY_FIRST) == OFFICE


def test_what_was_rolled_back_does_not_stay_in_the_cache(calendar: WorkCalendar) -> None:
    def closed_for_a_moment() -> None:
        with transaction.atomic():
            day(calendar, MAY_FIRST, "holiday")
            assert schedule_for(default_calendar()).slots_on(MAY_FIRST) == ()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        closed_for_a_moment()
    day(calendar, MAY_FOURTH, "holiday")  # reaches the version number that was rolled back
    assert schedule_for(default_calendar()).slots_on(MAY_FIRST) == OFFICE


def test_a_calendar_without_hours_is_a_clear_error() -> None:
    empty = WorkCalendar.objects.create(code="empty", name_zh="空", name_en="Empty")
    with pytest.raises(EmptyScheduleError, match="no working hours"):
        schedule_for(empty)


def test_a_missing_calendar_says_what_to_do() -> None:
    with pytest.raises(NoCalendarError, match="seed"):
        default_calendar()


def test_only_announced_years_are_announced(calendar: WorkCalendar) -> None:
    AnnouncedYear.objects.create(calendar=calendar, year=2026, announced=True)
    AnnouncedYear.objects.create(calendar=calendar, year=2027, announced=False)
    assert schedule_for(calendar).announced == frozenset({2026})


def test_a_calendar_that_follows_no_holidays_has_nothing_to_announce(calendar: WorkCalendar) -> None:
    calendar.keeps_holidays = False
    calendar.save()
    assert schedule_for(calendar).announced is None
    assert gap_warning(datetime(2026, 11, 24, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("now", "announced", "warned"),
    [
        ("2026-10-31T15:59:59", {2026}, ""),
        ("2026-10-31T16:00:00", {2026}, "2027"),  # November has begun in Shanghai
        ("2026-11-24T00:00:00", {2026, 2027}, ""),
        ("2026-12-31T15:59:59", {2026}, "2027"),
        ("2027-01-15T00:00:00", {2026}, "2027"),  # still missing when the year has begun
        ("2026-11-24T00:00:00", set(), "2026, 2027"),
    ],
)
def test_a_gap_is_told_from_november_on(calendar: WorkCalendar, now: str, announced: set[int], warned: str) -> None:
    for year in announced:
        AnnouncedYear.objects.create(calendar=calendar, year=year, announced=True)
    with override("en"):
        text = gap_warning(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert (text is not None) == bool(warned)
    assert text is None or (f"of {warned} are" in text and "Company" in text)
