"""Paper on the screen: scans that are chosen or dropped, pages that wait, a batch; for everybody, on a phone too."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from batches import asking
from batches.asking import Campaign
from scans import reading
from scans.models import Scan
from tests.browser.test_accessibility import examine, look_closely
from tests.scans.paper import bound, saved, sheet, url

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.browser.house import House
    from tests.cast import Cast
    from tests.support.browser import Window

    Open = Callable[..., Window]

PICTURES = "**/scans/page/**"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DROPPED = """([name, words]) => {
  const held = new DataTransfer();
  held.items.add(new File([words], name));
  document.querySelector("[data-bring]").dispatchEvent(
    new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
}"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_scans_are_brought_and_told_of_where_one_stands(house: House, cast: Cast, window: Open, language: str) -> None:
    opened = window(cast.specialist, axe=True, language=language, reduced_motion="reduce")
    page = opened.go("/scans/")
    files = [
        {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": bound(sheet(), sheet(url("0" * 12)))},
        {"name": f"{language}.jpg", "mimeType": "image/jpeg", "buffer": saved(sheet(language * 3))},
    ]
    page.set_input_files("#bring-files", files)  # type: ignore[arg-type] # as the library's own documentation has it
    expect(page.locator("[data-bring-list] li")).to_have_count(2)
    expect(page.locator("[data-bring-list] progress")).to_have_count(0)
    with opened.expects(422):
        page.evaluate(DROPPED, ["evil.pdf", "MZ"])
        expect(page.locator("[data-bring-list] .fault")).to_contain_text("evil.pdf")
    reading.run(60)
    # Nobody reloads: the page asks by itself.
    expect(page.locator(".pieces li").first).to_be_visible()
    expect(page.locator(".scan-list > li").first).to_be_visible()
    assert not look_closely(opened)
    number = Scan.objects.latest("pk").number
    # A sheet keeps its place while its picture is on its way: what is to be touched is large enough from the first.
    on_their_way: list[Route] = []

    def hold(picture: Route) -> None:
        on_their_way.append(picture)

    page.route(PICTURES, hold)
    page = opened.go(f"/scan/{number}/")
    expect(page.locator(".sheets-large img").first).to_be_visible()
    assert not look_closely(opened)
    assert on_their_way
    for picture in on_their_way:
        picture.continue_()
    page.unroute(PICTURES, hold)
    assert not look_closely(opened)
    examine(opened, [f"/scan/{number}/assign/", f"/scan/{number}/discard/", f"/scans/{number}/pages/"])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_batch_is_read_by_everybody(house: House, cast: Cast, window: Open, language: str) -> None:
    customers = [house.late.customer]
    wish = Campaign("Serv304", customers, "print", "pdf", uuid.uuid4().hex)  # type: ignore[arg-type] # a ticket has one
    batch = asking.begin_campaign(cast.specialist, wish)
    opened = window(cast.specialist, axe=True, language=language, reduced_motion="reduce")
    examine(opened, [f"/batches/{batch.pk}/", "/batches/", "/batches/fetch/?list=show%3Dall"])
    page = opened.go("/batches/new/?form=Serv304")
    page.locator("[data-default]").click()
    expect(page.locator("button[name=begin]")).to_be_visible()
    assert not look_closely(opened)
