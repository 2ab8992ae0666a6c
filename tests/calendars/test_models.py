"""Calendars as they are kept: what is refused, and that every change counts."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from calendars.algebra import Slot
from calendars.models import AnnouncedYear, CalendarDay, WeekSlot, WorkCalendar

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

OFFICE = Slot.parse("9:00-12:00, 13:00-18:00")


@pytest.fixture
def calendar() -> WorkCalendar:
    """A calendar with office hours on Monday."""
    found = WorkCalendar.objects.create(code="office", name_zh="办公", name_en="Office")
    found.set_week({0: OFFICE})
    return found


def stored(calendar: WorkCalendar) -> WorkCalendar:
    """The calendar as the database has it."""
    return WorkCalendar.objects.get(pk=calendar.pk)


def day(calendar: WorkCalendar, **fields: object) -> CalendarDay:
    """A holiday of the company on the first of May."""
    given = {"date": date(2026, 5, 1), "kind": "holiday", "name_zh": "公司日", "name_en": "Company day", **fields}
    return CalendarDay(calendar=calendar, **given)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(time(10), time(11)), (time(8), time(10)), (time(11), time(14)), (time(0), time(0)), (time(9), time(12))],
)
def test_hours_that_overlap_are_refused(calendar: WorkCalendar, starts: time, ends: time) -> None:
    with pytest.raises(ValidationError):
        WeekSlot.objects.create(calendar=calendar, weekday=0, starts=starts, ends=ends)
    assert calendar.slots.count() == 2


@pytest.mark.parametrize(("starts", "ends"), [(time(12), time(13)), (time(18), time(0)), (time(0), time(9))])
def test_hours_that_touch_are_taken(calendar: WorkCalendar, starts: time, ends: time) -> None:
    WeekSlot.objects.create(calendar=calendar, weekday=0, starts=starts, ends=ends)
    assert calendar.slots.count() == 3


def test_the_same_hours_on_another_day_are_taken(calendar: WorkCalendar) -> None:
    WeekSlot.objects.create(calendar=calendar, weekday=1, starts=time(9), ends=time(12))


def test_a_slot_can_be_moved_over_its_own_place(calendar: WorkCalendar) -> None:
    slot = calendar.slots.get(starts=time(9))
    slot.ends = time(12, 30)
    slot.save()


@pytest.mark.parametrize(("starts", "ends"), [(time(12), time(9)), (time(9), time(9)), (time(9), time(9, 0, 30))])
def test_hours_that_do_not_end_after_they_start_are_refused(calendar: WorkCalendar, starts: time, ends: time) -> None:
    with pytest.raises(ValidationError):
        WeekSlot(calendar=calendar, weekday=3, starts=starts, ends=ends).save()


def test_the_database_itself_refuses_hours_that_end_before_they_start(calendar: WorkCalendar) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        WeekSlot.objects.bulk_create([WeekSlot(calendar=calendar, weekday=3, starts=time(12), ends=time(9))])


def test_a_week_without_hours_is_refused(calendar: WorkCalendar) -> None:
    with pytest.raises(ValidationError):
        calendar.set_week({0: ()})
    assert calendar.slots.count() == 2


def test_a_week_that_overlaps_is_refused_whole(calendar: WorkCalendar) -> None:
    with pytest.raises(ValidationError):
        calendar.set_week({1: OFFICE, 2: (Slot(0, 60), Slot(30, 90))})
    assert {slot.weekday for slot in calendar.slots.all()} == {0}


def test_setting_a_week_keeps_the_rows_that_stay(calendar: WorkCalendar) -> None:
    kept = calendar.slots.get(starts=time(9))
    calendar.set_week({0: [Slot(540, 720), Slot(1320, 1440)]})
    assert calendar.slots.get(starts=time(9)).pk == kept.pk
    assert calendar.slots.get(starts=time(22)).ends == time(0)


def test_setting_the_same_week_changes_nothing(calendar: WorkCalendar) -> None:
    before = stored(calendar).version
    calendar.set_week({0: OFFICE})
    assert stored(calendar).version == before


def test_the_company_and_the_state_may_each_speak_once_about_a_date(calendar: WorkCalendar) -> None:
    day(calendar).save()
    day(calendar, source="statutory").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        day(calendar).save()


def test_a_day_off_has_no_hours(calendar: WorkCalendar) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        day(calendar, hours="9:00-12:00").save()


@pytest.mark.parametrize("hours", ["morning", "9:00-12:00, 10:00-11:00", "12:00-9:00"])
def test_hours_of_a_day_that_cannot_be_read_are_refused(calendar: WorkCalendar, hours: str) -> None:
    with pytest.raises(ValidationError):
        day(calendar, kind="workday", hours=hours).save()


def test_a_time_zone_must_exist(calendar: WorkCalendar) -> None:
    calendar.timezone = "Asia/Atlantis"
    with pytest.raises(ValidationError):
        calendar.full_clean()


def test_every_change_counts_the_version_on_and_gives_a_new_stamp(calendar: WorkCalendar) -> None:
    holiday = day(calendar)
    year = AnnouncedYear(calendar=calendar, year=2026)
    slot = WeekSlot(calendar=calendar, weekday=4, starts=time(9), ends=time(12))
    steps: list[Callable[[], object]] = [
        holiday.save,
        year.save,
        slot.save,
        slot.save,
        slot.delete,
        holiday.delete,
        year.delete,
        calendar.save,
    ]
    seen = [(stored(calendar).version, stored(calendar).stamp)]
    for step in steps:
        step()
        seen.append((stored(calendar).version, stored(calendar).stamp))
    assert [version for version, _stamp in seen] == list(range(seen[0][0], seen[0][0] + len(steps) + 1))
    assert len({stamp for _version, stamp in seen}) == len(seen)
    assert calendar.version == stored(calendar).version


def test_deleting_several_at_once_counts_too(calendar: WorkCalendar) -> None:
    before = stored(calendar).version
    calendar.slots.all().delete()
    assert stored(calendar).version > before


def test_an_old_form_does_not_turn_the_version_back(calendar: WorkCalendar) -> None:
    old = stored(calendar)
    day(calendar).save()
    now = stored(calendar).version
    old.name_en = "Other"
    old.save()
    assert stored(calendar).version == now + 1
    assert stored(calendar).name_en == "Other"


def test_a_calendar_can_be_deleted_with_all_its_parts(calendar: WorkCalendar) -> None:
    day(calendar).save()
    calendar.delete()
    assert not WeekSlot.objects.exists()


def test_history_keeps_old_and_new(calendar: WorkCalendar) -> None:
    holiday = day(calendar)
    holiday.save()
    holiday.name_en = "Founders' day"
    holiday.save()
    holiday.delete()
    kept = CalendarDay.history.filter(calendar_id=calendar.pk).order_by("history_id")
    assert [(row.history_type, row.name_en) for row in kept] == [
        ("+", "Company day"),
        ("~", "Founders' day"),
        ("-", "Founders' day"),
    ]
    assert WorkCalendar.history.filter(id=calendar.pk).count() == 1


def test_a_calendar_speaks_for_itself(calendar: WorkCalendar) -> None:
    assert str(AnnouncedYear(year=2026)) == "2026"
    assert str(day(calendar)).startswith("2026-05-01")
    assert str(calendar.slots.get(starts=time(9))).endswith("09:00-12:00")
