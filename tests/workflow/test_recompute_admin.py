"""Administrators recompute: led there after an edit, shown what would change, asked why; nobody else may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from calendars import seeds as calendar_seeds
from calendars.models import CalendarDay, WorkCalendar
from core import clock
from people.models import User
from tests.workflow.conftest import NOON, Crew
from tests.workflow.errands import Errand
from tests.workflow.told import HOUR, deadline
from workflow import surveys, tasks
from workflow.models import ClockCheck, DeadlinePolicy, Entry, Recomputation
from workflow.models.deadlines import Clock

pytestmark = pytest.mark.django_db

Ask = Callable[..., Errand]
Policy = Callable[..., DeadlinePolicy]
SURVEY = "admin:workflow_recomputation_survey"


@pytest.fixture(autouse=True)
def _at_noon() -> Any:
    with clock.held(NOON):
        yield


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def root(crew: Crew) -> User:
    return User.objects.create_superuser("root", "root@example.com", "x", display_name="root", language="en")


@pytest.fixture
def admin(root: User) -> Client:
    return browser(root)


def form(policy: DeadlinePolicy, **changes: Any) -> dict[str, str]:
    """The page of a policy as the browser would send it back, with some changes."""
    levels = list(policy.levels.order_by("share"))
    sent: dict[str, Any] = {name: getattr(policy, name) for name in ("name_zh", "name_en", "timer", "rule", "minutes")}
    sent |= {"match": "{}", "clock": policy.clock, "tightening": policy.tightening, "active": "on"}
    sent |= {"levels-TOTAL_FORMS": len(levels), "levels-INITIAL_FORMS": len(levels)}
    for number, level in enumerate(levels):
        at = f"levels-{number}"
        sent |= {f"{at}-id": level.pk, f"{at}-policy": policy.pk, f"{at}-kind": level.kind, f"{at}-share": level.share}
        sent |= {f"{at}-recipients": '["handler"]' if level.position == 1 else '["supervisor"]'}
    return {name: str(value) for name, value in {**sent, **changes}.items()}


def change(admin: Client, policy: DeadlinePolicy, **changes: Any) -> Any:
    return admin.post(
        reverse("admin:workflow_deadlinepolicy_change", args=[policy.pk]), form(policy, **changes), follow=True
    )


@pytest.fixture
def edited(policy: Policy) -> DeadlinePolicy:
    return policy("errand.answer", 240, levels=(("warned", 75, ["handler"]), ("missed", 100, ["supervisor"])))


def test_an_edit_of_a_policy_leads_to_what_it_would_change(admin: Client, ask: Ask, edited: DeadlinePolicy) -> None:
    errand = ask()
    page = change(admin, edited, minutes=600)
    assert page.redirect_chain[-1][0] == f"{reverse(SURVEY)}?policy={edited.pk}"
    body = page.content.decode()
    assert errand.number in body
    assert "2026-03-04 16:00" in body
    assert "2026-03-04 22:00" in body
    assert "1 running deadline would be set otherwise." in body
    assert deadline(errand, "answer").due_at == NOON + 4 * HOUR


def test_an_edit_of_a_level_alone_counts_the_version_and_leads_there_too(
    admin: Client, ask: Ask, edited: DeadlinePolicy
) -> None:
    ask()
    version = edited.version
    page = change(admin, edited, **{"levels-0-share": 50})
    assert "the same; other levels" in page.content.decode()
    edited.refresh_from_db()
    assert edited.version > version


def test_an_edit_that_changes_nothing_that_runs_leads_back_to_the_list(
    admin: Client, ask: Ask, edited: DeadlinePolicy
) -> None:
    page = change(admin, edited, minutes=600)
    assert page.redirect_chain[-1][0] == reverse("admin:workflow_deadlinepolicy_changelist")
    ask()
    page = change(admin, DeadlinePolicy.objects.get(), name_en="Renamed")
    assert page.redirect_chain[-1][0] == reverse("admin:workflow_deadlinepolicy_changelist")


def test_an_edit_of_a_calendar_leads_to_what_it_would_change(admin: Client, ask: Ask, policy: Policy) -> None:
    calendar_seeds.seed()
    policy("errand.answer", 8 * 60, rest={"clock": Clock.WORKING})
    errand = ask()
    calendar = WorkCalendar.objects.get()
    day = {"calendar": calendar.pk, "date": "2026-03-05", "kind": "holiday", "source": "company"}
    day |= {"name_zh": "庆", "name_en": "Feast", "hours": ""}
    page = admin.post(reverse("admin:calendars_calendarday_add"), day, follow=True)
    assert page.redirect_chain[-1][0] == f"{reverse(SURVEY)}?calendar={calendar.pk}"
    assert errand.number in page.content.decode()
    made = CalendarDay.objects.get(name_en="Feast")
    gone = admin.post(reverse("admin:calendars_calendarday_delete", args=[made.pk]), {"post": "yes"}, follow=True)
    assert gone.redirect_chain[-1][0] == reverse("admin:calendars_calendarday_changelist"), "all is as it was"
    shown = admin.get(reverse("admin:calendars_workcalendar_change", args=[calendar.pk])).content.decode()
    assert f"{reverse(SURVEY)}?calendar={calendar.pk}" in shown


def test_whoever_confirms_says_why_and_a_worker_does_it(
    admin: Client, root: User, ask: Ask, edited: DeadlinePolicy
) -> None:
    errand = ask()
    page = change(admin, edited, minutes=600)
    rules = page.context["survey"].rules
    address = f"{reverse(SURVEY)}?policy={edited.pk}"
    silent = admin.post(address, {"rules": rules, "reason": "  "})
    assert "This field is required." in silent.content.decode()
    assert not Recomputation.objects.exists()
    admin.post(address, {"rules": rules, "reason": "New contract"})
    assert deadline(errand, "answer").due_at == NOON + 4 * HOUR, "a page executes nothing"
    tasks.recompute_deadlines()
    assert deadline(errand, "answer").due_at == NOON + 10 * HOUR
    entry = Entry.objects.get(verb="deadline.recomputed")
    assert (entry.actor, entry.data["reason"]) == (root, "New contract")
    listed = admin.get(reverse("admin:workflow_recomputation_changelist")).content.decode()
    assert "New contract" in listed


def test_rules_changed_since_they_were_shown_are_shown_again_with_what_was_typed(
    admin: Client, ask: Ask, edited: DeadlinePolicy
) -> None:
    ask()
    rules = change(admin, edited, minutes=600).context["survey"].rules
    change(admin, DeadlinePolicy.objects.get(), minutes=700)
    page = admin.post(f"{reverse(SURVEY)}?policy={edited.pk}", {"rules": rules, "reason": "New contract"})
    assert "The rules have been changed meanwhile" in page.content.decode()
    assert 'value="New contract"' in page.content.decode()
    assert not Recomputation.objects.exists()


def test_the_survey_is_paged_and_bounded(
    admin: Client, ask: Ask, edited: DeadlinePolicy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveys, "PAGE", 2)
    monkeypatch.setattr(surveys, "MOST", 3)
    errands = [ask() for _ in range(4)]
    body = change(admin, edited, minutes=600).content.decode()
    assert [errand.number in body for errand in errands] == [True, True, False, False]
    assert "Only the first 3 of 4 records were looked at" in body
    second = admin.get(f"{reverse(SURVEY)}?policy={edited.pk}&page=2").content.decode()
    assert [errand.number in second for errand in errands] == [False, False, True, False]


@pytest.mark.parametrize("query", ["", "?policy=0", "?calendar=99999999999999999999", "?policy=x", "?page=-1"])
def test_whatever_is_asked_is_answered(admin: Client, query: str) -> None:
    assert admin.get(f"{reverse(SURVEY)}{query}").status_code in {200, 404}


def test_only_who_may_recompute_sees_and_does_it(crew: Crew, ask: Ask, edited: DeadlinePolicy) -> None:
    ask()
    assert browser(crew.director).get(reverse(SURVEY)).status_code == 302
    crew.director.is_staff = True
    crew.director.save()
    assert browser(crew.director).get(reverse(SURVEY)).status_code == 403
    assert browser(crew.director).post(reverse(SURVEY), {"reason": "x", "rules": "y"}).status_code == 403
    crew.director.user_permissions.add(Permission.objects.get(codename="add_recomputation"))
    assert browser(User.objects.get(pk=crew.director.pk)).get(reverse(SURVEY)).status_code == 200


def test_the_checks_of_the_clocks_can_be_read(admin: Client) -> None:
    ClockCheck.objects.create(at=NOON, examined=5, samples=["ER-1"])
    assert admin.get(reverse("admin:workflow_clockcheck_changelist")).status_code == 200
