"""A customer's day with us, on a phone: an issue raised, answered, confirmed, rated, and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import PICTURE, solved, worked_on
from tests.cast import PASSWORD, act
from tests.support.browser import PHONE
from tests.support.processes import wait_until
from tickets.models import Ticket
from workflow.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON_A_PHONE = {"viewport": PHONE, "has_touch": True, "is_mobile": True}


@pytest.mark.rule("TKT-01", "TKT-05")
def test_an_issue_is_raised_with_a_picture(cast: Cast, window: Open) -> None:
    guest = window(**ON_A_PHONE)
    page = guest.go("/portal/")
    page.fill("#id_username", "contact")
    page.fill("#id_password", PASSWORD)
    page.locator("button.btn-main").tap()
    guest.at("/portal/")
    page.locator("a[href='/portal/new/ticket/']").tap()
    page.fill("[name=title]", "成绩册打不开")
    page.fill("[name=body]", "点击成绩册后出现错误 500")
    with guest.expects(422):
        page.locator("form[data-draft] [data-default]").tap()
        expect(page.locator("[id$=severity_error]")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("成绩册打不开")
    page.locator("input[name=severity]").nth(1).check()
    page.select_option("[name=about]", index=1)
    page.set_input_files("[name=files]", {"name": "错误.png", "mimeType": "image/png", "buffer": PICTURE})
    page.locator("form[data-draft] [data-default]").tap()
    page.wait_for_url("**/portal/issues/TK-*/")
    made = Ticket.objects.get(title="成绩册打不开")
    assert (str(made.customer), made.contact.user, made.channel.code) == ("北大", cast.contact, "portal")
    assert Attachment.objects.get(record=made.pk).public
    expect(page.locator("h1")).to_have_text("成绩册打不开")
    assert guest.wider_than_the_screen() == []
    guest.go("/portal/new/ticket/")
    expect(page.locator("[name=title]")).to_have_value("")


@pytest.mark.rule("TKT-22")
def test_what_is_asked_is_answered_and_what_is_solved_is_rated(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = worked_on(new_ticket(title="附件下载很慢"), cast)
    act(ticket, "note", cast.engineer, text="内部备注不可外传")
    act(ticket, "wait_for_customer", cast.engineer, asked="请提供出错页面的截图")
    guest = window(cast.contact, **ON_A_PHONE)
    page = guest.go("/portal/")
    page.locator(".panel-yours a", has_text="附件下载很慢").tap()
    expect(page.locator(".panel-yours")).to_contain_text("请提供出错页面的截图")
    expect(page.locator("main")).not_to_contain_text("内部备注不可外传")
    page.fill("[name=answer]", "截图已发")
    with page.expect_navigation():
        page.locator("form[action$='/customer_answered/'] [data-default]").tap()
    ticket.refresh_from_db()
    assert ticket.state == "in_progress"
    solved(ticket, cast)
    guest.go(f"/portal/issues/{ticket.number}/")
    page.locator("input[name=satisfaction][value='4']").check()
    page.locator("form[action$='/confirm/'] [name=comment]").fill("这次很快")
    with page.expect_navigation():
        page.locator("form[action$='/confirm/'] [data-default]").tap()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.satisfaction) == ("closed", 4)
    page.locator("details.ask > summary").tap()
    page.locator("form[action$='/reopen/'] [name=reason]").fill("又变慢了")
    with page.expect_navigation():
        page.locator("form[action$='/reopen/'] [data-default]").tap()
    ticket.refresh_from_db()
    assert ticket.state == "in_progress"


def test_an_answer_half_written_is_kept(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = worked_on(new_ticket(title="写了一半"), cast)
    act(ticket, "wait_for_customer", cast.engineer, asked="请提供学号")
    guest = window(cast.contact, **ON_A_PHONE)
    page = guest.go(f"/portal/issues/{ticket.number}/")
    page.fill("[name=answer]", "学号是 2026")
    wait_until(lambda: "学号是" in page.evaluate("JSON.stringify({ ...localStorage })"))
    page.reload()
    expect(page.locator("[name=answer]")).to_have_value("学号是 2026")


def test_the_staffs_front_door_leads_a_customer_home(cast: Cast, window: Open) -> None:
    guest = window(cast.contact)
    guest.go("/")
    guest.at("/portal/")
