"""Two people at one record, and a list that becomes a file, in real browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from desk import presence
from exports import making
from tests.browser.house import dispatched
from tests.browser.test_accessibility import LANGUAGES, look_closely, reader
from tests.support.here import server_for_presence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.house import House
    from tests.cast import Cast
    from tests.support.browser import Window
    from tickets.models import Ticket

    Open = Callable[..., Window]
    New = Callable[..., Ticket]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server_for_presence(tmp_path_factory.mktemp("here")) as url:
        yield url


@pytest.fixture(autouse=True)
def here(server: str, settings: Any, tmp_path: Path) -> None:
    settings.PRESENCE_URL = server
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    presence._server(server).flushall()


def ask_now(page: Page) -> None:
    """The page's next question, without waiting for it."""
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.evaluate("document.dispatchEvent(new CustomEvent('live:ask'))")


def test_two_people_at_one_record_know_of_each_other_and_of_what_is_being_written(
    cast: Cast, new_ticket: New, window: Open
) -> None:
    ticket = dispatched(new_ticket(title="课件转码失败"), cast)
    address = f"/ticket/{ticket.number}/"
    engineer, specialist = window(cast.engineer), window(cast.specialist, language="en")
    first = engineer.go(address)
    expect(first.locator(".together")).to_be_hidden()
    ask_now(first)
    second = specialist.go(address)
    expect(second.locator(".together li")).to_have_text(["王王工"])
    expect(second.locator("[data-together-said]")).to_have_text("王工 has this record open too.")
    ask_now(first)
    expect(first.locator(".together li bdi")).to_have_text(["李专员"])
    first.locator("[data-verb=respond]").click()
    first.locator("#act form").wait_for()
    ask_now(first)
    ask_now(second)
    expect(second.locator(".together .busy")).to_contain_text("fills in “")
    second.locator("[data-verb=note]").click()
    expect(second.locator(".act-panel .busy-note")).to_contain_text("王工 is filling in “")
    expect(second.locator("#act textarea").first).to_be_focused()
    first.locator("#act [data-close-act]").first.click()
    ask_now(first)
    ask_now(second)
    expect(second.locator(".busy-note")).to_have_count(0)
    expect(second.locator(".together li")).to_have_text(["王王工"])


def test_what_has_been_sent_is_no_longer_being_written(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = dispatched(new_ticket(title="课件转码失败"), cast)
    address = f"/ticket/{ticket.number}/"
    first, second = window(cast.engineer).go(address), window(cast.specialist).go(address)
    first.locator("[data-verb=note]").click()
    first.fill("#act [name=text]", "已联系学校")
    ask_now(first)
    ask_now(second)
    expect(second.locator(".together .busy")).to_have_count(1)
    with first.expect_response(lambda answer: "/live/" in answer.url):
        first.locator("#act button[data-default]").click()
    ask_now(second)
    expect(second.locator(".together .busy")).to_have_count(0)
    expect(second.locator(".together li")).to_have_count(1)


def test_a_page_that_is_open_says_nothing_twice(cast: Cast, new_ticket: New, window: Open) -> None:
    ticket = new_ticket(title="课件转码失败")
    address = f"/ticket/{ticket.number}/"
    first, second = window(cast.engineer).go(address), window(cast.specialist).go(address)
    ask_now(first)
    ask_now(second)
    expect(second.locator(".together li")).to_have_count(1)
    second.evaluate(
        """() => {
          window.changes = 0;
          const watch = new MutationObserver((found) => { window.changes += found.length; });
          watch.observe(document.querySelector("[data-together-said]"), { childList: true, characterData: true });
        }"""
    )
    for _n in range(3):
        ask_now(first)
        ask_now(second)
    assert second.evaluate("window.changes") == 0


@pytest.mark.parametrize("kind_of_file", ["xlsx", "csv"])
def test_a_list_becomes_a_file_without_leaving_the_page(
    cast: Cast, new_ticket: New, window: Open, kind_of_file: str
) -> None:
    new_ticket(title="直播卡顿")
    opened = window(cast.specialist)
    page = opened.go("/ticket/?show=all")
    page.locator(".export-menu > summary").click()
    page.locator(f".export-menu button[value={kind_of_file}]").click()
    expect(page.locator(".export-said progress")).to_be_visible()
    expect(page.locator("#export-heard")).to_have_text("已开始导出。")
    making.run()
    link = page.locator(".export-said a[download]")
    link.wait_for()
    with page.expect_download() as found:
        link.click()
    assert found.value.suggested_filename.startswith("工单-全部-")
    assert found.value.suggested_filename.endswith(kind_of_file)


def test_whichever_page_is_open_says_that_a_file_is_ready(cast: Cast, new_ticket: New, window: Open) -> None:
    opened = window(cast.other_specialist)
    page = opened.go("/ticket/?show=all")
    page.locator(".export-menu > summary").click()
    page.locator(".export-menu button[value=csv]").click()
    page.locator(".export-said progress").wait_for()
    opened.go("/handbook/")
    making.run()
    ask_now(page)
    expect(page.locator("#toasts")).to_contain_text("已导出，可以下载")
    ask_now(page)
    expect(page.locator(".toast-note")).to_have_count(1)


def test_ones_exports_move_without_a_reload(cast: Cast, new_ticket: New, window: Open) -> None:
    opened = window(cast.engineer)
    page = opened.go("/ticket/?show=mine")
    page.locator(".export-menu > summary").click()
    page.locator(".export-menu button[value=csv]").click()
    page.locator(".export-said progress").wait_for()
    opened.go("/exports/")
    expect(page.locator(".exports progress")).to_be_visible()
    making.run()
    expect(page.locator(".exports .export-do a[download]")).to_be_visible()
    page.locator(".exports form button").first.click()
    expect(page.locator(".exports > li")).to_have_count(2)
    page.locator(".exports form[action$='cancel/'] button").click()
    expect(page.locator("main > .note-success")).to_be_visible()
    making.run()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(house: House, cast: Cast, window: Open, language: str) -> None:
    address = f"/ticket/{house.in_progress.number}/"
    engineer = window(cast.engineer).go(address)
    engineer.locator("[data-verb=resolve]").click()
    engineer.locator("#act form").wait_for()
    ask_now(engineer)
    opened = reader(window, cast.specialist, language)
    page = opened.go(address)
    page.locator(".together .busy").wait_for()
    page.locator("[data-verb=note]").click()
    page.locator(".busy-note").wait_for()
    found = look_closely(opened)
    opened.go("/ticket/?show=all")
    page.locator(".export-menu > summary").click()
    # What an open menu covers for the moment cannot be hit.
    found += [each for each in look_closely(opened) if "target-size" not in each]
    page.locator(".export-menu button[value=csv]").click()
    page.locator(".export-said progress").wait_for()
    found += [each for each in look_closely(opened) if "target-size" not in each]
    opened.go("/exports/")
    found += look_closely(opened)
    making.run()
    opened.go("/exports/")
    found += look_closely(opened)
    assert not found, "\n".join(found)
