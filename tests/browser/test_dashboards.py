"""Dashboards in a real browser: charts under the content security policy, and the way from a number to its records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser.house import House
    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_INK = """(box) => {
  const { width, height } = box.querySelector("canvas");
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(box.querySelector("canvas"), 0, 0);
  const data = copy.getImageData(0, 0, width, height).data;
  const seen = new Map();
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] > 200) {
      const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`;
      seen.set(colour, (seen.get(colour) ?? 0) + 1);
    }
  return [...seen].sort((one, other) => other[1] - one[1]).slice(0, 2).map((pair) => pair[0]);
}"""


def ink(page: Page, which: str) -> list[str]:
    """The colours of which a chart mostly is made."""
    box = page.locator(f"section:has(#board-{which}) [data-chart]").first
    box.locator("canvas").wait_for()
    return list(box.evaluate(_INK))


def total(page: Page) -> int:
    told = re.search(r"共(\d+)条|of (\d+)", page.locator(".pages .note").inner_text())
    assert told is not None
    return int(told[1] or told[2])


def test_a_number_leads_to_its_records_by_keyboard(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.specialist).go("/")
    page.locator(".side a[href='/reports/']").click()
    page.wait_for_url("**/reports/")
    page.goto(page.url + "?board=all")
    link = page.locator("section:has(#board-severity) tbody a").nth(2)
    number = int(link.inner_text())
    assert number > 0
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ticket/**severity=**")
    assert total(page) == number
    assert page.locator(".chips .chip").count() >= 1


def test_a_bar_leads_where_its_number_leads(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.director).go("/reports/?by=issue_type")
    box = page.locator("section:has(#board-issue_type) [data-chart]").first
    box.locator("canvas").wait_for()
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place is not None
    # The only line of the chart fills its height: the first of its bars lies in the upper half.
    for share in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        page.mouse.click(place["x"] + place["width"] * 0.3, place["y"] + place["height"] * share)
        if page.url.find("issue_type=") > 0 and "/ticket/" in page.url:
            break
        page.wait_for_timeout(150)
    page.wait_for_url("**/ticket/**issue_type=**")


def test_charts_follow_the_theme(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.director).go("/reports/")
    page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
    light = ink(page, "severity")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    dark = ink(page, "severity")
    assert light != dark
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert ink(page, "severity") == light
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert ink(page, "severity") == dark


def test_a_phone_scrolls_tables_and_not_the_page(house: House, cast: Cast, window: Open) -> None:
    opened = window(cast.director, viewport=PHONE)
    for address in ("/reports/", "/handbook/?process=TKT", "/handbook/TKT-16/", "/handbook/TKT-01/cases/"):
        opened.go(address)
        assert opened.wider_than_the_screen() == []


def test_without_scripts_the_tables_say_everything(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.director, java_script_enabled=False).go("/reports/")
    assert page.locator("section:has(#board-severity) tbody a").count() > 0
    assert page.locator("[data-chart]").first.is_hidden()


def test_other_days_are_chosen_and_wrong_ones_told(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.director).go("/reports/")
    page.fill("#period-since", "2026-03-05")
    page.fill("#period-until", "2026-03-01")
    page.locator(".period form button").click()
    page.locator(".period .fault").wait_for()
    assert page.input_value("#period-until") == "2026-03-01"
    page.fill("#period-until", "2026-03-07")
    page.locator(".period form button").click()
    page.get_by_text("2026-03-05 – 2026-03-07").first.wait_for()


def test_from_a_chip_to_the_rule_its_numbers_and_the_act_behind(house: House, cast: Cast, window: Open) -> None:
    page = window(cast.director).go(f"/ticket/{house.closed.number}/")
    page.locator(".timeline a.rule", has_text="TKT-14").first.click()
    page.wait_for_url("**/handbook/TKT-14/")
    page.locator("section:has(#numbers) tbody a").first.click()
    page.wait_for_url("**/handbook/TKT-14/cases/**")
    page.locator("tbody a.number").first.click()
    page.wait_for_url("**/ticket/**#entry-*")
    assert page.locator(":target").count() == 1
