"""The administrators' site: every page of it is calm, keeps the content security policy, and axe finds nothing.

Each page is seen twice: in Chinese and light on a desk, in English and dark on a phone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib import admin
from django.urls import reverse

from calendars.models import WorkCalendar
from notifications.models import Robot, SmsGateway
from people.models import Region
from tests.support.browser import PHONE
from tickets.models import Channel
from workflow.models import ReviewPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.browser.house import House
    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

LOOKS: dict[str, dict[str, Any]] = {
    "Chinese, light, on a desk": {"language": "zh-hans", "color_scheme": "light"},
    "English, dark, on a phone": {"language": "en", "color_scheme": "dark", "viewport": PHONE},
}
ROOMS = {
    "people": ("people", "auth"),
    "customers": ("customers", "calendars"),
    "work": ("tickets", "workflow", "lists"),
    "messages": ("notifications", "texts", "exports"),
    "nights": ("duty", "vault"),
    "documents": ("documents", "forms_templates", "invitations", "decisions", "scans", "batches"),
    "knowledge": ("knowledge", "jira"),
    "contracts": ("contracts", "execution"),
    "packages": ("django_celery_beat", "axes"),
}


PAST = (Region, WorkCalendar, Channel, Robot)
"""Models whose rows are also seen as they were and as they end; those of the others look no different."""
PLACES = "#nav-sidebar"
"""The list of all models is the same beside every page: it is looked at on the pages that belong to no model."""


@pytest.fixture(scope="module", autouse=True)
def furnished(house: House) -> None:
    """One row more of what a house without outside services has none of, and a history with a change in it."""
    Robot.objects.create(name="北区群", service="wecom", webhook="https://example.com/hook", kinds=["assignment"])
    SmsGateway.objects.create(name="短信", url="https://example.com/sms", body="{}")
    region = Region.objects.order_by("id")[0]
    region.name_en = f"{region.name_en} (new)"
    region.save()


def pages_of(model: Any, look: str) -> list[str]:
    """The pages of a model: its list, a new row; of one row its form; of one with a past that too.

    The history of a row is a list as all others are: it is seen in the first look, and in both where there is a past.
    """
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    pages = [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
    row = model._default_manager.order_by("pk").first()
    if row is None:
        return pages
    pages.append(reverse(f"{name}_change", args=[row.pk]))
    if model in PAST or look == next(iter(LOOKS)):
        pages.append(reverse(f"{name}_history", args=[row.pk]))
    if model not in PAST:
        return pages
    version = model.history.filter(id=row.pk).latest()
    return [
        *pages,
        reverse(f"{name}_delete", args=[row.pk]),
        reverse(f"{name}_simple_history", args=[row.pk, version.pk]),
    ]


def walk(opened: Window, addresses: list[str], but: Sequence[str] = ()) -> list[str]:
    """What is wrong on each of the pages."""
    found = []
    for address in addresses:
        opened.go(address)
        found += opened.axe(but=but)
        found += [f"{address}: {each}" for each in opened.wider_than_the_screen()]
    return found


def reader(window: Open, cast: Cast, look: str) -> Window:
    """An administrator's browser."""
    return window(cast.admin, axe=True, reduced_motion="reduce", **LOOKS[look])


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("room", ROOMS)
def test_the_pages_of_every_model(cast: Cast, window: Open, look: str, room: str) -> None:
    opened = reader(window, cast, look)
    models = [model for model in admin.site._registry if model._meta.app_label in ROOMS[room]]
    with opened.expects(403):  # what is only looked at has no form for new rows, and no end
        found = walk(opened, [address for model in models for address in pages_of(model, look)], but=[PLACES])
    assert not found, "\n".join(found)


def test_no_model_is_forgotten() -> None:
    known = {app for apps in ROOMS.values() for app in apps}
    assert {model._meta.app_label for model in admin.site._registry} == known


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_that_belong_to_no_model(cast: Cast, window: Open, look: str) -> None:
    opened = reader(window, cast, look)
    year = reverse("admin:calendars_workcalendar_year", args=[WorkCalendar.objects.get().pk, 2026])
    policy = ReviewPolicy.objects.order_by("pk")[0]
    preview = reverse("admin:workflow_reviewpolicy_preview", args=[policy.pk])
    forms = [reverse("admin:forms_templates_forms"), reverse("admin:forms_templates_words", args=["Serv103"])]
    found = walk(opened, [*forms, "/admin/", "/admin/people/", year, preview, "/admin/password_change/"])
    for name in ("old_password", "new_password1", "new_password2"):
        opened.page.fill(f"#id_{name}", "wrong")
    opened.page.locator("[type=submit]").last.click()
    opened.page.locator(".errorlist").first.wait_for()
    found += opened.axe()
    assert not found, "\n".join(found)


def test_what_breaks_the_content_security_policy_is_noticed(cast: Cast, window: Open) -> None:
    for address in ("/admin/", "/people/"):
        opened = window(cast.admin)
        page = opened.go(address)
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'var a'}))")
        page.wait_for_timeout(50)
        noticed, opened.faults = opened.faults, []
        assert sum("Content Security Policy" in fault for fault in noticed) == 2, noticed
