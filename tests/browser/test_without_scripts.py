"""Without JavaScript nothing is as quick, and everything works: forms are pages of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import dispatched, in_two_days, worked_on
from tests.cast import act
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form button[data-default]").first.click()


def test_a_verb_is_a_page_of_its_own(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = dispatched(new_ticket(title="没有脚本也能响应"), cast)
    opened = window(cast.engineer, java_script_enabled=False)
    page = opened.go(f"/ticket/{ticket.number}/")
    page.locator("[data-verb=respond]").click()
    opened.at(f"/ticket/{ticket.number}/respond/")
    page.fill("#id_way", "电话指导")
    with opened.expects(422):
        send(page)
    expect(page.locator("#id_measures_error")).to_be_visible()
    expect(page.locator("#id_way")).to_have_value("电话指导")
    page.select_option("#id_contacted_by", index=1)
    page.fill("#id_expected_at", in_two_days())
    page.fill("#id_measures", "先看日志")
    send(page)
    opened.at(f"/ticket/{ticket.number}/")
    expect(page.locator("main > .note-success")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.state == "in_progress"


def test_a_ticket_is_recorded_by_typing_the_customers_name(cast: Cast, window: Open) -> None:
    opened = window(cast.specialist, java_script_enabled=False)
    page = opened.go("/ticket/new/")
    page.fill("#id_customer_text", "北京大学")
    page.fill("#id_contact_text", "新来的老师")
    page.fill("#id_phone", "010-62750000")
    page.select_option("#id_channel", index=1)
    page.locator("input[name=severity]").first.check()
    page.select_option("#id_subtype", index=1)
    page.fill("#id_title", "没有脚本也能登记")
    page.fill("#id_body", "老师打来电话")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/ticket/TK-*/")
    made = Ticket.objects.get(title="没有脚本也能登记")
    assert (str(made.customer), made.contact.name) == ("北大", "新来的老师")


def test_a_stale_page_is_compared_all_the_same(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = worked_on(new_ticket(title="旧标题"), cast)
    opened = window(cast.specialist, java_script_enabled=False)
    page = opened.go(f"/ticket/{ticket.number}/correct/")
    page.fill("#id_title", "我的标题")
    act(ticket, "correct", cast.other_specialist, title="别人的标题")
    with opened.expects(409):
        send(page)
    expect(page.locator(".compare")).to_contain_text("别人的标题")
    expect(page.locator("#id_title")).to_have_value("我的标题")


def test_lists_filters_and_reasons_are_read_without_scripts(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = worked_on(new_ticket(title="没有脚本也能找到"), cast)
    opened = window(cast.other_specialist, java_script_enabled=False)
    page = opened.go("/ticket/?show=all")
    page.locator(".chips > a.btn").click()
    page.fill(".filters [name=q]", "没有脚本也能找到")
    page.locator(".filters button.btn-main").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a.number").click()
    opened.at(f"/ticket/{ticket.number}/")
    page.locator(".verbs-not > summary").click()
    expect(page.locator(".verbs-not .reasons").first).to_be_visible()
    page.locator(".clocks details > summary").first.click()
    page.locator(".why-place a").first.click()
    expect(page.locator(".why li").first).to_be_visible()
