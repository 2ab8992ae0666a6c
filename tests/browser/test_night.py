"""A night in the browsers of those who have a part in it: one emergency, two ordinary calls, and the morning after.

Browsers run by the true clock; so the company's calendar is set such that it is night now.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from calendars.algebra import Slot
from calendars.schedules import default_calendar
from core import clock
from duty.models import Shift
from people.models import User
from tests.browser.test_accessibility import examine, reader
from tests.browser.test_life import do, open_form
from tests.cast import act
from tests.night import ACCESS, SECRET, admitted, emergency_data, shift
from tickets.models import Ticket
from vault.models import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.cast import Cast, University
    from tests.support.browser import Window

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
HOUR = timedelta(hours=1)


@pytest.fixture
def night_now(cast: Cast) -> Shift:
    """It is night, and the engineer is on duty."""
    here = clock.local(clock.now())
    open_hour = 1 if here.hour >= 6 else 20
    calendar = default_calendar()
    calendar.set_week(dict.fromkeys(range(7), (Slot(open_hour * 60, open_hour * 60 + 60),)))
    calendar.save()
    User.objects.filter(pk=cast.engineer.pk).update(mobile="13900001234")
    Shift.objects.all().delete()
    return shift(cast.engineer, clock.now() - HOUR, clock.now() + 2 * HOUR)


def call_in(page: Page, title: str) -> None:
    """Write down who calls and what is wrong."""
    page.locator("#id_customer_text").press_sequentially("bjdx")
    page.locator(".finder-list:visible [role=option]", has_text="北京大学").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.locator(".finder-list:visible [role=option]", has_text="张老师").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#id_phone")).to_have_value("010-62751234")
    page.fill("#id_title", title)
    page.fill("#id_body", "晚上起全校无法登录。")


@pytest.mark.timeout(300)
@pytest.mark.rule("OFH-01", "OFH-02", "OFH-04", "OFH-05", "OFH-08", "OFH-09", "OFH-13")
def test_a_night_with_one_emergency_and_two_ordinary_calls(night_now: Shift, cast: Cast, window: Open) -> None:
    engineer = window(cast.engineer, permissions=["clipboard-read", "clipboard-write"])
    page = engineer.go("/")
    expect(page.locator(".duty-strip")).to_contain_text("13900001234")
    page.locator(".duty-strip .btn").click()
    engineer.at("/ticket/new/record_emergency/")
    page.check("#id_product_related")
    page.check("#id_major_failure")
    call_in(page, "教学平台宕机")
    page.locator("button[value=emergency]").click()
    page.wait_for_url("**/ticket/TK-*/")
    emergency = Ticket.objects.latest("id")
    assert (emergency.emergency, emergency.severity.code, emergency.handler) == (True, "critical", cast.engineer)

    for title in ("忘记密码", "课程资源打不开"):
        page = engineer.go("/ticket/new/record_emergency/")
        call_in(page, title)
        with engineer.expects(422):
            page.locator("button[value=emergency]").click()
            expect(page.locator("#id_product_related_error")).to_contain_text("OFH-01")
        page.locator("details[data-part=otherwise]").evaluate("each => { each.open = true; }")
        page.locator("input[name=severity]").first.check()
        page.locator("button[value=ordinary]").click()
        page.wait_for_url("**/ticket/TK-*/")
        assert Ticket.objects.latest("id").state == "recorded"

    the_work_of_the_night(engineer, emergency)
    manager = window(cast.account_manager)
    expect(manager.go("/").locator(".waits")).to_contain_text(emergency.number)
    expect(manager.go("/notices/").locator("main")).to_contain_text("OFH-05")
    page = open_form(manager, emergency, "follow_up")
    for name, value in (("speed", "3"), ("outcome", "solved"), ("asked_satisfaction", "5")):
        page.locator(f"#act [name={name}][value='{value}']").check()
    page.fill("#act [name=opinions]", "响应很快")
    with page.expect_navigation():
        page.locator("#act button[data-default]").click()
    emergency.refresh_from_db()
    assert emergency.opinions == "响应很快"
    the_morning(window(cast.specialist), emergency)


def the_work_of_the_night(engineer: Window, emergency: Ticket) -> None:
    """Access details, a look at the password, the solution, and both kinds of feedback."""
    page = engineer.go(f"/ticket/{emergency.number}/")
    page.locator(".verbs-not > summary").click()
    expect(page.locator(".verbs-not")).to_contain_text("OFH-04")
    page = open_form(engineer, emergency, "record_access")
    for name in ("address", "username", "password"):
        page.fill(f"#act [name={name}]", ACCESS[name])
    for name in ("login_method", "firewall"):
        page.select_option(f"#act [name={name}]", ACCESS[name])
    page.wait_for_timeout(500)
    assert SECRET not in str(page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })"))
    with page.expect_navigation():
        page.locator("#act button[data-default]").click()
    page = open_form(engineer, emergency, "reveal_access")
    page.fill("#act [name=reason]", "登录检查")
    with page.expect_navigation():
        page.locator("#act button[data-default]").click()
    engineer.at("/vault/")
    assert SECRET not in page.content()
    page.locator("[data-copy]").click()
    expect(page.locator("[data-said]")).to_contain_text("剪贴板")
    assert page.evaluate("navigator.clipboard.readText()") == SECRET
    assert SECRET not in page.content()
    assert Look.objects.latest("id").taken_at is not None
    promised = f"{clock.local(clock.now() + 2 * HOUR):%Y-%m-%dT%H:%M}"
    do(engineer, emergency, "respond", contacted_by="", way="远程登录", expected_at=promised, measures="重启")
    do(engineer, emergency, "resolve", method="重启", course="查日志", result="恢复", cause="连接数耗尽")
    do(engineer, emergency, "tell_by_phone", person="张老师", summary="已恢复")
    do(engineer, emergency, "tell_by_email", email="zhang@pku.example", summary="已恢复")


def the_morning(specialist: Window, emergency: Ticket) -> None:
    """The hand-over of the night, and the end of the emergency."""
    page = specialist.go("/ticket/")
    page.locator("a[href$='/pages/night/']").click()
    specialist.at("/ticket/pages/night/")
    rows = page.locator("table.listing").first.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text(emergency.number)
    expect(page.locator("table.listing").first).to_contain_text("待派单")
    do(specialist, emergency, "take_over")
    page = open_form(specialist, emergency, "confirm")
    page.locator("#act [name=satisfaction][value='5']").check()
    with page.expect_navigation():
        page.locator("#act button[data-default]").click()
    emergency.refresh_from_db()
    assert (emergency.state, emergency.satisfaction) == ("closed", 5)


def test_a_password_can_be_shown_for_a_while_and_is_gone_with_the_page(
    night_now: Shift, cast: Cast, university: University, window: Open
) -> None:
    ticket = Ticket()
    act(ticket, "record_emergency", cast.engineer, **emergency_data(university))
    look = Look.objects.get(entry=act(admitted(ticket, cast.engineer), "reveal_access", cast.engineer, reason="登录"))
    engineer = window(cast.engineer)
    page = engineer.go(f"/vault/{look.pk}/")
    page.clock.install()
    page.locator("button[data-show]").click()
    expect(page.locator("[data-secret]")).to_have_text(SECRET)
    page.clock.fast_forward(21_000)
    expect(page.locator("[data-secret]")).not_to_have_text(SECRET)
    assert SECRET not in page.content()
    page.reload()
    expect(page.locator("button[data-show]")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_the_night_are_open_to_all_readers(
    night_now: Shift, cast: Cast, university: University, window: Open, language: str
) -> None:
    ticket = Ticket()
    act(ticket, "record_emergency", cast.engineer, **emergency_data(university))
    look = Look.objects.get(entry=act(admitted(ticket, cast.engineer), "reveal_access", cast.engineer, reason="登录"))
    forms = ["record_access", "reveal_access", "tell_by_phone", "tell_by_email", "cry_for_help", "respond"]
    pages = [f"/vault/{look.pk}/", "/duty/", "/duty/?view=month", "/ticket/pages/night/"]
    pages += ["/ticket/new/record_emergency/"]
    pages += [f"/ticket/{ticket.number}/", *(f"/ticket/{ticket.number}/{verb}/" for verb in forms)]
    examine(reader(window, cast.engineer, language), pages)
    examine(reader(window, cast.director, language), ["/duty/", f"/customers/{ticket.customer_id}/"])
