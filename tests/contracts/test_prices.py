"""The price list, discounts, and payment plans that come to the whole amount (CON-16, CON-19)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.forms import plan
from contracts.models import Price, Product
from contracts.services import PriceList
from tests.cast import act
from tests.contracts.conftest import faults, line_data
from workflow.refusals import InvalidData

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.usefixtures("held_clock")


@pytest.mark.rule("CON-19")
def test_the_discount_is_computed_for_each_line_and_in_all(new_contract: Callable[..., Contract]) -> None:
    contract = new_contract(
        lines=[
            line_data(price="48000"),  # list price 60,000
            line_data(users=2000, price="96000"),
            line_data(
                product=None, description="培训", purchase_mode="", months=None, price="8000", list_price="10000"
            ),
        ]
    )
    assert [row.list_price for row in contract.lines.all()] == [60000, 96000, 10000]
    assert [row.discount for row in contract.lines.all()] == [20, 0, 20]
    assert (contract.list_amount, contract.amount) == (Decimal(166000), Decimal(152000))
    assert contract.discount == Decimal("8.43")


@pytest.mark.rule("CON-19")
def test_a_price_above_the_list_price_is_a_negative_discount_and_nothing_listed_none(
    new_contract: Callable[..., Contract],
) -> None:
    assert new_contract(lines=[line_data(price="66000")]).discount == -10
    assert new_contract(form="memo", lines=[], payments=[]).discount is None


@pytest.mark.rule("CON-16")
def test_a_list_price_that_is_not_the_price_lists_is_taken_and_marked(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = new_contract(lines=[line_data(list_price="90000"), line_data(list_price="60000.00")])
    assert [(row.list_price, row.off_list) for row in contract.lines.all()] == [
        (Decimal(90000), True),
        (Decimal(60000), False),
    ]
    assert [row["off_list"] for row in contract.content()["lines"]] == [True, False]
    rows = [line_data(key=1), line_data(key=2)]
    act(contract, "write", signers.sales_manager, lines=rows)
    assert [row.off_list for row in contract.lines.all()] == [False, False]


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ({}, "60000.00"),
        ({"users": None}, "60000.00"),
        ({"users": 500}, "60000.00"),
        ({"users": 501}, "96000.00"),
        ({"users": 2_000_000}, "220000.00"),
        ({"months": 6}, "30000.00"),
        ({"months": 7}, "35000.00"),
        ({"months": 36}, "180000.00"),
        ({"purchase_mode": "buyout", "months": None}, "240000.00"),
        ({"modules": "移动学习、论文查重接口"}, "90000.00"),
        ({"modules": "没有的模块"}, None),
        ({"purchase_mode": ""}, None),
    ],
)
def test_a_line_is_priced_by_product_users_mode_months_and_modules(
    seeded: None, said: dict[str, Any], amount: str | None
) -> None:
    line = {"product": Product.objects.get(code="basic"), "users": 50, "purchase_mode": "annual", "months": 12} | said
    assert PriceList(date(2026, 3, 2)).of(line) == (Decimal(amount) if amount else None)


def test_the_price_of_the_day_holds_and_one_to_come_does_not(seeded: None) -> None:
    basic = Product.objects.get(code="basic")
    new = {"product": basic, "purchase_mode": "annual", "users": 500, "amount": 70000}
    Price.objects.create(**new, valid_from=date(2026, 3, 3))
    line = {"product": basic, "users": 50, "purchase_mode": "annual", "months": 12}
    assert PriceList(date(2026, 3, 2)).of(line) == 60000
    assert PriceList(date(2026, 3, 3)).of(line) == 70000
    assert PriceList(date(2019, 1, 1)).of(line) is None


# --- the payment plan -------------------------------------------------------------------------------------------------
def instalment(kind: str = "milestone", **said: Any) -> dict[str, Any]:
    return {"kind": kind, "after": "signature", "days": 10, **said}


def test_amounts_follow_from_shares_and_the_last_takes_the_rounding(new_contract: Callable[..., Contract]) -> None:
    rows = [instalment(share="33.33"), instalment(share="33.33"), instalment(share="33.34")]
    contract = new_contract(lines=[line_data(price="100.01")], payments=rows)
    assert [row.amount for row in contract.payments.all()] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.35")]


def test_shares_follow_from_amounts(new_contract: Callable[..., Contract]) -> None:
    rows = [instalment(amount="33333.33"), instalment(amount="66666.67")]
    contract = new_contract(payments=rows)
    assert [row.share for row in contract.payments.all()] == [Decimal("33.33"), Decimal("66.67")]


@pytest.mark.parametrize("shares", [("30", "60"), ("30", "70.01"), ("100", "0.01"), ("50",)])
def test_shares_that_are_not_the_whole_are_refused(
    new_contract: Callable[..., Contract], shares: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidData) as refused:
        new_contract(payments=[instalment(share=share) for share in shares])
    assert list(faults(refused)) == ["payments"]
    assert "100" in faults(refused)["payments"]


def test_amounts_that_do_not_come_to_the_contracts_are_refused_and_say_what_is_missing(
    new_contract: Callable[..., Contract],
) -> None:
    with pytest.raises(InvalidData) as refused:
        new_contract(payments=[instalment(share="50", amount="50000"), instalment(share="50", amount="49999.99")])
    assert "0.01" in faults(refused)["payments"]


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ({"share": "101"}, "share"),
        ({"share": "-1"}, "share"),
        ({"share": "33.333"}, "share"),
        ({"share": "x"}, "share"),
        ({"share": "", "amount": ""}, "share"),
        ({"share": "100", "after": "", "days": ""}, "due_on"),
        ({"share": "100", "due_on": "2026-05-01"}, "due_on"),
        ({"share": "100", "after": "party"}, "after"),
        ({"share": "100", "days": "-1"}, "days"),
        ({"share": "100", "days": "99999"}, "days"),
        ({"share": "100", "kind": ""}, "kind"),
        ({"share": "100", "after": "", "days": "", "due_on": "2026-02-30"}, "due_on"),
    ],
)
def test_an_instalment_that_makes_no_sense_is_told_at_its_cell(
    new_contract: Callable[..., Contract], said: dict[str, Any], cell: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        new_contract(payments=[instalment(**said)])
    assert f"payments-0-{cell}" in faults(refused)


def test_there_is_one_first_payment_and_one_retention(new_contract: Callable[..., Contract]) -> None:
    with pytest.raises(InvalidData) as refused:
        new_contract(payments=[instalment("first", share="50"), instalment("first", share="50")])
    assert "payments-1-kind" in faults(refused)


def test_a_plan_is_written_on_when_the_amount_changes(new_contract: Callable[..., Contract], signers: Signers) -> None:
    contract = new_contract()
    act(contract, "write", signers.sales_manager, lines=[line_data(key=1, price="200000")])
    assert [row.amount for row in contract.payments.all()] == [60000, 140000]


fen = st.integers(0, 99_999_999_999).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.kernel
@given(total=fen, cuts=st.lists(st.integers(0, 10_000), max_size=8))
def test_whatever_is_shared_out_comes_to_the_whole_to_the_fen(total: Decimal, cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), 10_000]
    shares = [Decimal(after - before) / 100 for before, after in pairwise(ends)]
    rows = plan.settled([{"share": share, "amount": None} for share in shares], total)
    assert sum(row["amount"] for row in rows) == total
    assert all(row["amount"] >= 0 for row in rows)
    assert plan.fault(rows, total) == ""
