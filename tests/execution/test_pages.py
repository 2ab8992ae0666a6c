"""One page shows every item of an execution, and one all executions, what stands still longest first (EXE-11)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from execution.flow import Lane
from execution.views.lines import lines, sums
from tests.cast import act
from tests.desk.test_budgets import browser_of
from tests.execution.conftest import confirmed, finish, item_of
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from execution.models import Execution
    from people.models import User
    from tests.cast import Cast
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.django_db
PAYMENTS = [{"kind": "full", "share": "100", "after": "", "due_on": "2026-04-01"}]


def page(user: User, address: str) -> str:
    """What somebody reads at an address."""
    answer = browser_of(user).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def address(execution: Execution) -> str:
    return f"/execution/{execution.number}/"


@pytest.mark.rule("EXE-11")
def test_one_page_shows_every_item_with_its_owner_its_day_and_what_blocks_it(execution: Execution, cast: Cast) -> None:
    html = page(cast.engineer, address(execution))
    for lane in Lane:
        assert str(lane.label) in html
    for item in execution.plan.items:
        assert item.name in html
    assert "等待：" in html
    assert "2026-04-15" in html
    assert "李专员" in html
    assert f"finish_item/?item={item_of(execution, Lane.LICENCE).pk}" in html
    assert f"finish_item/?item={item_of(execution, Lane.DELIVERY).pk}" not in html, "that waits for the first payment"


@pytest.mark.rule("EXE-11")
def test_the_page_of_the_contract_shows_it_too_without_acts(execution: Execution, cast: Cast, signers: Signers) -> None:
    contract: Any = execution.carries_out
    html = page(signers.sales_ops, f"/contract/{contract.number}/")
    assert execution.number in html
    assert "安装到客户服务器" in html
    assert "finish_item" not in html


@pytest.mark.rule("EXE-11")
def test_the_portfolio_shows_what_stands_still_longest_first(
    copied: Callable[..., Execution], cast: Cast, held_clock: Callable[[Any], Any]
) -> None:
    quick = copied(title="甲合同")
    held_clock(datetime(2026, 3, 3, 2, tzinfo=UTC))
    stuck = copied(title="乙合同")
    act(quick, "take_up", cast.specialist)
    act(stuck, "take_up", cast.specialist)
    held_clock(datetime(2026, 3, 25, 2, tzinfo=UTC))
    for lane in (Lane.LICENCE, Lane.TALKS, Lane.OTHER, Lane.MONEY):
        finish(quick, lane)
    html = page(cast.director, "/portfolio/")
    assert html.index("乙合同") < html.index("甲合同")
    assert "逾期" in html
    assert "70,000.00" in html
    assert "乙合同" in page(cast.director, "/portfolio/?lane=licence")
    assert "甲合同" not in page(cast.director, "/portfolio/?lane=licence")
    assert "乙合同" in page(cast.director, "/portfolio/?lane=nonsense&page=99999999999")


@pytest.fixture
def two(copied: Callable[..., Execution], cast: Cast, held_clock: Callable[[Any], Any]) -> list[Execution]:
    """One execution that has come some way, and one that nobody has taken up, three weeks later."""
    begun, untouched = copied(title="甲合同"), copied(title="乙合同")
    act(begun, "take_up", cast.specialist)
    held_clock(datetime(2026, 3, 25, 2, tzinfo=UTC))
    finish(begun, Lane.LICENCE, Lane.TALKS)
    act(begun, "begin_item", cast.account_manager, item=begun.plan.of(Lane.TRAINING)[0].pk)
    act(begun, "free_item", cast.director, item=begun.plan.of(Lane.INSTALLATION)[0].pk, reason="合同允许先装")
    for execution in (begun, untouched):
        execution.refresh_from_db()
    return [begun, untouched]


@pytest.mark.rule("EXE-11")
def test_a_line_of_the_portfolio_says_of_its_execution_what_the_board_says(two: list[Execution]) -> None:
    at = clock.now()
    for execution, line in zip(two, lines([each.pk for each in two], at), strict=True):
        plan = execution.plan
        assert (line.number, line.title) == (execution.number, execution.title)
        assert line.contract == execution.carries_out.number
        assert {item.words for item in line.ready} == {str(item) for item in plan.ready()}
        assert line.unpaid == f"{sum(item.amount or 0 for item in plan.unsettled(Lane.MONEY)):,.2f}"
        assert set(line.lanes) == {lane for lane in Lane if plan.of(lane)}
        for lane, (tone, done, number) in line.lanes.items():
            still = plan.unsettled(lane)
            assert (done, number) == (len(plan.of(lane)) - len(still), len(plan.of(lane)))
            assert (tone == "done") == (not still)
            assert (tone == "over") == any(item.is_overdue(at) for item in still)
            assert tone in {"done", "over"} or (tone == "aside") == all(plan.blockers(item) for item in still)


def test_a_lane_is_shown_by_what_can_be_done_in_it(two: list[Execution]) -> None:
    (line,) = lines([two[0].pk], clock.now())
    tones = {str(lane): tone for lane, (tone, *_numbers) in line.lanes.items()}
    told = {"licence": "done", "talks": "done", "training": "active", "installation": "new", "acceptance": "aside"}
    assert {lane: tones[lane] for lane in told} == told


def test_what_has_a_day_comes_before_what_has_none(execution: Execution) -> None:
    (line,) = lines([execution.pk], clock.now())
    days = [item.due_on for item in line.ready]
    assert None in days
    assert days == sorted((day for day in days if day), key=str) + [None] * days.count(None)


@pytest.mark.rule("EXE-11")
def test_of_an_execution_that_ended_with_its_contract_nothing_is_counted(execution: Execution, cast: Cast) -> None:
    before = {each.lane: each.open for each in sums(cast.director)}
    assert before["training"] == 2
    act(execution.carries_out, "terminate", cast.director, reason="客户撤项", terminated_on="2026-03-02")
    assert not any(each.open for each in sums(cast.director))


@pytest.mark.rule("EXE-11")
def test_the_handbook_names_the_page_that_keeps_its_rule(execution: Execution, cast: Cast) -> None:
    assert [keeper.page for keeper in registry.keepers("EXE-11")] == ["desk:execution-portfolio"]
    assert "/portfolio/" in page(cast.director, "/handbook/EXE-11/")


def test_who_may_not_see_an_execution_finds_it_nowhere(execution: Execution, cast: Cast) -> None:
    assert execution.title not in page(cast.rd_engineer, "/portfolio/")
    assert browser_of(cast.rd_engineer).get(address(execution)).status_code == 404
    assert browser_of(cast.contact).get("/portfolio/").status_code in {302, 403, 404}
    assert Client().get("/portfolio/").status_code == 302


def test_an_empty_portfolio_teaches(cast: Cast) -> None:
    assert "EXE-01" in page(cast.director, "/portfolio/")


COUNTS = {"portfolio": 9, "portfolio, a lane": 9, "board": 12, "list": 5, "verb": 6}


def cost(user: User, path: str) -> int:
    """How often a page asks, once what is held in memory has been read."""
    browser = browser_of(user)
    browser.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(path)
    assert answer.status_code == 200, path
    assert len(answer.content) < 60 * 1024
    return len([q for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]])


def test_pages_ask_as_often_as_is_written_down(execution: Execution, cast: Cast) -> None:
    finish(execution, Lane.LICENCE, Lane.MONEY)
    here = address(execution)
    pages = {
        "portfolio": (cast.director, "/portfolio/"),
        "portfolio, a lane": (cast.specialist, "/portfolio/?lane=delivery"),
        "board": (cast.specialist, here),
        "list": (cast.director, "/execution/?show=all"),
        "verb": (cast.specialist, f"{here}finish_item/"),
    }
    assert {name: cost(*page) for name, page in pages.items()} == COUNTS


def test_the_portfolio_costs_the_same_however_much_there_is(copied: Callable[..., Execution], cast: Cast) -> None:
    act(copied(), "take_up", cast.specialist)
    before = cost(cast.director, "/portfolio/")
    for n in range(2):
        act(copied(title=f"第 {n} 号"), "take_up", cast.specialist)
    assert cost(cast.director, "/portfolio/") == before


def test_a_verb_of_an_item_opens_with_that_item_chosen(execution: Execution, cast: Cast) -> None:
    item = item_of(execution, Lane.LICENCE)
    html = page(cast.specialist, f"{address(execution)}finish_item/?item={item.pk}")
    assert f'<option value="{item.pk}" selected>' in html


@pytest.mark.parametrize("part", ["specialist", "account_manager", "director"])
def test_the_workbench_leads_to_what_is_to_be_done(execution: Execution, cast: Cast, part: str) -> None:
    if part == "director":
        confirmed(execution, cast)
    html = page(getattr(cast, part), "/")
    verb = "sign" if part == "director" else "finish_item"
    assert f"{address(execution)}{verb}/" in html


def test_the_list_is_found_filtered_and_counted(execution: Execution, cast: Cast) -> None:
    from django.core.cache import cache

    for query, found in (
        ("", True),
        ("q=北京大学", True),
        (f"q={execution.carries_out.number}", True),
        ("q=没有", False),
        ("lane=licence", True),
        ("late=yes", False),
        ("state=started", False),
        (f"owner={cast.specialist.pk}", True),
        (f"owner={cast.engineer.pk}", False),
        ("promise=kept", False),
        ("started_from=2026-03-02&started_to=2026-03-02", True),
        ("closed_from=2026-03-02", False),
        ("filters=open", True),
    ):
        html = page(cast.director, f"/execution/?show=all&{query}")
        assert (f"/execution/{execution.number}/" in html) is found, query
    cache.clear()
    html = page(cast.director, "/reports/?kind=execution")
    assert "执行中" in html
    assert execution.number in page(cast.specialist, "/search/?q=教学管理平台")


def test_everybody_reads_what_the_software_has_named_in_their_own_language(
    copied: Callable[..., Execution], cast: Cast
) -> None:
    execution = copied(promises=[], develops="on", development="对接教务系统")
    act(execution, "take_up", cast.specialist)
    first = item_of(execution, Lane.MONEY)
    act(execution, "finish_item", first.owner, item=first.pk, done_on="2026-03-02", evidence="到账")
    for language, said, unsaid in (
        ("zh-hans", ["首付款 30%", "余款 70%", "二次开发", "产品安装"], ["first payment", "custom development"]),
        ("en", ["first payment 30%", "remaining payment 70%", "custom development"], ["首付款", "余款", "二次开发"]),
    ):
        cast.specialist.language = language
        cast.specialist.save()
        html = page(cast.specialist, address(execution))
        timeline = html.partition('id="timeline-title"')[2]
        assert said[0] in timeline
        assert [words for words in said if words not in html] == []
        assert [words for words in unsaid if words in html] == []


def test_who_has_a_part_is_told_in_the_words_of_the_process(
    execution: Execution, cast: Cast, signers: Signers, new_ticket: Callable[..., Any]
) -> None:
    contract: Any = execution.carries_out
    told = {
        "execution": (page(cast.director, address(execution)), ["执行人", "客户专员", "客户经理"]),
        "contract": (page(signers.sales_ops, f"/contract/{contract.number}/"), ["经办人", "客户经理"]),
        "ticket": (page(cast.director, f"/ticket/{new_ticket().number}/"), ["处理人", "受理专员", "客户经理"]),
    }
    for html, words in told.values():
        box = html.partition("<h2>人员</h2>")[2].partition("</section>")[0]
        assert re.findall(r"<dt>([^<]*)</dt>", box)[: len(words)] == words
    assert "受理专员" not in told["contract"][0]
    assert "受理专员" not in told["execution"][0]
