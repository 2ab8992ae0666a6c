"""axe finds nothing on any page, in both languages, light and dark, on a desk and a phone; and nothing is too wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.browser import DESK, PHONE, Window
from workflow.models import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.browser.house import House
    from tests.cast import Cast

    Open = Callable[..., Window]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ["zh-hans", "en"]
LOOKS = {"zh-hans": ("light", "dark"), "en": ("dark", "light")}
BOOKS = [
    "/",
    "/notices/",
    "/preferences/",
    "/substitutes/",
    "/customers/",
    "/people/",
    "/handbook/",
    "/forms/",
    "/forms/Serv103/",
    "/handbook/TKT-17/",
    "/handbook/?process=CON",
    "/handbook/TKT-01/cases/",
    "/reports/",
    "/reports/?board=all&by=handler&by=customer&period=free&since=2026-03-05&until=2026-03-01",
]
PAPERS = ["/scans/", "/scan/?show=all", "/batches/", "/batches/new/", "/batches/new/?form=Serv304"]
LISTS = ["/ticket/", "/ticket/?show=all&q=平台&overdue=on", "/ticket/?show=all&q=nowhere", "/ticket/?state=nonsense"]
FOUND = [
    "/search/",
    "/search/?q=北京",
    "/search/?q=nowhere",
    "/ticket/new/",
    "/customers/?q=nobody",
    "/notices/?show=unread",
]
WORK = ["respond", "hand_over", "escalate_to_rd", "wait_for_customer", "resolve", "log_contact", "change_severity"]
BESIDE = [
    *("note", "attach", "copy_to", "press", "correct", "cancel", "ask_for_details", "dispatch", "excuse"),
    *("link", "unlink", "merge", "split"),
]


def examine(window: Window, addresses: list[str]) -> None:
    """Look at each page in both looks, and at both sizes."""
    found = []
    for address in addresses:
        window.go(address)
        found += look_closely(window)
    assert not found, "\n".join(found)


def look_closely(window: Window) -> list[str]:
    """What is wrong with the page as it stands, by all rules: on a desk in one look, on a phone in the other.

    Chinese pages are light on the desk, English ones on the phone: of the two, each look is seen at each size.
    """
    page = window.page
    desk, phone = LOOKS[page.evaluate("document.documentElement.lang")]
    found = []
    for size, name, look in ((DESK, "desk", desk), (PHONE, "phone", phone)):
        page.evaluate("look => { document.documentElement.dataset.bsTheme = look; }", look)
        page.set_viewport_size(size)
        # From the top: what lies half under the fixed bar for the moment is no small target.
        page.evaluate("window.scrollTo(0, 0)")
        found += [f"{name}, {look}: {each}" for each in window.axe()]
        found += [f"{name}: {page.url}: {each}" for each in window.wider_than_the_screen()]
    page.set_viewport_size(DESK)
    return found


def reader(open_window: Open, user: User | None, language: str) -> Window:
    """A browser in which nothing moves, so that colours are what they will be."""
    return open_window(user, axe=True, language=language, reduced_motion="reduce")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "addresses", [BOOKS[:4], BOOKS[4:], LISTS, FOUND, PAPERS], ids=["own", "books", "lists", "finding", "papers"]
)
def test_the_pages_of_the_house(house: House, cast: Cast, window: Open, language: str, addresses: list[str]) -> None:
    opened = reader(window, cast.specialist, language)
    with opened.expects(422):
        examine(opened, addresses)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["specialist", "engineer", "director"])
def test_a_ticket_in_every_state(house: House, cast: Cast, window: Open, language: str, part: str) -> None:
    opened = reader(window, vars(cast)[part], language)
    states = list(house.by_state().values())
    shown = {"specialist": states[:4], "engineer": states[4:], "director": [house.late, house.closed]}[part]
    examine(opened, [f"/ticket/{ticket.number}/" for ticket in shown])


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_and_what_belongs_to_a_ticket(house: House, cast: Cast, window: Open, language: str) -> None:
    opened = reader(window, cast.specialist, language)
    why = Deadline.objects.filter(record=house.late.pk).order_by("id")[0]
    customer = f"/customers/{house.late.customer_id}/"
    examine(opened, [f"/ticket/{house.late.number}/print/", f"/deadlines/{why.pk}/", customer, "/"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verbs", [WORK, BESIDE], ids=["work", "beside"])
def test_the_form_of_every_verb(house: House, cast: Cast, window: Open, language: str, verbs: list[str]) -> None:
    opened = reader(window, cast.engineer if verbs is WORK else cast.specialist, language)
    with opened.expects(403, 409):
        examine(opened, [f"/ticket/{house.in_progress.number}/{verb}/" for verb in verbs])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_forms_of_the_other_states(house: House, cast: Cast, window: Open, language: str) -> None:
    opened = reader(window, cast.specialist, language)
    wanted = [(house.recorded, "dispatch"), (house.recorded, "answer_at_once"), (house.waiting, "customer_answered")]
    wanted += [(house.resolved, "confirm"), (house.closed, "reopen")]
    examine(opened, [f"/ticket/{ticket.number}/{verb}/" for ticket, verb in wanted])
    opened = reader(window, cast.rd_engineer, language)
    examine(opened, [f"/ticket/{house.with_rd.number}/return_from_rd/", "/"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_that_are_open_to_all_and_pages_that_are_not_there(
    house: House, cast: Cast, window: Open, language: str
) -> None:
    outside = reader(window, None, language)
    examine(outside, ["/login/"])
    outside.page.fill("#id_username", "somebody")
    outside.page.fill("#id_password", "something wrong")
    outside.page.locator("button.btn-main").click()
    outside.page.locator("[role=alert]").wait_for()
    assert not (found := look_closely(outside)), found
    inside = reader(window, cast.finance, language)
    with inside.expects(403, 404):
        examine(inside, ["/nowhere/", "/ticket/new/", f"/ticket/{house.late.number}/"])
    guest = reader(window, cast.contact, language)
    with guest.expects(403):
        examine(guest, ["/ticket/"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_house_of_the_customers(house: House, cast: Cast, window: Open, language: str) -> None:
    guest = reader(window, cast.contact, language)
    home = ["/portal/", "/portal/?show=all", "/portal/?q=nothing", "/portal/new/ticket/", "/portal/profile/"]
    examine(guest, home)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customers_issues(house: House, cast: Cast, window: Open, language: str) -> None:
    guest = reader(window, cast.contact, language)
    shown = [house.recorded, house.waiting, house.resolved, house.closed]
    pages = [f"/portal/issues/{ticket.number}/" for ticket in shown]
    with guest.expects(404):
        examine(guest, [*pages, f"/portal/issues/{house.resolved.number}/confirm/", "/portal/issues/TK-20200101-0001/"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_opens_on_a_page(house: House, cast: Cast, window: Open, language: str) -> None:
    opened = reader(window, cast.engineer, language)
    page = opened.go(f"/ticket/{house.in_progress.number}/")
    with opened.expects(422):
        page.locator("[data-verb=resolve]").click()
        page.locator("#act form button[data-default]").click()
        page.locator("#act [aria-invalid=true]").first.wait_for()
        found = look_closely(opened)
    page.locator(".verbs-not > summary").click()
    page.locator(".clocks details > summary").first.click()
    page.locator(".why-place .why").first.wait_for()
    found += look_closely(opened)
    page.locator(".bar-tools details.menu > summary").click()
    # What an open menu covers for the moment cannot be hit.
    found += [each for each in look_closely(opened) if "target-size" not in each]
    page.locator("[data-dialog=keys-help]").click()
    page.locator("dialog[open]").wait_for()
    found += look_closely(opened)
    page.keyboard.press("Escape")
    page.locator("a[data-preview]").first.click()
    page.locator("dialog.preview[open]").wait_for()
    found += look_closely(opened)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_intake_while_it_is_being_filled_in(house: House, cast: Cast, window: Open, language: str) -> None:
    opened = reader(window, cast.specialist, language)
    page = opened.go("/ticket/new/")
    page.locator("#id_customer_text").press_sequentially("bjdx")
    page.locator("[role=option]").first.wait_for()
    found = look_closely(opened)
    page.keyboard.press("Enter")
    page.fill("#id_title", "教学平台无法登录")
    page.locator("#similar .clocks").wait_for()
    found += look_closely(opened)
    with opened.expects(422):
        page.keyboard.press("Control+Enter")
        page.locator(".fault").first.wait_for()
        found += look_closely(opened)
    page.locator("input[data-key=search]").fill("北京")
    page.locator(".jump [role=option]").first.wait_for()
    found += look_closely(opened)
    page.locator("input[data-key=search]").fill("nowhere at all")
    page.locator(".jump [data-none]").wait_for()
    found += look_closely(opened)
    assert not found, "\n".join(found)
