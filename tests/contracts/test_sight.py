"""Who sees contracts, in which lists and numbers, and who is told of them (CON-09, CON-21, CON-24; who sees what)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from contracts.measures import REPORTS
from contracts.models import Contract
from core import clock
from notifications.kinds import Kind
from notifications.models import Notice
from notifications.preferences import choices_of
from people.models import Substitution
from tests.cast import act
from tests.contracts.conftest import agree, line_data, walk
from workflow import registry
from workflow.models import DeadlinePolicy, Ground, Record, ReviewPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.usefixtures("held_clock")


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[User], Client]:
    """A browser in which somebody has logged in, reading English."""

    def open_for(user: User) -> Client:
        user.language = "en"
        user.save()
        browser = Client()
        browser.force_login(user)
        return browser

    return open_for


def seen_by(user: User) -> set[int]:
    """What somebody sees; through the process's own table and through that of all records alike."""
    own = set(Contract.objects.for_actor(user).values_list("pk", flat=True))
    assert own == set(Record.objects.for_actor(user).filter(kind="contract").values_list("pk", flat=True))
    for rows in (Contract.objects, Record.objects):
        assert own == set(rows.for_actor(user, "contract").values_list("pk", flat=True))
    return own


def told(contract: Contract, verb: str) -> dict[str, str]:
    """Who was told of the last such act, and as what."""
    entry = contract.entries.filter(verb=verb).latest("seq")
    return {notice.recipient.username: notice.kind for notice in Notice.objects.filter(entry=entry)}


def test_who_sees_a_contract_as_it_goes_its_way(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = new_contract()
    people = {**cast.everybody(), **signers.everybody()}
    always = {"director", "admin", "vice_president", "sales_ops", "sales_manager"}

    def lookers() -> set[str]:
        return {name for name, user in people.items() if contract.pk in seen_by(user)}

    assert lookers() == always
    walk(contract, signers, to="in_review")
    assert lookers() == always | {"service_reviewer"}
    walk(contract, signers, to="head_approval")
    reviewers = {"service_reviewer", "finance_reviewer", "head_of_sales"}
    assert lookers() == always | reviewers
    walk(contract, signers, to="approved")
    filing = {"finance", "hr_admin"}
    assert lookers() == always | reviewers | filing
    walk(contract, signers, to="effective")
    service = {name for name, user in people.items() if user.department and user.department.code == "service"}
    assert lookers() == always | reviewers | filing | service
    assert "contact" not in lookers()


def test_whoever_asks_for_one_kind_sees_of_it_what_is_seen_of_all_and_so_does_a_substitute(
    new_contract: Callable[..., Contract], new_ticket: Callable[..., Any], signers: Signers, cast: Cast
) -> None:
    walk(new_contract(), signers, to="head_approval")
    walk(new_contract(title="另一份"), signers, to="approved")
    act(new_ticket(), "dispatch", cast.specialist, handler=cast.engineer.pk)
    now = clock.now()
    period = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1), "reason": "leave"}
    for away, instead, limit in (
        (signers.head_of_sales, cast.rd_engineer, {"kinds": ["contract"], "most": 1}),
        (signers.finance_reviewer, cast.trainer, {}),
    ):
        Substitution.objects.create(principal=away, substitute=instead, **period, **limit)
    shown = 0
    for user in {**cast.everybody(), **signers.everybody()}.values():
        for kind in registry.kinds():
            of_all = set(Record.objects.for_actor(user).filter(kind=kind).values_list("pk", flat=True))
            assert of_all == set(Record.objects.for_actor(user, kind).values_list("pk", flat=True)), (user, kind)
            shown += len(of_all)
    assert shown > len(registry.kinds())


@pytest.mark.rule("CON-09")
def test_whose_decision_is_awaited_is_told_by_mail_and_text_message_as_each_step_opens(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="in_review")
    assert told(contract, "pass_on")["reader"] == Kind.APPROVAL
    agree(contract, signers.service_reviewer)
    assert told(contract, "agree")["counter"] == Kind.APPROVAL
    walk(contract, signers, to="head_approval")
    assert told(contract, "record_agreement")["head"] == Kind.APPROVAL
    agree(contract, signers.head_of_sales)
    assert told(contract, "agree")["vp"] == Kind.APPROVAL
    ways = next(each.ways for each in choices_of(signers.vice_president) if each.kind == Kind.APPROVAL)
    assert ways == {"email": True, "sms": True}


@pytest.mark.rule("CON-09")
def test_every_time_limit_warns_whom_it_waits_for_and_decides_nothing(seeded: None) -> None:
    policies = DeadlinePolicy.objects.filter(timer="contract.decision")
    assert policies.count() == 3
    for policy in policies:
        assert policy.clock == "working"
        first = policy.levels.order_by("share")[0]
        assert set(first.recipients) & {"deciders", "review_author"}
    assert Contract.timer("contract.decision").then == ""


@pytest.mark.rule("CON-09")
def test_a_step_on_which_there_is_nobody_alarms_administrators_and_sales_operations(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    signers.service_reviewer.is_active = False
    signers.service_reviewer.save()
    ReviewPolicy.objects.update(keeper=cast.director)
    contract = walk(new_contract(), signers, to="with_sales_ops")
    act(contract, "pass_on", signers.sales_ops)
    assert told(contract, "pass_on") == {
        "director": Kind.APPROVAL,
        "admin": Kind.ESCALATION,
    }


@pytest.mark.rule("CON-21")
def test_once_it_is_approved_hr_is_told_to_print_it_and_its_author_hears_of_it(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="approved")
    heard = told(contract, "agree")
    assert heard["keeper"] == Kind.ASSIGNMENT
    assert heard["ops"] == Kind.ASSIGNMENT
    assert heard["seller"] == Kind.PROGRESS
    assert Notice.objects.get(entry__verb="agree", recipient=signers.hr_admin).rule == "CON-21"


@pytest.mark.rule("CON-20")
def test_its_author_is_told_when_it_is_sent_back_or_rejected(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    for verb in ("send_back", "reject"):
        contract = walk(new_contract(), signers, to="in_review")
        act(contract, verb, signers.service_reviewer, opinion="条款不清", ground="scope")
        assert told(contract, verb) == {"seller": Kind.ASSIGNMENT}


@pytest.mark.rule("CON-24")
def test_the_service_department_is_told_of_its_copy(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = walk(new_contract(), signers, to="effective")
    act(contract, "copy_to_service", signers.sales_ops, copied_on="2026-03-02")
    assert {"director", "manager", "specialist", "specialist2"} <= set(told(contract, "copy_to_service"))


# --- lists and numbers ------------------------------------------------------------------------------------------------
@pytest.fixture
def several(new_contract: Callable[..., Contract], signers: Signers) -> dict[str, Contract]:
    """Contracts in several states, one of which was sent back."""
    back = walk(new_contract(title="退回的"), signers, to="in_review")
    act(back, "send_back", signers.service_reviewer, opinion="条款不清", ground="scope")
    return {
        "back": back,
        "draft": new_contract(title="起草中"),
        "review": walk(new_contract(title="评审中", develops=True), signers, to="in_review"),
        "short": walk(
            new_contract(title="续签", business="annual_renewal", lines=[line_data(price="30000")]),
            signers,
            to="approved",
        ),
        "force": walk(new_contract(title="生效", ends_on="2026-04-20"), signers, to="effective"),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=draft", {"draft"}),
        ("business=annual_renewal", {"short"}),
        ("form=memo", set()),
        ("amount_from=50000", {"back", "draft", "review", "force"}),
        ("amount_to=50000", {"short"}),
        ("develops=yes", {"review"}),
        ("ends_soon=60", {"force"}),
        ("ends_soon=30", set()),
        ("q=续签", {"short"}),
        ("q=北大", {"back", "draft", "review", "short", "force"}),
        ("returned_from=2026-03-02", {"back"}),
        ("against_from=2026-03-02", {"back"}),
        ("against=rejected", set()),
        ("ground=null", set()),
        ("step=head&step_from=2026-03-01", {"short", "force"}),
        ("band=more", {"short"}),
        ("waits_role=service_reviewer", {"review"}),
        ("handler=me", set()),
    ],
)
def test_the_list_is_narrowed(
    several: dict[str, Contract],
    signers: Signers,
    browser_of: Callable[[User], Client],
    query: str,
    names: set[str],
) -> None:
    page = browser_of(signers.sales_ops).get(f"/contract/?show=all&{query}").content.decode()
    assert {name for name, each in several.items() if each.number in page} == names


@pytest.mark.parametrize("query", ["amount_from=-1", "amount_from=x", "amount_to=1e99", "state=no", "ends_soon=1"])
def test_a_filter_that_makes_no_sense_is_told_at_its_field(
    several: dict[str, Contract], signers: Signers, browser_of: Callable[[User], Client], query: str
) -> None:
    answer = browser_of(signers.sales_ops).get(f"/contract/?show=all&{query}")
    assert answer.status_code == 200
    assert "aria-invalid" in answer.content.decode()


def test_every_number_of_the_dashboard_is_as_large_as_the_list_behind_it(
    several: dict[str, Contract], signers: Signers, browser_of: Callable[[User], Client]
) -> None:
    browser = browser_of(signers.sales_ops)
    every = "&".join(f"by={dimension.code}" for dimension in REPORTS.dimensions)
    page = browser.get(f"/reports/?kind=contract&period=month&{every}").content.decode()
    found = re.findall(r'<a href="(/contract/\?[^"]+)">([\d,]+)(?:<|</a>)', page)
    assert len(found) > 60
    for url, number in dict(found).items():
        listed = browser.get(unescape(url)).content.decode()
        assert "aria-invalid" not in listed, url
        total = re.search(r"第\d+–\d+条,共([\d,]+)条|\d+–\d+ of ([\d,]+)", listed)
        assert (int((total[1] or total[2]).replace(",", "")) if total else 0) == int(number.replace(",", "")), url


@pytest.mark.rule("CON-20")
def test_the_dashboard_counts_returns_and_rejections_by_kind_of_reason(
    several: dict[str, Contract], signers: Signers, browser_of: Callable[[User], Client]
) -> None:
    act(several["review"], "reject", signers.service_reviewer, opinion="无法安装", ground="dates")
    browser = browser_of(signers.sales_ops)
    page = browser.get("/reports/?kind=contract&period=month").content.decode()
    block = page[page.index('id="board-grounds"') :]
    block = block[: block.index("</section>")]
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr>.*?</tr>", block, re.DOTALL)]
    assert [row for row in rows if row.startswith("Scope or acceptance unclear 1")], rows
    assert [row for row in rows if row.startswith("Dates 0 1")], rows
    listed = browser.get(f"/contract/?show=all&ground={Ground.objects.get(code='dates').pk}").content.decode()
    assert {name for name, each in several.items() if each.number in listed} == {"review"}


def test_what_a_contract_page_shows(
    several: dict[str, Contract], signers: Signers, browser_of: Callable[[User], Client]
) -> None:
    page: Any = browser_of(signers.sales_ops).get(f"/contract/{several['force'].number}/").content.decode()
    for said in ("¥100,000.00", "壹拾万元整", "教学管理平台(基础版)", "产品使用许可", "SF1000000001", "30.00"):
        assert said in page


def test_contracts_are_told_in_words_of_their_own(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = new_contract(lines=[{"description": "数据迁移服务", "price": "100000"}])
    contract = walk(contract, signers, to="in_review")
    browser = _browser(signers.service_reviewer, "zh-hans")
    pages = [f"/contract/{contract.number}/{rest}" for rest in ("", "versions/1/", "print/")]
    html = "".join(browser.get(address).content.decode() for address in [*pages, "/contract/"])
    assert "说明" in html
    assert [words for words in ("问题描述", "汇总内容", "服务商", "响应及时率") if words in html] == []


@pytest.mark.parametrize(
    ("kind", "language", "said", "unsaid"),
    [
        ("contract", "zh-hans", ["按时率", "按时审批率"], ["及时率"]),
        ("execution", "zh-hans", ["按时率", "按时完成率"], ["及时率"]),
        ("ticket", "zh-hans", ["响应及时率"], ["按时率"]),
        ("contract", "en", ["Rate in time", "Share of decisions in time"], ["responses"]),
    ],
)
def test_a_dashboard_names_its_share_by_what_it_is_a_share_of(
    cast: Cast, signers: Signers, kind: str, language: str, said: list[str], unsaid: list[str]
) -> None:
    html = _browser(cast.director, language).get(f"/reports/?kind={kind}&period=year&board=all").content.decode()
    assert [words for words in said if words not in html] == []
    assert [words for words in unsaid if words in html] == []


def _browser(user: User, language: str) -> Client:
    type(user).objects.filter(pk=user.pk).update(language=language)
    browser = Client()
    browser.force_login(user)
    return browser
