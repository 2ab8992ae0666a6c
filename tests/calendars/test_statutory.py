"""China's public holidays: compared with a second source, imported, flagged where they are only estimated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import chinese_calendar
import pytest
from django.core.management import CommandError, call_command

from calendars import seeds
from calendars.algebra import Slot
from calendars.models import AnnouncedYear, CalendarDay, WorkCalendar
from calendars.schedules import default_calendar, schedule_for
from calendars.statutory import import_year, is_announced, public_days
from core import clock

NOVEMBER = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture
def calendar() -> WorkCalendar:
    """The company's calendar as an installation in November 2026 begins with it."""
    with clock.held(NOVEMBER):
        seeds.seed()
    return default_calendar()


def run(*arguments: str) -> str:
    """What the command says."""
    out = StringIO()
    call_command("import_holidays", *arguments, stdout=out, no_color=True)
    return out.getvalue()


@pytest.mark.parametrize("year", range(2020, 2027))
def test_two_independent_sources_agree_on_every_day(year: int) -> None:
    ours = {day.date: day.kind for day in public_days(year)}
    first = date(year, 1, 1)
    for number in range((date(year + 1, 1, 1) - first).days):
        day = first + timedelta(days=number)
        kind = ours.get(day, "workday" if day.weekday() < 5 else "holiday")
        assert (kind == "workday") == chinese_calendar.is_workday(day), day


def test_a_year_is_announced_only_when_its_make_up_workdays_are_known() -> None:
    assert all(is_announced(year) for year in range(2001, 2027))
    assert not is_announced(2027)
    assert not is_announced(2028)


def test_make_up_workdays_of_new_year_lie_in_the_year_before() -> None:
    assert {day.date for day in public_days(2006) if day.kind == "workday"} >= {date(2006, 12, 30), date(2006, 12, 31)}


def test_days_have_names_in_both_languages() -> None:
    names = {day.date: (day.name_zh, day.name_en) for day in public_days(2026)}
    assert names[date(2026, 2, 17)] == ("春节", "Chinese New Year (Spring Festival)")
    assert names[date(2026, 2, 14)] == ("调休上班", "Make-up workday")


@pytest.mark.parametrize("year", [0, 1999, 2000, 2100, 99999])
def test_years_that_nobody_can_know_are_refused(year: int) -> None:
    with pytest.raises(ValueError, match="known from"):
        public_days(year)


def test_the_last_year_that_can_be_known_is_known() -> None:
    assert public_days(2099)


@pytest.mark.django_db
def test_an_installation_begins_with_office_hours_and_flags_the_next_year(calendar: WorkCalendar) -> None:
    assert schedule_for(calendar).week == (Slot.parse("9:00-12:00, 13:00-18:00"),) * 5 + ((), ())
    years = dict(calendar.years.values_list("year", "announced"))
    assert years == {2024: True, 2025: True, 2026: True, 2027: False}
    assert calendar.days.filter(date__year=2027, kind="workday").count() == 0
    assert calendar.days.filter(date=date(2027, 1, 1), kind="holiday").exists()


@pytest.mark.django_db
def test_time_limits_around_national_day_follow_the_announcement(calendar: WorkCalendar) -> None:
    schedule = schedule_for(calendar)
    eve = datetime(2026, 9, 30, 9, tzinfo=UTC)  # 17:00 in Shanghai
    assert schedule.add_working_time(eve, timedelta(hours=2)) == datetime(2026, 10, 8, 2, tzinfo=UTC)
    assert schedule.is_working(datetime(2026, 10, 10, 2, tzinfo=UTC))  # a Saturday, worked in return


@pytest.mark.django_db
def test_a_limit_that_reaches_into_a_year_not_announced_is_answered_and_flagged(calendar: WorkCalendar) -> None:
    schedule = schedule_for(calendar)
    start = datetime(2026, 12, 31, 9, tzinfo=UTC)
    due = schedule.add_working_time(start, timedelta(hours=2))
    assert due == datetime(2027, 1, 4, 2, tzinfo=UTC)
    assert schedule.unannounced_between(start, due) == {2027}


@pytest.mark.django_db
def test_seeding_again_changes_nothing(calendar: WorkCalendar) -> None:
    calendar.set_week({0: (Slot(600, 660),)})
    CalendarDay.objects.filter(date=date(2026, 1, 1)).delete()
    before = default_calendar().version
    with clock.held(NOVEMBER):
        seeds.seed()
    assert default_calendar().version == before


@pytest.mark.django_db
def test_seeding_brings_in_what_has_been_announced_since(
    calendar: WorkCalendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calendars.seeds.is_announced", lambda _year: True)
    monkeypatch.setattr("calendars.statutory.is_announced", lambda _year: True)
    with clock.held(NOVEMBER):
        seeds.seed()
    assert calendar.years.get(year=2027).announced


@pytest.mark.django_db
def test_seeding_leaves_a_calendar_alone_that_follows_no_holidays(calendar: WorkCalendar) -> None:
    calendar.keeps_holidays = False
    calendar.save()
    with clock.held(datetime(2031, 1, 1, tzinfo=UTC)):
        seeds.seed()
    assert not calendar.years.filter(year=2031).exists()


@pytest.mark.django_db
def test_an_import_repairs_public_days_and_keeps_those_of_the_company(calendar: WorkCalendar) -> None:
    calendar.days.filter(date=date(2026, 1, 1)).delete()
    calendar.days.filter(date=date(2026, 10, 1)).update(name_zh="误")
    CalendarDay.objects.create(
        calendar=calendar, date=date(2026, 8, 8), kind="holiday", source="statutory", name_zh="误", name_en="Wrong"
    )
    own = CalendarDay.objects.create(
        calendar=calendar, date=date(2026, 8, 8), kind="holiday", name_zh="司庆", name_en="Anniversary"
    )
    done = import_year(calendar, 2026)
    assert (done.added, done.changed, done.removed) == (1, 1, 1)
    assert list(calendar.days.filter(date=date(2026, 8, 8))) == [own]
    again = import_year(calendar, 2026)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)


@pytest.mark.django_db
def test_an_import_leaves_history_with_its_source(calendar: WorkCalendar) -> None:
    row = CalendarDay.history.get(calendar_id=calendar.pk, date=date(2026, 2, 17))
    assert row.history_change_reason.startswith("holidays ")


@pytest.mark.django_db
def test_a_year_announced_by_hand_is_kept(calendar: WorkCalendar) -> None:
    AnnouncedYear.objects.filter(year=2027).update(announced=True, source="State Council, 2026-11-25")
    CalendarDay.objects.create(
        calendar=calendar, date=date(2027, 2, 20), kind="workday", source="statutory", name_zh="调休", name_en="Make-up"
    )
    assert import_year(calendar, 2027).kept
    assert import_year(calendar, 2027, replace=True).kept  # the package knows no better
    assert calendar.days.filter(date=date(2027, 2, 20)).exists()


@pytest.mark.django_db
def test_the_command_imports_and_says_what_is_an_estimate(calendar: WorkCalendar) -> None:
    calendar.years.filter(year__in=(2026, 2027)).delete()
    calendar.days.filter(date__year=2027).delete()
    said = run("2026", "2027").splitlines()
    assert said[0] == "default 2026: 0 added, 0 changed, 0 removed"
    assert "NOT ANNOUNCED YET" in said[1]
    assert not calendar.years.get(year=2027).announced


@pytest.mark.django_db
def test_the_command_says_what_it_kept(calendar: WorkCalendar) -> None:
    AnnouncedYear.objects.filter(calendar=calendar, year=2026).update(source="by hand")
    assert "kept" in run("2026")
    assert "0 added" in run("2026", "--replace")


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [("1999",), ("2026", "--calendar", "nowhere"), ("soon",), ()])
def test_the_command_refuses_what_it_cannot_do(calendar: WorkCalendar, arguments: tuple[str, ...]) -> None:
    before = calendar.version
    with pytest.raises(CommandError):
        run(*arguments)
    assert default_calendar().version == before


@pytest.mark.django_db
def test_the_command_needs_a_calendar() -> None:
    with pytest.raises(CommandError, match="no calendar yet"):
        run("2026")
