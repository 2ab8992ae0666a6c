"""What administrators are told of the house itself: on their first page, while it holds, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from calendars.models import AnnouncedYear, WorkCalendar
from core import clock
from workflow.models import ClockCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.cast import Cast

    Browser = Callable[[User], Client]

pytestmark = pytest.mark.django_db
NOVEMBER = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


def first_page(browser: Client, at: datetime) -> str:
    with clock.held(at):
        return browser.get("/").content.decode()


@pytest.mark.usefixtures("holidays")
def test_from_november_on_administrators_see_that_next_years_holidays_are_not_announced_until_they_are(
    cast: Cast, browser_of: Browser
) -> None:
    browser = browser_of(cast.admin)
    assert "not announced" not in first_page(browser, datetime(2026, 10, 31, 2, 0, tzinfo=UTC))
    page = first_page(browser, NOVEMBER)
    assert "The public holidays of 2027 are not announced" in page
    assert 'href="/admin/calendars/workcalendar/"' in page
    AnnouncedYear.objects.create(calendar=WorkCalendar.objects.get(), year=2027, announced=True, source="by hand")
    assert "not announced" not in first_page(browser, NOVEMBER)


@pytest.mark.usefixtures("holidays")
def test_nobody_else_is_bothered(cast: Cast, browser_of: Browser) -> None:
    ClockCheck.objects.create(at=NOVEMBER, drifted=1, waiting=1, samples=["TK-1"])
    cast.trainer.is_staff = True
    cast.trainer.save()
    for user in (cast.specialist, cast.director, cast.trainer):
        page = first_page(browser_of(user), NOVEMBER)
        assert "not announced" not in page
        assert "running deadline" not in page


def test_what_has_drifted_or_runs_under_former_rules_is_told_until_it_is_put_right(
    cast: Cast, browser_of: Browser
) -> None:
    browser = browser_of(cast.admin)
    ClockCheck.objects.create(at=NOVEMBER, examined=9, drifted=2, waiting=1, samples=["TK-1", "TK-2"])
    page = first_page(browser, NOVEMBER)
    assert "2 running deadlines are not where their own terms put them, for instance of TK-1, TK-2." in page
    assert "1 running deadline would be set otherwise by the present rules." in page
    assert "/admin/workflow/recomputation/survey/" in page
    ClockCheck.objects.create(at=NOVEMBER, examined=9)
    assert "running deadline" not in first_page(browser, NOVEMBER)
