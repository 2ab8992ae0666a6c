"""The search box by keyboard: focused, typed into, walked through, left; and its page, on a desk and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import look_closely, reader
from tests.support.browser import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.house import House
    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_box_is_walked_by_keyboard_alone(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.specialist)
    page = opened.go("/people/")
    page.keyboard.press("/")
    box, options = page.locator("[data-key=search]"), page.locator(".jump [role=option]")
    expect(box).to_be_focused()
    page.keyboard.type("登录")
    options.first.wait_for()
    expect(page.locator(".jump [role=group]").first).to_contain_text("工单")
    expect(page.locator(".jump mark").first).to_have_text("登录")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(options.nth(1).get_attribute("id")))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".jump [role=listbox]")).to_be_hidden()
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    options.first.wait_for()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    opened.at("/search/?q=")
    expect(page.locator("mark").first).to_have_text("登录")


def test_enter_opens_the_first_hit_and_the_page_is_walked_like_a_list(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.specialist)
    page = opened.go("/search/?q=登录")
    page.locator("h2").first.click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ticket/TK-*/")
    page.keyboard.press("/")
    page.keyboard.type("bjdx")
    page.locator(".jump [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    opened.at("/customers/")


def test_a_group_is_chosen_and_stays_in_the_address(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.specialist).go("/search/?q=登录")
    page.locator(".tabs a", has_text="附件").click()
    page.wait_for_url("**in=attachment*")
    expect(page.locator("main section")).to_have_count(1)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_hits_and_in_the_open_list(house: House, cast: Cast, window: Open, language: str) -> None:
    opened = reader(window, cast.specialist, language)
    found = []
    for address in ("/search/?q=登录", "/search/?q=登录&in=ticket", "/search/?q=云", "/search/?q=！", "/search/"):
        opened.go(address)
        found += look_closely(opened)
    opened.go("/people/")
    opened.page.keyboard.press("/")
    opened.page.keyboard.type("登录")
    opened.page.locator(".jump [role=option]").first.wait_for()
    found += opened.axe()
    opened.page.set_viewport_size(PHONE)
    found += opened.wider_than_the_screen()
    assert not found, "\n".join(found)
