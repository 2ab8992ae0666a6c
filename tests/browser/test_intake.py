"""A ticket is logged by keyboard alone, and nothing that is typed is ever lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core import clock
from tests.support.processes import wait_until
from tickets.models import Severity, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def kept(page: Page) -> str:
    """What the browser has put aside."""
    return str(page.evaluate("JSON.stringify({ ...localStorage })"))


def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until the field has the focus, as somebody without a mouse does."""
    for _step in range(25):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {selector}")


def choose_severity(page: Page, code: str) -> None:
    """Arrow down in the group until the wanted one is chosen."""
    wanted = str(Severity.objects.get(code=code).pk)
    tab_to(page, "input[name=severity]")
    page.keyboard.press("Space")
    for _step in range(4):
        if page.evaluate("document.querySelector('input[name=severity]:checked')?.value") == wanted:
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"no severity {code}")


@pytest.mark.rule("TKT-01")
def test_a_ticket_is_logged_by_keyboard_alone(cast: Cast, new_ticket: New, window: Open) -> None:
    similar = new_ticket(title="教学平台登录后空白")
    desk = window(cast.specialist)
    page = desk.go("/")
    press(page, "n")
    desk.at("/ticket/new/")
    expect(page.locator("#id_customer_text")).to_be_focused()
    page.keyboard.type("bjdx")
    expect(page.locator(".finder-list:visible [role=option]")).to_contain_text("北京大学")
    press(page, "Enter", "Tab")
    expect(page.locator("#id_customer_text")).to_have_value("北京大学")
    expect(page.locator(".finder-list:visible [role=option]").first).to_contain_text("张老师")
    press(page, "Enter")
    expect(page.locator("#id_phone")).to_have_value("010-62751234")
    tab_to(page, "#id_channel")
    page.keyboard.press("ArrowDown")
    choose_severity(page, "urgent")
    tab_to(page, "#id_subtype")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#id_title")
    page.keyboard.type("教学平台无法登录")
    expect(page.locator("#similar")).to_contain_text(similar.number)
    tab_to(page, "#id_body")
    page.keyboard.type("老师登录后出现空白页。")
    press(page, "Control+Enter")
    page.wait_for_url("**/ticket/TK-*/")
    made = Ticket.objects.latest("id")
    assert page.url.endswith(f"/ticket/{made.number}/")
    assert (made.state, made.severity.code, made.contact.name) == ("dispatched", "urgent", "张老师")
    assert made.handler is not None
    assert made.due_at is not None
    assert made.due_at > clock.now() + timedelta(hours=1)


@pytest.mark.parametrize("typed", ["bjdx", "6275", "北大", "张老师"])
@pytest.mark.rule("TKT-02")
def test_a_customer_is_found_by_whatever_is_at_hand(cast: Cast, window: Open, typed: str) -> None:
    page = window(cast.specialist).go("/ticket/new/")
    page.keyboard.type(typed)
    page.locator("#id_customer_text ~ .finder-list [role=option]", has_text="北京大学").wait_for()
    press(page, "Enter")
    expect(page.locator("#id_customer")).not_to_have_value("")


def test_a_draft_outlives_a_reload_and_ends_with_success(cast: Cast, window: Open) -> None:
    desk = window(cast.specialist)
    page = desk.go("/ticket/new/")
    page.keyboard.type("bjdx")
    page.locator(".finder-list:visible [role=option]").wait_for()
    press(page, "Enter", "Tab")
    page.locator("#id_contact_text ~ .finder-list [role=option]").wait_for()
    press(page, "Enter")
    page.fill("#id_title", "写了一半的工单")
    page.fill("#id_body", "还没有写完")
    page.locator("input[name=severity]").first.check()
    wait_until(lambda: "还没有写完" in kept(page))
    page.reload()
    expect(page.locator("#id_title")).to_have_value("写了一半的工单")
    expect(page.locator("#id_body")).to_have_value("还没有写完")
    expect(page.locator("#id_customer_text")).to_have_value("北京大学")
    expect(page.locator("input[name=severity]").first).to_be_checked()
    page.locator("form[data-draft] .note-box[role=status]").wait_for()
    page.select_option("#id_channel", index=1)
    page.select_option("#id_subtype", index=1)
    page.locator("button[value=save]").click()
    page.wait_for_url("**/ticket/TK-*/")
    made = Ticket.objects.get(title="写了一半的工单")
    assert (str(made.customer), made.state) == ("北大", "recorded")
    desk.go("/ticket/new/")
    expect(page.locator("#id_title")).to_have_value("")
    expect(page.locator("form[data-draft] .note-box")).to_have_count(0)


def test_a_draft_can_be_thrown_away(cast: Cast, window: Open) -> None:
    page = window(cast.other_specialist).go("/ticket/new/")
    page.fill("#id_title", "不要了")
    wait_until(lambda: "不要了" in kept(page))
    page.reload()
    page.locator("form[data-draft] .note-box button").click()
    expect(page.locator("#id_title")).to_have_value("")
    page.reload()
    expect(page.locator("#id_title")).to_have_value("")


@pytest.mark.rule("TKT-04")
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(cast: Cast, window: Open) -> None:
    before = Ticket.objects.count()
    desk = window(cast.specialist)
    page = desk.go("/ticket/new/")
    page.fill("#id_title", "只有标题")
    with desk.expects(422):
        press(page, "Control+Enter")
        page.locator("#id_body_error").wait_for()
    expect(page.locator("#id_title")).to_have_value("只有标题")
    for field in ("customer", "channel", "severity", "issue_type"):
        expect(page.locator(f"#id_{field}_error")).to_be_visible()
    expect(page.locator("[aria-invalid=true]").first).to_be_focused()
    assert Ticket.objects.count() == before


@pytest.mark.rule("TKT-06")
def test_a_basic_question_is_answered_at_once(cast: Cast, window: Open) -> None:
    page = window(cast.specialist).go("/ticket/new/")
    page.keyboard.type("6275")
    page.locator(".finder-list:visible [role=option]").wait_for()
    press(page, "Enter", "Tab")
    page.locator("#id_contact_text ~ .finder-list [role=option]").wait_for()
    press(page, "Enter")
    page.select_option("#id_channel", index=1)
    page.locator("input[name=severity]").first.check()
    page.select_option("#id_subtype", index=1)
    page.fill("#id_title", "如何重置密码")
    page.fill("#id_body", "老师忘记了密码")
    page.locator("button[value=answer]").click()
    expect(page.locator("#id_method")).to_be_focused()
    page.fill("#id_method", "在登录页点击“忘记密码”")
    page.fill("#id_result", "已经重置")
    page.locator("button[value=answer]").click()
    page.wait_for_url("**/ticket/TK-*/")
    assert Ticket.objects.get(title="如何重置密码").state == "resolved"
