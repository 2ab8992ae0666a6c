"""A ticket's life in the browsers of all who have a part in it, and what each of them is told and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import dispatched, in_two_days, solved, worked_on
from tests.cast import PASSWORD, act
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.house import House
    from tests.cast import Cast
    from tests.support.browser import Window
    from tickets.models import Ticket
    from workflow.models import Record

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def open_form(window: Window, record: Record, verb: str) -> Page:
    """The record's page with a verb's form opened in place."""
    page = window.go(f"/{record.kind}/{record.number}/")
    page.locator(f"[data-verb={verb}]").click()
    page.locator("#act form").wait_for()
    return page


def fill(page: Page, **said: str) -> None:
    """Fill in fields by their names."""
    for name, value in said.items():
        field = page.locator(f"#act [name={name}]:not([type=hidden]), .act-panel #id_{name}_text").first
        kind = field.evaluate("each => each.matches('select') ? 'select' : each.type")
        if kind == "select":
            field.select_option(index=1)
        elif kind == "radio":
            page.locator(f"#act [name={name}][value='{value}']").check()
        else:
            field.fill(value)


def send(page: Page) -> None:
    """Press the form's button, and wait for the page that says that it is done."""
    with page.expect_navigation():
        page.locator("#act button[data-default]").click()
    expect(page.locator("main > .note-success")).to_be_visible()


def do(window: Window, ticket: Ticket, verb: str, **said: str) -> None:
    """Perform a verb as people do."""
    page = open_form(window, ticket, verb)
    fill(page, **said)
    send(page)
    ticket.refresh_from_db()


@pytest.mark.rule("TKT-13", "TKT-14", "TKT-22", "TKT-24", "TKT-27")
def test_a_ticket_is_worked_on_by_engineer_and_rd(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = dispatched(new_ticket(title="课件转码失败"), cast)
    engineer, rd = window(cast.engineer), window(cast.rd_engineer)
    said = {"contacted_by": "", "way": "远程检查", "expected_at": in_two_days(), "measures": "查转码日志"}
    do(engineer, ticket, "respond", **said)
    assert ticket.state == "in_progress"
    do(engineer, ticket, "escalate_to_rd", question="转码进程为何退出", tried="重启，换文件")
    assert ticket.state == "with_rd"
    expect(rd.go("/").locator(".waits")).to_contain_text(ticket.number)
    do(rd, ticket, "return_from_rd", method="补丁 9.1.3", advice="升级", result="转码恢复")
    assert (ticket.state, ticket.handler) == ("in_progress", cast.engineer)
    do(engineer, ticket, "resolve", method="装上补丁", course="升级，重跑，验证", result="转码成功")
    assert ticket.state == "resolved"


@pytest.mark.rule("TKT-05", "TKT-20", "TKT-23")
def test_the_account_manager_keeps_touch_and_the_customer_is_waited_for(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    ticket = worked_on(new_ticket(title="考试成绩未同步", severity="urgent"), cast)
    manager, engineer, specialist = window(cast.account_manager), window(cast.engineer), window(cast.specialist)
    do(manager, ticket, "log_contact", contacted_by="", summary="告知进展")
    do(manager, ticket, "press", text="学校今天要公布成绩")
    expect(engineer.go("/notices/").locator(".work")).to_contain_text(ticket.number)
    do(engineer, ticket, "wait_for_customer", asked="请提供学号清单")
    assert ticket.state == "waiting_customer"
    do(specialist, ticket, "customer_answered", answer="清单已发到邮箱")
    assert ticket.state == "in_progress"


@pytest.mark.rule("TKT-22", "TKT-27")
def test_an_end_without_a_result_is_refused_and_a_good_one_is_confirmed_or_taken_up_again(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    ticket = worked_on(new_ticket(title="作业附件丢失"), cast)
    engineer, specialist = window(cast.engineer), window(cast.specialist)
    page = open_form(engineer, ticket, "resolve")
    fill(page, method="从备份恢复", course="查备份，恢复")
    with engineer.expects(422):
        page.locator("#act button[data-default]").click()
        expect(page.locator("#act #id_result_error")).to_contain_text("TKT-27")
    expect(page.locator("#act #id_result")).to_be_focused()
    expect(page.locator("#act #id_method")).to_have_value("从备份恢复")
    ticket.refresh_from_db()
    assert ticket.state == "in_progress"
    fill(page, result="附件找回")
    send(page)
    do(specialist, ticket, "confirm", satisfaction="5", comment="很满意")
    assert (ticket.state, ticket.satisfaction) == ("closed", 5)
    do(specialist, ticket, "reopen", reason="又丢了两个附件")
    assert ticket.state == "in_progress"


def test_the_engineer_is_told_without_reloading(cast: Cast, new_ticket: New, window: Open) -> None:
    engineer = window(cast.engineer)
    engineer.page.clock.install()
    page = engineer.go("/")
    before = Entry.objects.count()
    ticket = dispatched(new_ticket(title="新来的工单"), cast)
    assert Entry.objects.count() > before
    page.clock.fast_forward(11_000)
    toast = page.locator(".toast-note", has_text=ticket.number)
    toast.wait_for()
    expect(page.locator(".bar-tools [data-count=unread]")).to_be_visible()
    toast.locator("a").click()
    engineer.at(f"/ticket/{ticket.number}/")
    expect(page.locator("[data-verb=respond]")).to_be_visible()


def test_somebody_elses_change_is_told_on_the_open_page(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = worked_on(new_ticket(title="两人同时看"), cast)
    engineer = window(cast.engineer)
    engineer.page.clock.install()
    page = engineer.go(f"/ticket/{ticket.number}/")
    act(ticket, "change_severity", cast.specialist, severity="urgent", reason="系主任来电")
    page.clock.fast_forward(11_000)
    expect(page.locator(".toast-note", has_text="李专员").first).to_be_visible()


def test_a_stale_form_shows_the_difference_and_keeps_what_was_typed(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = worked_on(new_ticket(title="原来的标题"), cast)
    specialist = window(cast.specialist)
    page = open_form(specialist, ticket, "correct")
    page.fill("#act #id_title", "我改的标题")
    act(ticket, "correct", cast.other_specialist, title="别人改的标题")
    with specialist.expects(409):
        page.locator("#act button[data-default]").click()
        compare = page.locator("#act .compare")
        expect(compare).to_contain_text("别人改的标题")
    expect(compare).to_contain_text("原来的标题")
    expect(page.locator("#act .note-warning")).to_contain_text("赵专员")
    expect(page.locator("#act .note-warning")).to_be_focused()
    expect(page.locator("#act #id_title")).to_have_value("我改的标题")
    ticket.refresh_from_db()
    assert ticket.title == "别人改的标题"
    send(page)
    ticket.refresh_from_db()
    assert ticket.title == "我改的标题"


def test_acts_that_are_not_open_say_why_and_who_can(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = worked_on(new_ticket(title="谁能解决"), cast)
    page = window(cast.other_specialist).go(f"/ticket/{ticket.number}/")
    page.locator(".verbs-not > summary").click()
    row = page.locator(".verbs-not li", has=page.locator("[aria-disabled=true]", has_text="解决")).first
    expect(row).to_contain_text("当前处理人")
    page.locator(".verbs-not a.rule").first.click()
    page.wait_for_url("**/handbook/TKT-*/")
    expect(page.locator(".rule-text").first).to_be_visible()


@pytest.mark.rule("TKT-17")
def test_why_a_deadline_is_due_then_opens_in_place(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = new_ticket(title="为什么这时到期", severity="urgent")
    page = window(cast.specialist).go(f"/ticket/{ticket.number}/")
    page.locator(".clocks details > summary").first.click()
    why = page.locator(".why-place .why").first
    why.wait_for()
    assert why.locator("li").count() >= 4
    page.locator(".clocks a.rule").first.click()
    page.wait_for_url("**/handbook/TKT-*/")


def test_escape_closes_a_form_and_goes_back_to_its_button(cast: Cast, new_ticket: New, window: Open) -> None:
    page = open_form(window(cast.specialist), new_ticket(title="关上表单"), "note")
    expect(page.locator("#act #id_text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#act form")).to_have_count(0)
    expect(page.locator("[data-verb=note]")).to_be_focused()


def test_focus_stays_where_one_works(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.engineer)
    page = opened.go(f"/ticket/{house.in_progress.number}/")
    page.locator("[data-verb=note]").click()
    expect(page.locator("#act #id_text")).to_be_focused()
    why = page.locator(".clocks details > summary").first
    why.focus()
    page.keyboard.press("Enter")
    page.locator(".why-place .why").first.wait_for()
    expect(why).to_be_focused()
    for opener, dialog in (("a[data-preview]", "dialog.preview[open]"), ("[data-dialog]", "#keys-help[open]")):
        if "dialog" in opener:
            page.locator(".bar-tools details.menu > summary").click()
        page.locator(opener).first.focus()
        page.keyboard.press("Enter")
        page.locator(dialog).wait_for()
        page.keyboard.press("Escape")
        expect(page.locator(opener).first).to_be_focused()


def test_a_form_on_a_page_of_its_own_is_left_for_the_record(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = new_ticket(title="不做了")
    opened = window(cast.specialist)
    page = opened.go(f"/ticket/{ticket.number}/note/")
    page.locator(".form-do a", has_text="暂不").click()
    opened.at(f"/ticket/{ticket.number}/")
    page = opened.go(f"/ticket/{ticket.number}/note/")
    with opened.expects(422):
        page.locator("button[data-default]").click()
        expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/ticket/{ticket.number}/")


def test_a_form_in_place_keeps_its_draft(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = new_ticket(title="备注写了一半")
    specialist = window(cast.specialist)
    page = open_form(specialist, ticket, "note")
    page.fill("#act #id_text", "写了一半的备注")
    page.wait_for_timeout(400)
    page.reload()
    page = open_form(specialist, ticket, "note")
    expect(page.locator("#act #id_text")).to_have_value("写了一半的备注")
    send(page)
    assert Entry.objects.filter(record=ticket.pk, verb="note").count() == 1
    open_form(specialist, ticket, "note")
    expect(page.locator("#act #id_text")).to_have_value("")


def test_login_leads_to_where_one_wanted_to_go(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = solved(worked_on(new_ticket(title="先登录"), cast), cast)
    outside = window()
    page = outside.go(f"/ticket/{ticket.number}/")
    outside.at("/login/")
    page.fill("#id_username", "engineer")
    page.fill("#id_password", "wrong wrong wrong")
    page.keyboard.press("Enter")
    page.locator("[role=alert]").wait_for()
    expect(page.locator("#id_username")).to_have_value("engineer")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    outside.at(f"/ticket/{ticket.number}/")
    page.locator(".bar-tools details.menu > summary").click()
    page.locator("form[action='/logout/'] button").click()
    outside.at("/login/")
