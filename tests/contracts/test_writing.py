"""What a contract is written from, by whom, and what cannot be written (CON-01, CON-02, CON-03, CON-11, CON-19)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from contracts.models import Contract, ContractTemplate
from customers.models import Contact, Organisation
from tests.cast import act
from tests.contracts.conftest import faults, line_data, walk
from workflow.refusals import InvalidData, Missing, NotAllowed, Stale, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.usefixtures("held_clock")
SERVICE = {"product": None, "description": "现场培训", "purchase_mode": "", "months": None, "users": None}


def refused(write: Callable[..., Any], *args: Any, **said: Any) -> dict[str, str]:
    """What stands against writing something so, by field; nothing has been written then."""
    before = Contract.objects.count()
    with pytest.raises(InvalidData) as refusal:
        write(*args, **said)
    assert Contract.objects.count() == before
    return faults(refusal)


def test_a_contract_is_drafted_with_its_rows_and_its_amount_is_their_sum(new_contract: Callable[..., Contract]) -> None:
    contract = new_contract(lines=[line_data(), line_data(**SERVICE, price="1,234.56")])
    assert contract.number.startswith("HT-")
    assert contract.amount == Decimal("101234.56")
    assert [row.position for row in contract.lines.all()] == [1, 2]
    assert [(row.lane, row.title) for row in contract.promises.all()] == [
        ("licence", "产品使用许可"),
        ("delivery", "安装介质和文档"),
    ]


@pytest.mark.rule("CON-01")
@pytest.mark.parametrize("form", ["software", "memo", "supplement"])
def test_a_contract_is_of_one_of_three_classes(new_contract: Callable[..., Contract], form: str) -> None:
    assert new_contract(form=form).form == form


@pytest.mark.rule("CON-01")
def test_a_contract_of_no_class_or_of_another_is_refused(new_contract: Callable[..., Contract]) -> None:
    assert "CON-01" in refused(new_contract, form="")["form"]
    assert "form" in refused(new_contract, form="promise")


@pytest.mark.rule("CON-02")
@pytest.mark.parametrize(
    "business", ["new_sale", "more_products", "more_users", "annual_renewal", "service_product", "service_fee"]
)
def test_a_contract_is_a_new_sale_or_one_of_five_resales(new_contract: Callable[..., Contract], business: str) -> None:
    assert new_contract(business=business).business == business


@pytest.mark.rule("CON-02")
def test_a_contract_of_no_kind_is_refused(new_contract: Callable[..., Contract], signers: Signers) -> None:
    assert "CON-02" in refused(new_contract, business="", by=signers.sales_manager)["business"]


@pytest.mark.rule("CON-03")
def test_a_new_sale_is_written_by_a_sales_manager_and_nobody_else(
    new_contract: Callable[..., Contract], cast: Cast, signers: Signers
) -> None:
    assert new_contract().handler == signers.sales_manager
    assert "CON-03" in refused(new_contract, by=cast.account_manager)["business"]
    for other in (cast.engineer, cast.director, signers.finance, signers.hr_admin, cast.contact):
        with pytest.raises(NotAllowed):
            new_contract(by=other)


@pytest.mark.rule("CON-11")
def test_a_resale_is_written_by_an_account_manager_and_not_by_a_sales_manager(
    new_contract: Callable[..., Contract], cast: Cast, signers: Signers
) -> None:
    assert new_contract(business="more_users").handler == cast.account_manager
    assert "CON-11" in refused(new_contract, business="more_users", by=signers.sales_manager)["business"]


@pytest.mark.rule("CON-03")
def test_what_is_left_empty_is_the_standard_templates_text_and_names_its_places_when_read(
    new_contract: Callable[..., Contract], university: University
) -> None:
    contract = new_contract(text="", title="")
    template = ContractTemplate.objects.get(code="standard_software")
    assert (contract.template, contract.text) == (template, template.text)
    assert contract.title == f"{university.organisation.name} 新销售合同"
    for said in ("北京大学", "人民币壹拾万元整", "2026年4月1日", "教学管理平台(基础版)"):
        assert said in contract.full_text
    assert "{{" not in contract.full_text


@pytest.mark.rule("CON-03")
def test_changing_a_template_changes_no_contract_that_was_written_from_it(
    new_contract: Callable[..., Contract],
) -> None:
    contract = new_contract(text="")
    before = contract.full_text
    ContractTemplate.objects.filter(code="standard_software").update(text="别的")
    contract.refresh_from_db()
    assert contract.full_text == before


@pytest.mark.rule("CON-03")
def test_what_is_missing_is_named_before_anybody_reviews_it(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = new_contract(summary_text="", lines=[], payments=[], text="甲方:{{甲方}} {{什么}}")
    with pytest.raises(Missing) as refusal:
        act(contract, "hand_in", signers.sales_manager)
    (reason,) = refusal.value.reasons
    assert reason.rule == "CON-03"
    for said in ("合同摘要", "至少一行", "什么"):
        assert said in reason.message
    assert contract.state == "draft"


def test_the_author_writes_on_and_only_what_differs_is_said(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = new_contract()
    entry = act(contract, "write", signers.sales_manager, title="别的名称", develops=True)
    assert (contract.title, contract.develops) == ("别的名称", True)
    assert set(entry.data["said"]) == {"title", "develops"}
    assert contract.lines.count() == 1
    with pytest.raises(InvalidData):
        act(contract, "write", signers.sales_manager, title="别的名称")
    with pytest.raises(NotAllowed):
        act(contract, "write", signers.other_sales_manager, title="第三个")


def test_rows_keep_their_keys_while_they_are_written_on(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = new_contract(lines=[line_data(price="1"), line_data(price="2"), line_data(price="3")])
    rows = [line_data(key=1, price="10"), line_data(key=3, price="3"), line_data(price="4")]
    act(contract, "write", signers.sales_manager, lines=rows)
    assert [(row.position, int(row.price)) for row in contract.lines.all()] == [(1, 10), (3, 3), (4, 4)]
    assert contract.amount == 17
    assert [row.amount for row in contract.payments.all()] == [Decimal("5.10"), Decimal("11.90")]


def test_a_box_that_a_page_sends_as_off_is_off_and_one_that_is_not_asked_stays(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = new_contract(develops=True, tender=True)
    act(contract, "write", signers.sales_manager, develops="false")
    assert (contract.develops, contract.tender) == (False, True)


def test_nobody_writes_while_others_review(new_contract: Callable[..., Contract], signers: Signers) -> None:
    contract = walk(new_contract(), signers, to="in_review")
    with pytest.raises(WrongState):
        act(contract, "write", signers.sales_manager, title="别的")


def test_of_two_editors_the_later_is_told_who_was_first(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    from people.actors import Actor
    from workflow.engine import perform

    contract = new_contract()
    seen, author = contract.version, Actor(signers.sales_manager, channel="web")
    perform(contract, "write", actor=author, data={"title": "先写的"}, expected_version=seen)
    with pytest.raises(Stale) as refusal:
        perform(contract, "write", actor=author, data={"title": "后写的"}, expected_version=seen)
    assert [each.label for each in refusal.value.differences] == ["title"]


# --- what cannot be -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "price", ["-1", "-0.01", "1.234", "1000000000", "999999999.995", "abc", "1e5", "NaN", "Infinity", "", "12,34"]
)
def test_an_amount_that_is_none_is_refused_at_its_cell(new_contract: Callable[..., Contract], price: str) -> None:
    assert set(refused(new_contract, lines=[line_data(price=price)])) == {"lines", "lines-0-price"}


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("¥1,234.50", "1234.50"),
        ("30万", "300000"),
        ("1２３", "123"),
        ("0", "0"),
        ("0.01元", "0.01"),
        ("100000元整", "100000"),
    ],
)
def test_amounts_are_read_as_people_write_them_and_kept_to_the_fen(
    new_contract: Callable[..., Contract], typed: str, amount: str
) -> None:
    contract = new_contract(lines=[line_data(price=typed)], payments=[])
    assert contract.amount == contract.lines.get().price == Decimal(amount)


def test_many_large_lines_are_no_contract(new_contract: Callable[..., Contract]) -> None:
    lines = [line_data(price="999999999.99"), line_data(price="0.01")]
    assert set(refused(new_contract, lines=lines)) == {"lines"}
    assert set(refused(new_contract, lines=[line_data()] * 201)) == {"lines"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("users", "0"),
        ("users", "-5"),
        ("users", "9" * 30),
        ("months", "0"),
        ("months", "1.5"),
        ("months", ""),
        ("purchase_mode", ""),
        ("purchase_mode", "lease"),
        ("product", "999999"),
        ("product", "x"),
        ("training_days", "-1"),
        ("training_days", "NaN"),
        ("list_price", "-1"),
        ("key", "x"),
    ],
)
def test_a_cell_that_makes_no_sense_is_told_at_the_cell(
    new_contract: Callable[..., Contract], cell: str, value: str
) -> None:
    assert f"lines-0-{cell}" in refused(new_contract, lines=[line_data(**{cell: value})])


def test_a_line_says_what_is_sold(new_contract: Callable[..., Contract]) -> None:
    assert "lines-0-description" in refused(new_contract, lines=[line_data(**SERVICE | {"description": ""})])


@pytest.mark.parametrize("days", [("2026-04-01", "2026-03-31"), ("2126-01-01", ""), ("1026-01-01", ""), ("", "no day")])
def test_a_term_that_cannot_be_is_refused_at_its_field(
    new_contract: Callable[..., Contract], days: tuple[str, str]
) -> None:
    starts, ends = days
    assert set(refused(new_contract, starts_on=starts, ends_on=ends)) <= {"starts_on", "ends_on"}


def test_a_term_of_one_day_is_one(new_contract: Callable[..., Contract]) -> None:
    assert str(new_contract(starts_on="2026-04-01", ends_on="2026-04-01").ends_on) == "2026-04-01"


def test_contact_and_agent_fit_the_customer(new_contract: Callable[..., Contract], university: University) -> None:
    other = Organisation.objects.create(name="清华大学", region=university.region)
    stranger = Contact.objects.create(organisation=other, name="刘老师", phone="010-62780000")
    assert set(refused(new_contract, contact=stranger.pk)) == {"contact"}
    assert set(refused(new_contract, payer="agent")) == {"agent"}
    assert set(refused(new_contract, payer="agent", agent=university.organisation.pk)) == {"agent"}
    assert new_contract(payer="agent", agent=other.pk).agent == other


@pytest.mark.parametrize("sent", ["x", {"a": 1}, [1, 2], [["a"]], 5, [{"price": {"a": 1}}], [None]])
def test_a_table_that_is_none_is_refused_and_nothing_breaks(new_contract: Callable[..., Contract], sent: Any) -> None:
    if sent == "x":  # a page's sign that the table is empty
        assert new_contract(lines=sent, payments=[]).lines.count() == 0
    else:
        assert "lines" in refused(new_contract, lines=sent)
