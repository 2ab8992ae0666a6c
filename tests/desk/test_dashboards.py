"""A dashboard's numbers and the lists behind them are one thing; nobody is shown what is not theirs."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.support.counted import counted
from tickets.measures import REPORTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    Browser = Callable[[User], Client]

pytestmark = pytest.mark.django_db
EVERY = "&".join(f"by={dimension.code}" for dimension in REPORTS.dimensions)
_NUMBER = re.compile(r'<a href="(/ticket/\?[^"]+)">([\d,]+)(?:<|</a>)')
_TOTAL = re.compile(r"\d+–\d+ of ([\d,]+)")
# Who looks at which dashboard, in which period; most of them at something that is not nothing.
LOOKS = [
    ("director", "all", "month"),
    ("director", "all", "last_month"),
    ("specialist", "specialist", "month"),
    ("account_manager", "account_manager", "quarter"),
    ("engineer", "engineer", "year"),
    ("trainer", "engineer", "month"),
    ("finance", "all", "month"),
]


@pytest.fixture
def tickets(cast: Cast, new_ticket: Callable[..., Ticket], held_clock: Callable[[datetime], Any]) -> dict[str, Ticket]:
    return counted(cast, new_ticket, held_clock)


def numbers(page: str) -> list[tuple[str, int]]:
    """Every number of a page that leads to a list, with the list's address."""
    return [(unescape(url), int(number.replace(",", ""))) for url, number in _NUMBER.findall(page)]


def listed(browser: Client, address: str) -> int:
    """How many records a list says that it has."""
    answer = browser.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "aria-invalid" not in page, address
    found = _TOTAL.search(page)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize(("part", "board", "period"), LOOKS)
def test_every_number_is_as_large_as_the_list_that_it_leads_to(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser, part: str, board: str, period: str
) -> None:
    browser = browser_of(vars(cast)[part])
    page = browser.get(f"/reports/?board={board}&period={period}&{EVERY}").content.decode()
    found = numbers(page)
    assert len(found) >= 6 + 12 * 4
    for address, number in dict(found).items():
        assert listed(browser, address) == number, address


def test_a_filter_that_a_number_leads_to_is_told_in_words_and_can_be_taken_away(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser
) -> None:
    browser = browser_of(cast.director)
    page = browser.get("/ticket/?show=all&response=missed&response_from=2026-03-01&response_to=2026-03-10&handler=null")
    told = page.content.decode()
    assert "Response: missed" in told
    assert "Response due from: 2026-03-01" in told
    assert "Handler: nobody yet" in told
    customer = tickets["old"].customer_id
    assert "Customer: 北大" in browser.get(f"/ticket/?show=all&customer={customer}").content.decode()
    assert "Waits for: 王工" in browser.get(f"/ticket/?show=all&waits_for={cast.engineer.pk}").content.decode()


@pytest.mark.parametrize(
    ("part", "offered"),
    [
        ("specialist", ["Accepted by me", "All"]),
        ("account_manager", ["My customers", "All"]),
        ("engineer", ["With me", "All"]),
        ("director", ["All"]),
        ("finance", ["All"]),
    ],
)
def test_each_begins_with_the_dashboard_of_their_role(
    cast: Cast, browser_of: Browser, part: str, offered: list[str]
) -> None:
    page = browser_of(vars(cast)[part]).get("/reports/").content.decode()
    tabs = re.search(r'<nav class="tabs" aria-label="Dashboards">(.*?)</nav>', page, re.DOTALL)
    assert tabs is not None
    assert re.findall(r"<a [^>]*>([^<]+)</a>", tabs[1]) == offered
    assert re.findall(r'aria-current="page">([^<]+)<', tabs[1]) == offered[:1]


def test_a_dashboard_that_is_not_ones_own_gives_way_to_ones_own(cast: Cast, browser_of: Browser) -> None:
    page = browser_of(cast.finance).get("/reports/?board=engineer").content.decode()
    assert "All tickets that I may see" in page


def test_other_dimensions_can_be_chosen_and_unknown_ones_are_passed_over(cast: Cast, browser_of: Browser) -> None:
    page = browser_of(cast.director).get("/reports/?by=channel&by=nonsense").content.decode()
    assert 'id="board-channel"' in page
    assert 'id="board-severity"' not in page
    assert 'id="board-handler"' in browser_of(cast.director).get("/reports/?by=nonsense").content.decode()


def test_free_days_are_kept_in_the_address_and_compared(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser
) -> None:
    page = browser_of(cast.director).get("/reports/?period=free&since=2026-03-03&until=2026-03-04").content.decode()
    assert "2026-03-03 – 2026-03-04, compared with 2026-03-01 – 2026-03-02" in page
    assert "accepted_from=2026-03-03&amp;accepted_to=2026-03-04" in page


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("since=2026-03-04&until=2026-03-03", "The end must not come before the start."),
        ("since=2020-01-01&until=2026-03-03", "Choose three years at most."),
        ("since=yesterday&until=2026-03-03", "Enter a valid date."),
        ("since=0001-01-01&until=0001-01-02", "Choose days from the year 2000 on."),
        ("since=2026-03-04", "This field is required."),
    ],
)
def test_days_that_cannot_be_meant_are_told_at_their_field_and_kept(
    cast: Cast, browser_of: Browser, asked: str, fault: str
) -> None:
    answer = browser_of(cast.director).get(f"/reports/?period=free&{asked}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert fault in page
    assert asked.partition("&")[0].partition("=")[2] in page


def test_the_charts_scripts_are_loaded_on_dashboards_only(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.director)
    assert b"echarts" in browser.get("/reports/").content
    for other in ("/", "/ticket/", "/handbook/"):
        assert b"echarts" not in browser.get(other).content


def test_every_chart_stands_beside_the_table_that_it_is_drawn_from(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser
) -> None:
    page = browser_of(cast.director).get(f"/reports/?{EVERY}").content.decode()
    for section in page.split("<section ")[1:]:
        heads = set(re.findall(r'data-series="(\w+)"', section))
        for columns in re.findall(r'data-columns="([\w,]+)"', section):
            assert set(columns.split(",")) <= heads
    assert page.count("data-chart=") == 2 * (1 + len(REPORTS.dimensions)) + 1


def test_a_dashboard_says_when_it_was_counted_and_counts_anew_when_asked(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser, new_ticket: Callable[..., Ticket]
) -> None:
    browser = browser_of(cast.director)
    assert ("/ticket/?show=all&accepted_from=2026-03-01&accepted_to=2026-03-10", 3) in numbers(_page(browser, ""))
    new_ticket()
    page = _page(browser, "")
    assert "Counted at" in page
    assert "10:00:00" in page
    assert ("/ticket/?show=all&accepted_from=2026-03-01&accepted_to=2026-03-10", 3) in numbers(page)
    anew = re.search(r'href="([^"]*fresh=1[^"]*)"', page)
    assert anew is not None
    page = _page(browser, unescape(anew[1]))
    assert ("/ticket/?show=all&accepted_from=2026-03-01&accepted_to=2026-03-10", 4) in numbers(page)
    assert len(re.findall(r'href="[^"]*fresh=1', page)) == 1, "no other link counts anew"


def _page(browser: Client, query: str) -> str:
    return browser.get(f"/reports/{query}").content.decode()


def test_dashboards_are_among_the_places_of_the_house(cast: Cast, browser_of: Browser) -> None:
    assert '<a href="/reports/"' in browser_of(cast.specialist).get("/").content.decode()
    assert Client().get("/reports/").status_code == 302
    assert browser_of(cast.contact).get("/reports/").status_code == 403
    assert browser_of(cast.director).get("/reports/?kind=nothing").status_code == 404
    assert browser_of(cast.director).post("/reports/").status_code == 405
