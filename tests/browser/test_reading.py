"""Finding, lists, filters, the keyboard, language and look; and the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.house import House
    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]

UNSEEN = """() => {
  const can = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const bare = (style) => style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2;
  return [...document.querySelectorAll(`main :is(${can}), .bar :is(${can})`)].filter((each) => {
    if (!each.checkVisibility()) return false;
    each.focus({ preventScroll: true, focusVisible: true });
    return document.activeElement === each && bare(getComputedStyle(each));
  }).map((each) => each.outerHTML.slice(0, 120));
}"""
"""What one can reach by keyboard and would not see that one is there."""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_filters_live_in_the_address_and_outlive_going_back(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.specialist)
    page = opened.go("/ticket/?show=all")
    page.locator(".chips > a[hx-get]").click()
    expect(page.locator(".filters [name=q]")).to_be_focused()
    with page.expect_navigation():
        page.select_option(".filters [name=state]", "waiting_customer")
    assert "state=waiting_customer" in page.url
    address = page.url
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(house.waiting.number)
    page.locator("tbody tr a.number").click()
    opened.at(f"/ticket/{house.waiting.number}/")
    page.go_back()
    assert page.url == address
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("a.chip", has_text="等待客户").click()
    page.wait_for_url(lambda url: "waiting_customer" not in url)
    assert page.locator("tbody tr").count() > 1


def test_a_list_is_walked_by_keyboard(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.specialist)
    page = opened.go("/ticket/?show=all")
    numbers = page.locator("tbody a.number").all_inner_texts()
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    expect(page.locator("tbody tr.here")).to_contain_text(numbers[1])
    page.keyboard.press("Enter")
    opened.at(f"/ticket/{numbers[1]}/")


def test_the_first_tab_leads_past_the_bar_and_every_focus_is_seen(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.specialist)
    for address in ("/", "/ticket/?show=all", f"/ticket/{house.late.number}/", "/preferences/"):
        page = opened.go(address)
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        assert page.evaluate(UNSEEN) == []
    assert opened.go("/ticket/new/").evaluate(UNSEEN) == []


def test_order_is_chosen_at_the_head_of_a_column(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.specialist).go("/ticket/?show=all")
    page.locator("thead a", has_text="到期").click()
    page.wait_for_url("**sort=*")
    expect(page.locator("th[aria-sort=ascending], th[aria-sort=descending]")).to_have_text("到期")
    assert "show=all" in page.url


def test_slash_finds_and_question_mark_helps(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.specialist)
    page = opened.go("/people/")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("[data-key=search]")).to_be_focused()
    page.keyboard.type(house.late.number)
    page.locator(".jump [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    opened.at(f"/ticket/{house.late.number}/")


@pytest.mark.parametrize(("typed", "found"), [("bjdx", "北京大学"), ("直播卡", "直播卡顿"), ("6275", "北京大学")])
def test_the_search_finds_customers_and_tickets(house: House, cast: Cast, window: Open, typed: str, found: str) -> None:
    page = window(cast.specialist).go("/")
    page.keyboard.press("/")
    page.keyboard.type(typed)
    expect(page.locator(".jump [role=option]", has_text=found).first).to_be_visible()


def test_two_keys_lead_through_the_house(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.specialist)
    page = opened.go("/people/")
    for keys, place in (("gh", "/"), ("gn", "/notices/"), ("gl", "/ticket/"), ("gc", "/customers/")):
        for key in keys:
            page.keyboard.press(key)
        opened.at(place)
    page.locator(".listing").wait_for()


def test_language_and_look_are_chosen_and_kept(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.director)
    page = opened.go("/people/")
    for name, value, shown in (("language", "en", "lang"), ("theme", "dark", "data-bs-theme")):
        page.locator(".bar-tools details.menu > summary").click()
        page.locator(f".bar-tools button[name={name}][value={value}]").click()
        expect(page.locator("html")).to_have_attribute(shown, value)
        opened.at("/people/")
    expect(page.locator("h1")).to_have_text("People")
    opened.go("/ticket/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(17, 22, 29)"


def test_the_look_follows_the_device_unless_one_is_chosen(cast: Cast, window: Open) -> None:
    for scheme, ground in (("dark", "rgb(17, 22, 29)"), ("light", "rgb(243, 245, 248)")):
        page = window(cast.engineer, color_scheme=scheme).go("/")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground


def test_preferences_are_kept(cast: Cast, window: Open) -> None:
    opened = window(cast.trainer)
    page = opened.go("/preferences/")
    page.locator("input[name=told][value='assignment/email']").set_checked(False)
    page.locator("main button[data-default]").click()
    page.locator(".note-success").wait_for()
    opened.go("/preferences/")
    expect(page.locator("input[name=told][value='assignment/email']")).not_to_be_checked()


def test_notices_are_read_one_by_one_and_all_together(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.engineer)
    page = opened.go("/notices/?show=unread")
    before = page.locator(".work > li").count()
    assert before
    page.locator(".work .work-what > a").first.click()
    page.wait_for_url("**/ticket/TK-*/")
    opened.go("/notices/?show=unread")
    assert page.locator(".work > li").count() < before
    page.locator("form[action='/notices/read/'] button").click()
    page.wait_for_load_state()
    opened.go("/notices/?show=unread")
    expect(page.locator(".work > li")).to_have_count(0)
    expect(page.locator(".bar-tools [data-count=unread]")).to_be_hidden()


def test_a_picture_opens_over_the_page(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.engineer).go(f"/ticket/{house.in_progress.number}/")
    page.locator("a[data-preview]").first.click()
    picture = page.locator("dialog.preview[open] img")
    picture.wait_for()
    assert picture.evaluate("each => each.decode().then(() => each.naturalWidth)") == 1
    page.keyboard.press("Escape")
    expect(page.locator("dialog.preview")).to_be_hidden()


def test_on_a_phone_the_places_are_in_a_menu(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.specialist, viewport=PHONE, has_touch=True, is_mobile=True)
    page = opened.go("/")
    page.locator(".side-burger > summary").tap()
    page.locator(".side-burger a[href='/ticket/']").tap()
    opened.at("/ticket/")
    page.locator("tbody a").first.tap()
    page.wait_for_url("**/ticket/TK-*/")
    page.locator("[data-verb=note]").tap()
    page.locator("#act form").wait_for()
    assert opened.wider_than_the_screen() == []


def test_a_page_on_paper_shows_nothing_to_press(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.specialist).go(f"/ticket/{house.late.number}/print/")
    expect(page.locator("[data-print]")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.locator(".timeline > li").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
