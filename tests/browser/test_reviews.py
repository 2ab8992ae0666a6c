"""A contract is submitted, talked about, sent back, written anew and agreed with, in the browsers of all who do it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from contracts.models import Contract
from core import clock
from people.models import Department, User
from tests.browser.test_accessibility import LANGUAGES, examine, look_closely, reader
from tests.browser.test_life import open_form
from tests.cast import act, person
from workflow.models import Checklist, ChecklistItem, Involvement, Opinion, OpinionDraft, PolicyStep, ReviewPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.cast import University
    from tests.support.browser import Window

    Open = Callable[..., Window]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAUSES = (
    "第一条 乙方向甲方提供教学管理平台的使用许可，期限一年。",
    "第二条 甲方于合同签订后十日内支付首期款。",
    "第三条 乙方在收到首期款后十个工作日内完成安装。",
    "第四条 验收标准以附件一为准。",
    "第五条 乙方提供五乘八小时的电话支持。",
)
ASIDE = ("add_signer/", "consult/", "remark/")
LISTS = {
    "general_x": ("基本评审", "General review", "CON-15", ("与招标文件的差异已澄清", "我方有履约能力")),
    "service_x": ("服务评审", "Service review", "CON-17", ("安装期限和维护可行", "风险已评估")),
}


@dataclass
class People:
    """Who writes and who decides."""

    author: User
    service: User
    rd: User
    head: User


@pytest.fixture(scope="module")
def people(stand: object) -> People:
    """The people, and the policy by which an annual renewal goes to the service reviewer and then to the head."""
    head = person("sales_head", "马总监", "sales_director", department="sales")
    Department.objects.filter(code="sales").update(head=head)
    made = People(
        author=person("seller", "林销售", "sales_manager", department="sales", supervisor=head),
        service=person("service_reviewer", "高审核", "service_reviewer"),
        rd=person("rd_reviewer", "宋研审", "rd_reviewer", department="rd"),
        head=head,
    )
    for code, (zh, en, rule, items) in LISTS.items():
        each = Checklist.objects.create(code=code, name_zh=zh, name_en=en, rule=rule)
        for at, item in enumerate(items):
            ChecklistItem.objects.create(checklist=each, code=f"i{at}", position=at, text_zh=item, text_en=f"Item {at}")
    ReviewPolicy.objects.update(active=False)
    policy = ReviewPolicy.objects.create(kind="contract", name_zh="简易审批", name_en="Short route", rule="CON-14")
    _step(policy, "review", ("服务部评审", "Service review"), made.service, checklists=list(LISTS))
    _step(policy, "head", ("部门负责人审批", "Department head"), made.head)
    return made


def _step(policy: ReviewPolicy, stage: str, names: tuple[str, str], who: User, **more: Any) -> None:
    zh, en = names
    at = policy.steps.count()
    made = PolicyStep.objects.create(
        policy=policy, position=at, code=stage, stage=stage, name_zh=zh, name_en=en, **more
    )
    made.people.set([who])


@pytest.fixture
def contract(people: People, university: University) -> Contract:
    """A written renewal of the author's."""
    at = clock.now()
    made = Contract(
        kind="contract",
        number=f"HT-20260302-{Contract.objects.count() + 1:04d}",
        title="北京大学教学管理平台年费续签",
        customer=university.organisation,
        handler=people.author,
        business="annual_renewal",
        form="memo",
        text="\n".join(CLAUSES),
        summary_text="续签一年，价格与上年相同。",
        state="draft",
        created_at=at,
        updated_at=at,
    )
    made.save()
    made.lines.create(
        position=1, description="教学管理平台", users=3000, list_price=Decimal(150000), price=Decimal(120000)
    )
    Involvement.objects.create(record=made, user=people.author, part="author", since=at)
    return made


def decide(page: Page, verb: str) -> None:
    """Press one of the sheet's buttons, and wait for the page that says that it is done."""
    with page.expect_navigation():
        page.locator(f"#decide button[formaction$='/{verb}/']").click()
    expect(page.locator("main > .note-success")).to_be_visible()


def send(page: Page) -> None:
    """Press an act's button, and wait for the page that says that it is done."""
    with page.expect_navigation():
        page.locator(".act-panel:not(.decide) button[data-default]").click()
    expect(page.locator("main > .note-success")).to_be_visible()


@pytest.mark.rule("CON-07", "CON-14", "CON-20")
def test_a_contract_is_talked_about_sent_back_written_anew_and_agreed_with(
    people: People, contract: Contract, window: Open
) -> None:
    record = f"/contract/{contract.number}/"
    author, reviewer, adviser = window(people.author), window(people.service), window(people.rd)
    page = author.go(record)
    ahead = page.locator(".panel", has_text="将由谁、按什么顺序审批")
    expect(ahead).to_contain_text("高审核")
    expect(ahead).to_contain_text("马总监")
    page.locator("[data-verb=submit]").click()
    page.locator("#act form").wait_for()
    send(page)

    ask_and_answer(reviewer, adviser, record)
    remark_and_send_back(reviewer, record)
    write_anew_and_agree(author, reviewer, contract)
    contract.refresh_from_db()
    assert contract.state == "head_approval"
    assert list(Opinion.objects.order_by("pk").values_list("decision", "version__number")) == [
        ("advised", 1),
        ("returned", 1),
        ("agreed", 2),
    ]


def ask_and_answer(reviewer: Window, adviser: Window, record: str) -> None:
    """From the first page to the sheet; somebody is asked for an opinion, and gives it."""
    page = reviewer.go("/")
    page.locator(".waits a.btn", has_text="审批").click()
    reviewer.at(record)
    page.locator("[data-verb=consult]").click()
    page.locator("#act #id_person_text").press_sequentially("宋研")
    page.locator("#act [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.fill("#act [name=question]", "接口是否可行")
    send(page)

    page = adviser.go(record)
    page.fill("#decide [name=opinion]", "可行，无需二次开发")
    decide(page, "advise")


def remark_and_send_back(reviewer: Window, record: str) -> None:
    """A remark beside a paragraph, a concern by keyboard, and back to the author."""
    page = reviewer.go(f"{record}versions/1/")
    page.locator("#at-text\\.2 .place-do").click()
    page.locator("#say-text-2 [name=text]").fill("首期款十日太短。")
    with page.expect_navigation():
        page.locator("#say-text-2 button[data-default]").click()
    expect(page.locator("#at-text\\.2 .remark")).to_contain_text("首期款十日太短。")
    page = reviewer.go(record)
    expect(page.locator(".decide")).to_contain_text("1 条旁注尚未了结")
    page.locator("h1").click()
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.type("十日太短")
    page.fill("#decide [name=opinion]", "第二条请改为三十日")
    page.locator("#decide [name=ground]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#decide [name=ground]")).to_have_value("payment")
    decide(page, "send_back")


def write_anew_and_agree(author: Window, reviewer: Window, contract: Contract) -> None:
    """The author writes it anew; the reviewer reads what differs, settles the remark and agrees by keyboard."""
    record = f"/contract/{contract.number}/"
    contract.refresh_from_db()
    contract.text = "\n".join(CLAUSES).replace("十日内支付", "三十日内支付")
    contract.save()
    page = author.go(record)
    expect(page.locator(".review")).to_contain_text("第二条请改为三十日")
    page.locator("[data-verb=submit]").click()
    page.locator("#act form").wait_for()
    send(page)

    page = reviewer.go(record)
    page.locator(".decide a", has_text="查看差异").click()
    expect(page.locator(".differs ins")).to_have_text("三")
    page = reviewer.go(record)
    page.locator("#discussion a", has_text="了结").click()
    page.locator("#discussion .act-panel [name=text]").fill("已改")
    send(page)
    page.locator("h1").click()
    page.keyboard.press("a")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def test_what_one_writes_is_kept_as_one_writes_and_is_there_in_another_browser(
    people: People, contract: Contract, window: Open
) -> None:
    act(contract, "submit", people.author)
    page = window(people.service).go(f"/contract/{contract.number}/")
    page.locator(".check-concern input").first.check()
    page.locator(".check [type=text]").first.fill("偏低")
    page.locator("#decide [name=opinion]").press_sequentially("还要再看")
    expect(page.locator(".kept")).to_contain_text("已于")
    draft = OpinionDraft.objects.get()
    assert (draft.user, draft.text) == (people.service, "还要再看")
    other = window(people.service).go(f"/contract/{contract.number}/")
    expect(other.locator("#decide [name=opinion]")).to_have_value("还要再看")
    expect(other.locator(".check-concern input").first).to_be_checked()
    page.locator(".check [type=text]").first.press("Enter")
    page.wait_for_timeout(300)
    contract.refresh_from_db()
    assert contract.state == "in_review"


def test_two_who_decide_at_once_and_the_second_is_told(people: People, contract: Contract, window: Open) -> None:
    act(contract, "submit", people.author)
    slow = window(people.service)
    page = slow.go(f"/contract/{contract.number}/")
    page.locator("h1").click()
    page.keyboard.press("a")
    page.fill("#decide [name=opinion]", "同意续签")
    act(contract, "withdraw", people.author)
    with slow.expects(403, 409):
        page.locator("#decide [data-default]").click()
        expect(page.locator(".decide [role=alert]")).to_contain_text("内容未改变")
    expect(page.locator(".decide [name=opinion]")).to_have_value("同意续签")
    assert not Opinion.objects.filter(version__record=contract.pk).exists()


def test_several_colleagues_are_chosen_one_after_the_other(people: People, contract: Contract, window: Open) -> None:
    act(contract, "submit", people.author)
    page = open_form(window(people.service), contract, "add_signer")
    for name in ("宋研", "马总"):
        page.locator("#act #id_people_text").press_sequentially(name)
        page.locator("#act [role=option]").first.wait_for()
        page.keyboard.press("Enter")
    expect(page.locator("#act .chip")).to_have_count(2)
    page.locator("#act .chip input").last.uncheck()
    page.fill("#act [name=reason]", "涉及接口")
    send(page)
    expect(page.locator(".review")).to_contain_text("宋研审")
    assert contract.rounds.get().steps.get(outcome="open").seats.count() == 2


def come_back_written_anew(people: People, contract: Contract) -> None:
    """It was remarked on and sent back; one remark is settled, and the next version waits for the same reviewer."""
    act(contract, "submit", people.author)
    settled = act(contract, "remark", people.service, place="amount", text="总额请核对").seq
    act(contract, "remark", people.service, place="text.2", text="十日太短")
    act(contract, "settle_remark", people.service, about=settled, text="已核对")
    act(contract, "send_back", people.service, opinion="请改", ground="payment", verdict_0="concern", comment_0="太短")
    contract.refresh_from_db()
    contract.text = "\n".join(CLAUSES).replace("十日内支付", "三十日内支付")
    contract.save()
    contract.lines.update(price=Decimal(110000))
    act(contract, "submit", people.author)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_it_can_be_read_and_reached_by_everybody(
    people: People, contract: Contract, window: Open, language: str
) -> None:
    record = f"/contract/{contract.number}/"
    opened = reader(window, people.author, language)
    opened.go(record).locator(".way").wait_for()
    found = look_closely(opened)
    examine(opened, ["/contract/?show=all", "/contract/new/", "/reports/?kind=contract&board=all", f"{record}write/"])
    come_back_written_anew(people, contract)
    opened = reader(window, people.service, language)
    pages = ["", "agree/", "versions/", "versions/?from=2&to=1", "versions/1/", "versions/2/", "rounds/", "print/"]
    examine(opened, [*(f"{record}{page}" for page in (*pages, *ASIDE)), "/"])
    found += what_opens(opened, record)
    assert not found, "\n".join(found)


def what_opens(opened: Window, record: str) -> list[str]:
    """What is wrong with what a reviewer opens: rounds gone by, settled remarks, a remark in place, a faulty sheet."""
    page = opened.go(record)
    page.locator(".rounds-past > summary").click()
    page.locator(".round-past").wait_for()
    page.locator("#discussion details > summary").first.click()
    page.locator("#discussion a", has_text=re.compile("了结|Settle")).first.click()
    page.locator("#discussion .act-panel form").wait_for()
    with opened.expects(422):
        page.locator("#decide [data-default]").click()
        page.locator(".decide .fault").first.wait_for()
        found = look_closely(opened)
    page = opened.go(f"{record}versions/2/")
    page.locator("#at-text\\.2 .place-do").click()
    page.locator("#say-text-2 form").wait_for()
    return found + look_closely(opened)
