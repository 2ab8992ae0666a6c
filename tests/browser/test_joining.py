"""Merging, splitting, linking, watching and putting texts in, as people do it with keyboard and mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.house import dispatched
from tests.browser.test_accessibility import look_closely, reader
from tests.browser.test_life import open_form, send
from tests.cast import act
from texts.models import CannedText
from tickets.models import Ticket
from workflow.models import Involvement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cast import Cast, University
    from tests.support.browser import Window

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def greeting(cast: Cast) -> Iterator[CannedText]:
    """A shared text, and one's own."""
    shared = CannedText.objects.create(name="问候", text="{{联系人}}，您好！\n编号 {{编号}}。")
    own = CannedText.objects.create(name="签名", text="服务部 {{我}}", owner=cast.specialist)
    yield shared
    for row in (shared, own):
        row.delete()


def test_a_duplicate_is_merged_by_keyboard_into_what_is_offered_first(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    survivor = dispatched(new_ticket(title="期末成绩册导出失败"), cast)
    duplicate = new_ticket(title="期末成绩册导出报错")
    opened = window(cast.specialist)
    page = open_form(opened, duplicate, "merge")
    first = page.locator("#act [role=option]").first
    expect(first).to_contain_text(survivor.number)
    expect(page.locator("#id_merged_into_text")).to_be_focused()
    page.keyboard.press("Enter")
    send(page)
    expect(page.locator(".record-head")).to_contain_text("已合并")
    page.locator(f"main a[href='/ticket/{survivor.number}/']").first.click()
    opened.at(f"/ticket/{survivor.number}/")
    expect(page.locator("main")).to_contain_text("期末成绩册导出报错")


def test_a_second_issue_is_split_off_with_nothing_but_its_title_and_words(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    origin = dispatched(new_ticket(title="作业无法提交"), cast)
    page = open_form(window(cast.specialist), origin, "split")
    expect(page.locator("#id_customer_text")).to_be_disabled()
    page.fill("#act [name=title]", "讨论区图片不显示")
    page.fill("#act [name=body]", "另外，讨论区图片不显示。")
    send(page)
    made = Ticket.objects.get(title="讨论区图片不显示")
    assert made.customer_id == origin.customer_id
    linked = page.locator(".col-side", has_text="关联记录")
    expect(linked).to_contain_text(made.number)
    expect(linked).to_contain_text("拆分出")


def test_a_link_is_made_by_a_typed_number_and_taken_back_where_it_stands(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    one, other = new_ticket(title="课表不同步"), new_ticket(title="课程不可见")
    opened = window(cast.engineer)
    page = open_form(opened, one, "link")
    page.locator("#id_other_text").fill(other.number.lower())
    page.locator("#act [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    send(page)
    page.locator(f"a[href='unlink/?other={other.pk}']").click()
    page.locator("#act form").wait_for()
    page.fill("#act [name=reason]", "不是一回事")
    send(page)
    expect(page.locator("main .col-side")).not_to_contain_text("课程不可见")


def test_one_press_watches_and_the_focus_stays(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = new_ticket()
    page = window(cast.trainer).go(f"/ticket/{ticket.number}/")
    page.get_by_role("button", name="关注").press("Enter")
    again = page.get_by_role("button", name="取消关注")
    expect(again).to_be_focused()
    assert Involvement.objects.filter(record=ticket.pk, user=cast.trainer, part="watcher").exists()
    again.press("Enter")
    expect(page.get_by_role("button", name="关注", exact=True)).to_be_focused()


def test_a_text_is_put_in_at_the_cursor_and_undone_like_typing(
    cast: Cast, new_ticket: New, window: Open, greeting: CannedText
) -> None:
    ticket = new_ticket()
    page = open_form(window(cast.specialist), ticket, "note")
    area = page.locator("#act [name=text]")
    area.fill("前后")
    area.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#act .texts-open")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#act [data-text]").first.wait_for()
    page.keyboard.type("wh")
    expect(page.locator("#act [data-text]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(area).to_be_focused()
    expect(area).to_have_value(f"前张老师，您好！\n编号 {ticket.number}。后")
    page.keyboard.press("Control+z")
    expect(area).to_have_value("前后")


def test_a_text_is_put_in_while_a_ticket_is_being_written_and_is_not_in_the_way_of_the_keyboard(
    cast: Cast, university: University, window: Open, greeting: CannedText
) -> None:
    opened = window(cast.specialist)
    opened.go("/ticket/new/")
    page = opened.page
    page.locator("[name=title]").fill("考试白屏")
    page.locator("[name=title]").press("Tab")
    area = page.locator("textarea[name=body]")
    expect(area).to_be_focused()
    area.press("Tab")
    expect(page.locator(".texts-open").first).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("[data-text]").first.wait_for()
    page.keyboard.press("Enter")
    expect(area).to_be_focused()
    expect(area).to_have_value("服务部 李专员")


def test_escape_leaves_the_texts_and_not_the_form(
    cast: Cast, new_ticket: New, window: Open, greeting: CannedText
) -> None:
    page = open_form(window(cast.specialist), new_ticket(), "note")
    page.locator("#act .texts-open").click()
    page.locator("#act [data-text]").first.wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("#act .texts-box")).to_have_count(0)
    expect(page.locator("#act [name=text]")).to_be_focused()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_all_of_it_can_be_read_and_reached_by_everybody(
    cast: Cast, new_ticket: New, window: Open, greeting: CannedText, language: str
) -> None:
    survivor, duplicate = new_ticket(), new_ticket(title="重复的")
    act(survivor, "link", cast.engineer, other=new_ticket(title="相关的").pk, relation="caused_by")
    act(duplicate, "merge", cast.specialist, merged_into=survivor.pk)
    opened = reader(window, cast.specialist, language)
    found = []
    for address in (f"/ticket/{survivor.number}/", f"/ticket/{duplicate.number}/", "/texts/", "/texts/new/"):
        opened.go(address)
        found += look_closely(opened)
    page = open_form(opened, survivor, "note")
    page.locator("#act .texts-open").click()
    page.locator("#act [data-text]").first.wait_for()
    found += look_closely(opened)
    page = open_form(opened, survivor, "merge")
    page.locator("#act [role=option]").first.wait_for()
    found += look_closely(opened)
    guest = reader(window, cast.contact, language)
    guest.go(f"/portal/issues/{duplicate.number}/")
    found += look_closely(guest)
    assert not found, "\n".join(found)
