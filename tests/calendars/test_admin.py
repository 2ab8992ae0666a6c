"""Calendars in the administrators' site."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from calendars import seeds
from calendars.models import CalendarDay, WeekSlot, WorkCalendar
from calendars.schedules import default_calendar
from core import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calendar() -> Iterator[WorkCalendar]:
    """The company's calendar, in November 2026."""
    with clock.held(datetime(2026, 11, 24, 2, tzinfo=UTC)):
        seeds.seed()
        yield default_calendar()


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator who reads English."""
    user = get_user_model().objects.create_superuser("root", "root@example.com", "secret-of-tests")
    user.language = "en"
    user.save()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def form(calendar: WorkCalendar, **changes: str) -> dict[str, str]:
    """The page of a calendar as the browser would send it back, with some changes."""
    slots = list(calendar.slots.order_by("pk"))
    company = list(calendar.days.filter(source="company").order_by("-date"))
    years = list(calendar.years.order_by("-year"))
    sent: dict[str, Any] = {
        "name_zh": calendar.name_zh,
        "name_en": calendar.name_en,
        "timezone": calendar.timezone,
        "keeps_holidays": "on",
    }
    for prefix, rows in (("slots", slots), ("days", company), ("years", years)):
        sent |= {f"{prefix}-TOTAL_FORMS": len(rows) + 2, f"{prefix}-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(rows):
            sent |= {f"{prefix}-{number}-id": row.pk, f"{prefix}-{number}-calendar": calendar.pk}
    for number, slot in enumerate(slots):
        at = f"slots-{number}"
        sent |= {f"{at}-weekday": slot.weekday, f"{at}-starts": slot.starts, f"{at}-ends": slot.ends}
    for number, year in enumerate(years):
        sent |= {f"years-{number}-year": year.year, f"years-{number}-source": year.source}
        sent |= {f"years-{number}-announced": "on"} if year.announced else {}
    return {**{name: str(value) for name, value in sent.items()}, **changes}


def send(admin: Client, calendar: WorkCalendar, **changes: str) -> list[str]:
    """Send the page and give what it complains of; nothing when it was saved."""
    answer = admin.post(reverse("admin:calendars_workcalendar_change", args=(calendar.pk,)), form(calendar, **changes))
    if answer.status_code == 302:
        return []
    assert answer.status_code == 200
    formsets = [inline.formset for inline in answer.context["inline_admin_formsets"]]
    complaints = [str(error) for formset in formsets for error in formset.non_form_errors()]
    complaints += [str(error) for formset in formsets for errors in formset.errors for error in errors.values()]
    return complaints + [str(error) for error in answer.context["adminform"].errors.values()]


def new_slot(calendar: WorkCalendar, weekday: int, starts: str, ends: str) -> dict[str, str]:
    """One more slot in the page."""
    at = f"slots-{calendar.slots.count()}"
    return {f"{at}-weekday": str(weekday), f"{at}-starts": starts, f"{at}-ends": ends}


def test_a_page_sent_back_unchanged_is_saved(admin: Client, calendar: WorkCalendar) -> None:
    assert send(admin, calendar) == []
    assert calendar.slots.count() == 10


def test_a_slot_can_be_added(admin: Client, calendar: WorkCalendar) -> None:
    assert send(admin, calendar, **new_slot(calendar, 5, "9:00", "12:00")) == []
    assert calendar.slots.get(weekday=5).ends == time(12)


@pytest.mark.parametrize(("starts", "ends"), [("11:00", "14:00"), ("14:00", "13:00"), ("8:00", "0:00")])
def test_a_slot_that_cannot_be_is_refused(admin: Client, calendar: WorkCalendar, starts: str, ends: str) -> None:
    assert send(admin, calendar, **new_slot(calendar, 0, starts, ends))
    assert calendar.slots.count() == 10


@pytest.mark.parametrize("value", ["", "25:00", "nine", "<script>"])
def test_a_time_that_is_none_is_refused(admin: Client, calendar: WorkCalendar, value: str) -> None:
    assert send(admin, calendar, **new_slot(calendar, 5, value, "12:00"))


def test_two_slots_can_change_together_into_what_fits(admin: Client, calendar: WorkCalendar) -> None:
    changes = {"slots-0-ends": "14:00", "slots-1-starts": "14:00"}
    assert send(admin, calendar, **changes) == []
    assert [str(slot.slot) for slot in calendar.slots.filter(weekday=0)] == ["09:00-14:00", "14:00-18:00"]


def test_the_last_hours_cannot_be_taken_away(admin: Client, calendar: WorkCalendar) -> None:
    changes = {f"slots-{number}-DELETE": "on" for number in range(10)}
    assert send(admin, calendar, **changes)
    assert calendar.slots.count() == 10


def test_an_exception_of_the_company_can_be_added_once(admin: Client, calendar: WorkCalendar) -> None:
    days = {
        f"days-{number}-{name}": value
        for number in (0, 1)
        for name, value in {"date": "2026-12-24", "kind": "holiday", "name_zh": "司庆", "name_en": "Feast"}.items()
    }
    assert send(admin, calendar, **days)
    one = {name: value for name, value in days.items() if name.startswith("days-0")}
    assert send(admin, calendar, **one) == []
    assert calendar.days.get(date=date(2026, 12, 24)).source == "company"


def test_hours_on_a_day_off_are_refused_with_a_word(admin: Client, calendar: WorkCalendar) -> None:
    day = {"date": "2026-12-24", "kind": "holiday", "name_zh": "司庆", "name_en": "Feast", "hours": "9:00-12:00"}
    assert send(admin, calendar, **{f"days-0-{name}": value for name, value in day.items()})


def test_a_time_zone_that_does_not_exist_is_refused(admin: Client, calendar: WorkCalendar) -> None:
    assert send(admin, calendar, timezone="Mars/Olympus")


def test_the_companys_calendar_cannot_be_deleted(admin: Client, calendar: WorkCalendar) -> None:
    answer = admin.post(reverse("admin:calendars_workcalendar_delete", args=(calendar.pk,)), {"post": "yes"})
    assert answer.status_code == 403
    assert WorkCalendar.objects.filter(pk=calendar.pk).exists()


def test_the_list_warns_of_a_year_that_is_not_announced(admin: Client) -> None:
    assert "2027" in admin.get(reverse("admin:calendars_workcalendar_changelist")).content.decode()


def test_the_page_of_a_year_shows_its_days_and_its_history(admin: Client, calendar: WorkCalendar) -> None:
    CalendarDay.objects.create(
        calendar=calendar,
        date=date(2026, 2, 13),
        kind="workday",
        hours="9:00-12:00",
        name_zh="半天",
        name_en="Half day",
    )
    answer = admin.get(reverse("admin:calendars_workcalendar_year", args=(calendar.pk, 2026)))
    cells = {
        cell.date: (cell.look, cell.hint)
        for month in answer.context["months"]
        for week in month.weeks
        for cell in week
        if cell.look != "outside"
    }
    assert len(cells) == 365
    assert cells[date(2026, 2, 17)][0] == "holiday"
    assert cells[date(2026, 2, 14)][0] == "made-up"
    assert cells[date(2026, 2, 13)][0] == "special"
    assert cells[date(2026, 2, 13)][1].endswith("09:00-12:00")
    assert cells[date(2026, 3, 2)] == ("working", "09:00-12:00, 13:00-18:00")
    assert cells[date(2026, 3, 1)][0] == "weekend"
    assert answer.context["announced"].announced
    assert answer.context["changes"][0].name_en == "Half day"


def test_the_page_of_a_year_that_is_not_announced_says_so(admin: Client, calendar: WorkCalendar) -> None:
    page = admin.get(reverse("admin:calendars_workcalendar_year", args=(calendar.pk, 2027))).content.decode()
    assert "year-estimate" in page
    assert "style=" not in page.split('<div id="content"')[1]


@pytest.mark.parametrize("year", [0, 1900, 2000, 2100])
def test_a_year_that_nobody_knows_is_not_found(admin: Client, calendar: WorkCalendar, year: int) -> None:
    assert admin.get(reverse("admin:calendars_workcalendar_year", args=(calendar.pk, year))).status_code == 404


def test_the_first_and_the_last_year_have_pages(admin: Client, calendar: WorkCalendar) -> None:
    for year in (2001, 2099):
        assert admin.get(reverse("admin:calendars_workcalendar_year", args=(calendar.pk, year))).status_code == 200


def test_a_calendar_without_hours_has_a_page_all_the_same(admin: Client, calendar: WorkCalendar) -> None:
    WeekSlot.objects.filter(calendar=calendar).delete()
    answer = admin.get(reverse("admin:calendars_workcalendar_year", args=(calendar.pk, 2026)))
    assert answer.status_code == 200
    assert answer.context["months"] == []


def test_who_may_not_see_calendars_does_not_see_their_years(client: Client, calendar: WorkCalendar) -> None:
    person = get_user_model().objects.create_user("clerk", "clerk@example.com", "secret-of-tests", is_staff=True)
    client.force_login(person)
    address = reverse("admin:calendars_workcalendar_year", args=(calendar.pk, 2026))
    assert client.get(address).status_code == 403


def test_every_page_of_the_calendars_opens(admin: Client, calendar: WorkCalendar) -> None:
    day = calendar.days.first()
    assert day is not None
    pages = [
        reverse("admin:calendars_workcalendar_add"),
        reverse("admin:calendars_workcalendar_change", args=(calendar.pk,)),
        reverse("admin:calendars_workcalendar_history", args=(calendar.pk,)),
        reverse("admin:calendars_calendarday_changelist"),
        reverse("admin:calendars_calendarday_add"),
        reverse("admin:calendars_calendarday_change", args=(day.pk,)),
        reverse("admin:calendars_calendarday_history", args=(day.pk,)),
    ]
    assert [admin.get(page).status_code for page in pages] == [200] * len(pages)


def test_a_new_calendar_needs_hours(admin: Client) -> None:
    sent = {"code": "night", "name_zh": "夜", "name_en": "Night", "timezone": "Asia/Shanghai"}
    for prefix in ("slots", "days", "years"):
        sent |= {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
    assert admin.post(reverse("admin:calendars_workcalendar_add"), sent).status_code == 200
    assert not WorkCalendar.objects.filter(code="night").exists()
    sent |= {"slots-0-weekday": "0", "slots-0-starts": "22:00", "slots-0-ends": "0:00"}
    assert admin.post(reverse("admin:calendars_workcalendar_add"), sent).status_code == 302
    assert WorkCalendar.objects.get(code="night").slots.get().ends == time(0)
