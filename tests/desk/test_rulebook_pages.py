"""The handbook's pages: where rules are kept, what became of them, and every chip that leads to them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from handbook import catalogue, proofs
from reports import enforcement
from tests.cast import act
from tests.support.counted import counted
from workflow.models import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    Browser = Callable[[User], Client]

pytestmark = pytest.mark.django_db
PERIOD = "period=free&since=2026-02-01&until=2026-03-31"
_NUMBER = re.compile(r'<a href="(/handbook/[\w-]+/cases/\?[^"]+)">(\d+)</a>')
_TOTAL = re.compile(r"\d+–\d+ of ([\d,]+)")
_CHIP = re.compile(r'<a class="rule" href="([^"]+)"')


@pytest.fixture
def tickets(cast: Cast, new_ticket: Callable[..., Ticket], held_clock: Callable[[datetime], Any]) -> dict[str, Ticket]:
    return counted(cast, new_ticket, held_clock)


def text(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def numbers(page: str) -> list[tuple[str, int]]:
    return [(unescape(url), int(number)) for url, number in _NUMBER.findall(page)]


def follow(browser: Client, page: str) -> int:
    """Look behind every number of a page; returns how many there are."""
    found = numbers(page)
    for address, number in found:
        total = _TOTAL.search(text(browser, address))
        assert total is not None, address
        assert int(total[1]) == number, address
    return len(found)


def test_every_number_of_every_rule_leads_to_as_many_cases(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser
) -> None:
    browser = browser_of(cast.director)
    assert follow(browser, text(browser, f"/handbook/?process=TKT&{PERIOD}")) >= 12
    for rule in ("TKT-01", "TKT-13", "TKT-16", "TKT-18", "TKT-20"):
        assert follow(browser, text(browser, f"/handbook/{rule}/?{PERIOD}")) >= 3, rule


def test_the_cases_lead_to_the_very_act_on_the_record(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser
) -> None:
    page = text(browser_of(cast.director), f"/handbook/TKT-08/cases/?{PERIOD}")
    entry = tickets["late"].entries.get(verb="dispatch")
    assert f'href="/ticket/{tickets["late"].number}/#entry-{entry.seq}"' in page
    due = text(browser_of(cast.director), f"/handbook/TKT-18/cases/?{PERIOD}&what=missed")
    deadline = Deadline.objects.get(record=tickets["lying"], timer="ticket.response")
    assert f'href="/deadlines/{deadline.pk}/"' in due


def test_whoever_may_not_see_a_record_finds_neither_its_numbers_nor_its_cases(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser
) -> None:
    browser = browser_of(cast.finance)
    assert numbers(text(browser, f"/handbook/?process=TKT&{PERIOD}")) == []
    assert numbers(text(browser, f"/handbook/TKT-16/?{PERIOD}")) == []
    assert tickets["old"].number not in text(browser, f"/handbook/TKT-01/cases/?{PERIOD}")


def test_each_rule_stands_in_both_languages_and_says_whether_it_is_kept(cast: Cast, browser_of: Browser) -> None:
    browser, kept = browser_of(cast.specialist), enforcement.kept()
    for process in catalogue.processes():
        page = text(browser, f"/handbook/?process={process.id}")
        assert page.count("not kept by the software yet") == sum(rule.id not in kept for rule in process.rules)
        for rule in process.rules:
            assert f'<tr id="{rule.id}">' in page
            words = unescape(page)
            assert rule.zh in words
            assert rule.en in words


def test_a_rule_says_by_which_steps_deadlines_and_notices_it_is_kept_and_by_which_tests(
    cast: Cast, browser_of: Browser
) -> None:
    page = text(browser_of(cast.specialist), "/handbook/TKT-19/")
    assert "Change severity" in page
    assert "Notice" in page
    page = text(browser_of(cast.specialist), "/handbook/TKT-17/")
    assert "8 h" in page
    assert "tests/tickets/test_deadlines.py" in page


def test_a_rule_that_a_page_keeps_leads_there(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.specialist)
    page = browser.get("/handbook/OFH-12/").content.decode()
    assert '<a href="/duty/">Duty roster</a>' in page
    assert "does not keep this rule yet" not in page
    assert "OFH-12" in enforcement.kept()


def test_every_rule_that_a_test_proves_is_shown_as_kept() -> None:
    proven = {rule.id for rule in catalogue.rules() if proofs.carrying(rule.id)}
    assert proven <= enforcement.kept()


def test_a_rule_that_nothing_keeps_says_so_plainly(cast: Cast, browser_of: Browser) -> None:
    free = next(rule for rule in catalogue.rules() if rule.id not in enforcement.kept())
    page = text(browser_of(cast.specialist), f"/handbook/{free.id}/")
    assert "The software does not keep this rule yet" in page


def test_an_unknown_rule_process_count_or_person_is_no_error(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of(cast.director)
    text(browser, "/handbook/NOT-01/", 404)
    text(browser, "/handbook/NOT-01/cases/", 404)
    text(browser, "/handbook/TKT-01/cases/?what=nonsense", 404)
    text(browser, "/handbook/?process=nonsense")
    text(browser, "/handbook/TKT-01/cases/?person=x&department=99999999999999999999")


@pytest.mark.rule("TKT-17")
def test_every_chip_on_every_step_leads_to_its_rule(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser
) -> None:
    browser, lying = browser_of(cast.engineer), f"/ticket/{tickets['forgotten'].number}/"
    deadline = Deadline.objects.filter(record=tickets["forgotten"], timer="ticket.response").get()
    refused = browser.post(f"{lying}resolve/", {"version": tickets["forgotten"].version})
    where = {
        "timeline, deadlines and greyed verbs": text(browser, lying),
        "verb": text(browser, f"{lying}respond/"),
        "why": text(browser, f"/deadlines/{deadline.pk}/"),
        "refusal": refused.content.decode(),
        "notices": text(browser_of(cast.engineer), "/notices/"),
    }
    chips = {name: _CHIP.findall(page) for name, page in where.items()}
    assert all(found for name, found in chips.items() if name != "notices"), chips
    for address in {address for found in chips.values() for address in found}:
        rule = address.strip("/").rpartition("/")[2]
        page = text(browser, address)
        assert f"<h1>{rule}</h1>" in page
        assert f"/handbook/?process={rule[:3]}" in page, "and from there to its place among the others"


def test_a_number_can_be_looked_at_by_person_and_by_department(
    cast: Cast, tickets: dict[str, Ticket], browser_of: Browser
) -> None:
    act(tickets["quick"], "confirm", cast.contact, satisfaction=4)
    page = text(browser_of(cast.director), "/handbook/TKT-22/")
    assert "张老师" in page
    assert "no department" in page
    assert follow(browser_of(cast.director), page) == 3
