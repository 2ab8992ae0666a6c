"""The algebra of working time: what a moment is, and the laws that hold for every schedule."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.algebra import (
    CalendarError,
    EmptyScheduleError,
    Exceptional,
    HorizonError,
    Reason,
    Schedule,
    Skipped,
    Slot,
)
from core.periods import merge

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = Slot.parse("9:00-12:00, 13:00-18:00")
HOUR = timedelta(hours=1)


def office(**fields: object) -> Schedule:
    """Monday to Friday, 9 to 12 and 13 to 18, in Shanghai."""
    return Schedule(week=(OFFICE,) * 5 + ((), ()), **{"tz": SHANGHAI, **fields})  # type: ignore[arg-type]


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A moment by the wall clock of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


SPRING_FESTIVAL = office(
    exceptions={
        **{date(2026, 2, day): Exceptional("春节") for day in range(16, 24)},
        date(2026, 2, 14): Exceptional("调休上班", OFFICE),
        date(2026, 2, 28): Exceptional("调休上班", OFFICE),
    },
    announced=frozenset({2026}),
)

# --- the laws -----------------------------------------------------------------------------------------------------

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Asia/Shanghai",
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",  # half an hour of summer time
        "America/Nuuk",  # the clock goes from 22:59 to 24:00
        "Africa/Cairo",  # midnight is skipped
        "Asia/Kathmandu",
    )
]


@st.composite
def days(draw: st.DrawFn) -> tuple[Slot, ...]:
    """The slots of a day: none, several, touching ones, and ones that begin or end at midnight."""
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    return tuple(Slot(a * 15, b * 15) for a, b in zip(edges[::2], edges[1::2], strict=True))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Any schedule with working time in its week, and exceptions around leap day and the changes of the clock."""
    week = draw(st.lists(days(), min_size=7, max_size=7).filter(any))
    dates = st.dates(date(2024, 2, 20), date(2024, 11, 10))
    exceptions = draw(st.dictionaries(dates, st.builds(Exceptional, st.just("special"), days()), max_size=12))
    return Schedule(week=tuple(week), tz=draw(st.sampled_from(ZONES)), exceptions=exceptions)


moments = st.one_of(
    st.datetimes(datetime(2024, 2, 25), datetime(2024, 4, 10), timezones=st.just(UTC)),  # noqa: DTZ001 - zone given
    st.datetimes(datetime(2024, 10, 1), datetime(2024, 11, 5), timezones=st.just(UTC)),  # noqa: DTZ001 - zone given
)
amounts = st.timedeltas(timedelta(), timedelta(days=3))


@settings(max_examples=150, deadline=None)
@given(schedules(), moments, amounts)
def test_the_time_that_was_added_is_the_time_that_lies_between(
    schedule: Schedule, start: datetime, amount: timedelta
) -> None:
    end = schedule.add_working_time(start, amount)
    assert end >= start
    assert schedule.working_time(start, end) == amount


@settings(max_examples=150, deadline=None)
@given(schedules(), moments, st.timedeltas(timedelta(), timedelta(days=20)))
def test_adding_what_lies_between_leads_back_to_the_end_but_for_time_off(
    schedule: Schedule, start: datetime, length: timedelta
) -> None:
    end = start + length
    found = schedule.add_working_time(start, schedule.working_time(start, end))
    assert found <= end
    assert schedule.working_time(found, end) == timedelta()


@settings(max_examples=100, deadline=None)
@given(
    schedules(), moments, st.timedeltas(timedelta(), timedelta(days=9)), st.timedeltas(timedelta(), timedelta(days=9))
)
def test_working_time_adds_up_over_any_moment_between(
    schedule: Schedule, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    whole = schedule.working_time(start, end)
    assert schedule.working_time(start, middle) + schedule.working_time(middle, end) == whole
    assert schedule.working_time(end, start) == -whole
    assert timedelta() <= whole <= end - start


@settings(max_examples=100, deadline=None)
@given(schedules(), moments, amounts, amounts)
def test_adding_twice_is_adding_the_sum(
    schedule: Schedule, start: datetime, first: timedelta, second: timedelta
) -> None:
    twice = schedule.add_working_time(schedule.add_working_time(start, first), second)
    assert twice == schedule.add_working_time(start, first + second)


@settings(max_examples=100, deadline=None)
@given(schedules(), moments, st.timedeltas(timedelta(), timedelta(days=9)))
def test_slots_are_in_order_apart_and_within_the_two_moments(
    schedule: Schedule, start: datetime, length: timedelta
) -> None:
    slots = schedule.slots_between(start, start + length)
    assert all(earlier.end <= later.start for earlier, later in pairwise(slots))
    assert all(start <= slot.start < slot.end <= start + length for slot in slots)
    for slot in merge(slots):
        assert schedule.is_working(slot.start)
        assert slot.end == start + length or not schedule.is_working(slot.end)


@settings(max_examples=100, deadline=None)
@given(schedules(), moments)
def test_the_next_working_moment_is_working_and_nothing_before_it_is(schedule: Schedule, start: datetime) -> None:
    found = schedule.next_working_moment(start)
    assert schedule.is_working(found)
    assert schedule.working_time(start, found) == timedelta()
    assert (found == start) == schedule.is_working(start)


@settings(max_examples=100, deadline=None)
@given(schedules(), moments)
def test_the_end_of_the_working_day_leaves_time_to_work(schedule: Schedule, start: datetime) -> None:
    end = schedule.end_of_working_day(start)
    assert schedule.working_time(start, end) > timedelta()
    assert not schedule.is_working(end) or schedule.is_working(end - timedelta(microseconds=1))


# --- a working day in Shanghai ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02 09:00", 3, "2026-03-02 12:00"),  # at closing time, not at the next opening
        ("2026-03-02 09:00", 4, "2026-03-02 14:00"),  # over lunch
        ("2026-03-02 12:30", 1, "2026-03-02 14:00"),  # from within lunch
        ("2026-03-02 17:00", 2, "2026-03-03 10:00"),  # over night
        ("2026-03-06 17:30", 8, "2026-03-09 17:30"),  # over the weekend
        ("2026-03-07 11:00", 1, "2026-03-09 10:00"),  # from within the weekend
        ("2026-03-02 10:00", 0, "2026-03-02 10:00"),
        ("2026-03-01 10:00", 0, "2026-03-01 10:00"),  # nothing added moves nothing, even on a day off
        ("2026-02-13 17:00", 2, "2026-02-14 10:00"),  # Saturday before Spring Festival works
        ("2026-02-14 17:00", 2, "2026-02-24 10:00"),  # over Spring Festival
        ("2026-02-27 17:00", 2, "2026-02-28 10:00"),  # Saturday after it works
    ],
)
def test_working_hours_are_added(start: str, hours: int, end: str) -> None:
    assert SPRING_FESTIVAL.add_working_time(at(start), hours * HOUR) == at(end)


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-03-02 08:59:59.999999", False),
        ("2026-03-02 09:00", True),
        ("2026-03-02 11:59:59.999999", True),
        ("2026-03-02 12:00", False),
        ("2026-03-02 13:00", True),
        ("2026-03-02 18:00", False),
        ("2026-03-07 10:00", False),
        ("2026-02-14 10:00", True),
        ("2026-02-17 10:00", False),
    ],
)
def test_opening_time_is_inside_and_closing_time_outside(moment: str, working: bool) -> None:
    assert SPRING_FESTIVAL.is_working(at(moment)) is working


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-03-02 08:00", "2026-03-02 18:00"),
        ("2026-03-02 12:30", "2026-03-02 18:00"),
        ("2026-03-02 17:59", "2026-03-02 18:00"),
        ("2026-03-02 18:00", "2026-03-03 18:00"),  # closed: the next working day
        ("2026-03-06 19:00", "2026-03-09 18:00"),
        ("2026-02-15 10:00", "2026-02-24 18:00"),
    ],
)
def test_same_day_ends_when_the_working_day_closes(moment: str, end: str) -> None:
    assert SPRING_FESTIVAL.end_of_working_day(at(moment)) == at(end)


def test_a_moment_counts_alike_in_every_zone() -> None:
    here, there = at("2026-03-02 10:00"), at("2026-03-02 10:00").astimezone(timezone(timedelta(hours=-11)))
    assert office().add_working_time(here, HOUR) == office().add_working_time(there, HOUR)
    assert office().add_working_time(there, HOUR).tzinfo is UTC


# --- why due then -------------------------------------------------------------------------------------------------


def test_an_explanation_lists_the_slots_that_were_counted() -> None:
    slots = office().slots_between(at("2026-03-06 11:00"), at("2026-03-09 09:30"))
    assert [(slot.start, slot.end) for slot in slots] == [
        (at("2026-03-06 11:00"), at("2026-03-06 12:00")),
        (at("2026-03-06 13:00"), at("2026-03-06 18:00")),
        (at("2026-03-09 09:00"), at("2026-03-09 09:30")),
    ]
    assert office().slots_between(at("2026-03-09 09:30"), at("2026-03-06 11:00")) == []


def test_an_explanation_names_the_days_that_were_skipped() -> None:
    skipped = SPRING_FESTIVAL.skipped_between(at("2026-02-14 17:00"), at("2026-02-24 10:00"))
    assert skipped[:2] == [
        Skipped(date(2026, 2, 15), "", Reason.WEEKEND),
        Skipped(date(2026, 2, 16), "春节", Reason.HOLIDAY),
    ]
    assert len(skipped) == 9


def test_an_explanation_names_the_days_that_were_worked_in_return() -> None:
    found = SPRING_FESTIVAL.made_up_between(at("2026-02-13 09:00"), at("2026-03-01 09:00"))
    assert found == [(date(2026, 2, 14), "调休上班"), (date(2026, 2, 28), "调休上班")]


def test_years_that_are_not_announced_are_told() -> None:
    start, end = at("2026-12-30 09:00"), at("2028-01-01 00:00")
    assert SPRING_FESTIVAL.unannounced_between(start, end) == {2027, 2028}
    assert SPRING_FESTIVAL.unannounced_between(start, start) == set()
    assert office(announced=None).unannounced_between(start, end) == set()


def test_the_year_is_that_of_the_calendar_and_not_that_of_london() -> None:
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    assert SPRING_FESTIVAL.unannounced_between(new_year, new_year) == {2027}


# --- midnight, leap day, summer time ------------------------------------------------------------------------------


def test_a_calendar_round_the_clock_is_elapsed_time() -> None:
    always = Schedule(week=((Slot(0, 1440),),) * 7, tz=ZoneInfo("America/New_York"))
    start = datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert always.add_working_time(start, timedelta(days=3)) == start + timedelta(days=3)
    assert always.skipped_between(start, start + timedelta(days=9)) == []


def test_a_night_shift_is_two_slots_that_meet_at_midnight() -> None:
    week = ((Slot(22 * 60, 1440),),) + ((Slot(0, 6 * 60), Slot(22 * 60, 1440)),) * 5 + ((Slot(0, 6 * 60),),)
    night = Schedule(week=week, tz=SHANGHAI)
    assert night.add_working_time(at("2026-03-02 23:00"), 2 * HOUR) == at("2026-03-03 01:00")
    assert night.is_working(at("2026-03-03 00:00"))


def test_leap_day_is_a_day() -> None:
    assert office().working_time(at("2028-02-28 18:00"), at("2028-03-01 00:00")) == 8 * HOUR
    assert office().end_of_working_day(at("2028-02-29 10:00")) == at("2028-02-29 18:00")


NEW_YORK = ZoneInfo("America/New_York")


def nights() -> Schedule:
    """Midnight to four, every day, in New York."""
    return Schedule(week=((Slot(0, 240),),) * 7, tz=NEW_YORK)


def test_the_hour_that_summer_time_skips_is_not_worked() -> None:
    assert nights().working_time(at("2026-03-08 00:00", NEW_YORK), at("2026-03-08 12:00", NEW_YORK)) == 3 * HOUR


def test_the_hour_that_winter_time_repeats_is_worked_twice() -> None:
    assert nights().working_time(at("2026-11-01 00:00", NEW_YORK), at("2026-11-01 12:00", NEW_YORK)) == 5 * HOUR


def test_a_slot_within_the_skipped_hour_is_not_there_that_day() -> None:
    early = Schedule(week=((Slot(135, 165), Slot(180, 240)),) * 7, tz=NEW_YORK)
    start = at("2026-03-08 00:00", NEW_YORK)
    assert early.working_time(start, start + 12 * HOUR) == HOUR
    assert early.next_working_moment(start) == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_a_date_that_a_country_leaves_out_does_not_exist() -> None:
    apia = Schedule(week=((Slot(540, 1020),),) * 7, tz=ZoneInfo("Pacific/Apia"))
    friday = datetime(2011, 12, 30, 4, 0, tzinfo=UTC)  # Thursday evening; Saturday follows
    assert apia.working_time(friday, friday + timedelta(days=1, hours=2)) == 8 * HOUR


def test_a_clock_that_falls_back_over_midnight_does_not_hide_slots() -> None:
    st_johns = Schedule(week=((Slot(0, 120),),) * 7, tz=ZoneInfo("America/St_Johns"))
    midnight = datetime(2010, 11, 7, 2, 30, tzinfo=UTC)  # at 0:01 it was 23:01 of the day before once more
    assert st_johns.is_working(midnight + timedelta(minutes=20))
    assert st_johns.working_time(midnight, midnight + HOUR) == HOUR


# --- what cannot be answered --------------------------------------------------------------------------------------


def test_a_schedule_without_hours_cannot_be_made() -> None:
    with pytest.raises(EmptyScheduleError):
        Schedule(week=((),) * 7, tz=SHANGHAI)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(CalendarError):
        Schedule(week=(OFFICE,) * 5, tz=SHANGHAI)


def test_exceptions_that_leave_no_working_time_end_in_an_error_and_not_in_a_loop() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=number): Exceptional("closed") for number in range(31 * 366)}
    with pytest.raises(HorizonError):
        office(exceptions=closed).next_working_moment(at("2026-03-02 09:00"))


@pytest.mark.parametrize("amount", [timedelta(days=40_000), timedelta.max])
def test_a_huge_amount_ends_in_an_error(amount: timedelta) -> None:
    with pytest.raises(HorizonError):
        office().add_working_time(at("2026-03-02 09:00"), amount)


def test_the_end_of_the_calendar_of_the_machine_is_an_error_of_ours() -> None:
    with pytest.raises(HorizonError):
        office().add_working_time(datetime(9999, 12, 30, tzinfo=UTC), timedelta(days=9))


def test_moments_too_far_apart_are_refused() -> None:
    with pytest.raises(HorizonError):
        office().working_time(at("1999-01-01 00:00"), at("2199-01-01 00:00"))


def test_time_is_not_added_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        office().add_working_time(at("2026-03-02 09:00"), -HOUR)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        office().is_working(datetime(2026, 3, 2, 9))  # noqa: DTZ001 - what is refused


# --- slots --------------------------------------------------------------------------------------------------------


def test_hours_are_read_as_people_write_them() -> None:
    assert Slot.parse("13:00-18:00, 9:00-12:00") == (Slot(540, 720), Slot(780, 1080))
    assert Slot.parse("9\uff1a00-12\uff1a00\uff0c13:00\u201324:00") == (Slot(540, 720), Slot(780, 1440))
    assert str(Slot(540, 1440)) == "09:00-24:00"


@pytest.mark.parametrize(
    "text", ["", "9-12", "9:00", "12:00-9:00", "9:00-9:00", "9:00-12:00, 11:00-13:00", "9:00-25:00", "x:y-z:0", ","]
)
def test_hours_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        Slot.parse(text)


def test_an_end_at_midnight_is_the_end_of_the_day() -> None:
    assert Slot.between(time(22), time(0)) == Slot(1320, 1440)


def test_seconds_are_refused() -> None:
    with pytest.raises(CalendarError):
        Slot.between(time(9, 0, 30), time(12))
