"""Who sees what of a review on the record's page: the way ahead, the steps, the seats, and what was said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from desk.timelines import door
from people.actors import Actor
from tests.workflow.approvals.conftest import say, submitted
from workflow.engine import perform

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from contracts.models import Contract
    from people.models import User
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Browser = Callable[[User], Client]
    Policy = Callable[..., ReviewPolicy]

pytestmark = pytest.mark.django_db


def page(browser: Client, contract: Contract, rest: str = "") -> str:
    answer = browser.get(f"/contract/{contract.number}/{rest}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.rule("CON-14")
def test_before_anything_is_sent_the_author_is_told_who_will_see_it_and_why(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser
) -> None:
    made = policy(("review", [signers.rd], "all", None), ("head", [signers.head, signers.vice], "all"))
    made.reason_zh, made.reason_en = "年费续签走简易审批", "Annual renewals go the short way"
    made.save()
    made.steps.filter(code="review1").update(when={"develops": ["yes"]})
    author = browser_of(signers.author)
    assert 'hx-get="/contract/HT-20260302-0001/way/"' in page(author, contract)
    told = page(author, contract, "way/")
    assert "Annual renewals go the short way" in told
    assert "马总监" in told
    assert "唐副总" in told
    assert "joint sign-off" in told
    assert "left out" in told
    assert "宋研审" not in told


def test_without_a_policy_the_preview_says_who_sets_one(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser
) -> None:
    policy(("review", [signers.rd], "all")).delete()
    assert "an administrator sets one" in page(browser_of(signers.author), contract, "way/")


def test_the_page_tells_the_steps_their_seats_and_what_was_said_by_whom(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser
) -> None:
    policy(("review", [signers.service, signers.finance], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "agree", signers.finance, opinion="付款条款清楚")
    say(contract, "consult", signers.service, person=signers.rd.pk, question="接口是否可行")
    told = page(browser_of(signers.admin), contract)
    assert "付款条款清楚" in told
    assert "asked for an opinion by 高审核" in told
    assert "接口是否可行" in told
    assert "Step 2" in told
    assert "joint sign-off" in told


def test_who_neither_writes_nor_decides_sees_nothing_of_it(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser
) -> None:
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    stranger = browser_of(signers.outsider)
    for rest in ("", "way/", "rounds/", "versions/", "versions/1/"):
        assert stranger.get(f"/contract/{contract.number}/{rest}").status_code == 404
    assert stranger.post(f"/contract/{contract.number}/opinion/", {"opinion": "x"}).status_code == 404


def test_earlier_rounds_are_folded_and_fetched(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser
) -> None:
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    say(contract, "send_back", signers.service, opinion="价格太低")
    assert "价格太低" in page(browser_of(signers.author), contract)
    submitted(contract, signers.author)
    reader = browser_of(signers.service)
    assert "1 earlier round" in page(reader, contract)
    assert "价格太低" in page(reader, contract, "rounds/")
    assert "Round 1 on v1" in page(reader, contract, "rounds/")


def test_whoever_was_copied_in_is_seen_to_have_read_it_and_when(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser, held_clock: Any
) -> None:
    say(contract, "copy_to", signers.author, people=[signers.outsider.pk])
    assert "not read yet" in page(browser_of(signers.author), contract)
    page(browser_of(signers.outsider), contract)
    told = page(browser_of(signers.author), contract)
    assert "not read yet" not in told
    assert "10:00" in told.split("Copied to")[1][:400]


def test_what_no_process_decides_on_has_no_such_pages(cast: Any, new_ticket: Any, browser_of: Browser) -> None:
    ticket = new_ticket()
    for rest in ("way/", "rounds/", "versions/", "versions/1/", "opinion/"):
        assert browser_of(cast.specialist).get(f"/ticket/{ticket.number}/{rest}").status_code == 404


@pytest.mark.parametrize(
    ("channel", "words"),
    [("mail", "from a message"), ("api", "by another program"), ("portal", "Customers&#x27; portal"), ("web", "")],
)
def test_the_timeline_and_the_steps_tell_by_which_door_an_act_came_if_not_by_the_desk(
    contract: Contract, signers: Signers, policy: Policy, browser_of: Browser, channel: str, words: str
) -> None:
    policy(("review", [signers.rd], "all"), ("head", [signers.head], "all"))
    submitted(contract, signers.author)
    fresh = type(contract).objects.get(pk=contract.pk)
    entry = perform(fresh, "agree", actor=Actor(signers.rd, channel=channel), data={"opinion": "可以"})
    told = page(browser_of(signers.author), contract)
    item = told.partition(f'id="entry-{entry.seq}"')[2].partition("</li>")[0].partition("entry-end")[0]
    doors = re.findall(r'<span class="tag tone-done">(?:<svg.*?</svg>)?([^<]*)</span>', item)
    assert doors == ([words] if words else [])
    seat = told.partition('class="seats"')[2].partition("</ul>")[0]
    assert (words in seat) if words else ("tone-done" not in seat)


def test_what_a_program_did_by_itself_is_told_by_its_name_alone() -> None:
    assert door("system") == door("demo") == door("admin") == ""
