"""Rows of several tables, read together, are what each table would have given by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import ContractLine, PaymentTerm, Product, Promise, Risk
from contracts.services import parts_of
from core import clock
from tests.workflow.approvals.conftest import contract, signers

if TYPE_CHECKING:
    from contracts.models import Contract
    from tests.cast import Cast

__all__ = ("contract", "signers")
pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
HOSTILE = "'; DROP -- %s %% \\ \" 中文 \n\t [null]"


@pytest.fixture
def full(contract: Contract, cast: Cast) -> Contract:
    """A contract with rows of every kind, the later ones written first."""
    basic = Product.objects.get(code="basic")
    made: dict[str, Any] = {"contract": contract}
    ContractLine.objects.create(position=2, description=HOSTILE, price=Decimal("0.10"), **made)
    ContractLine.objects.create(
        position=1,
        product=basic,
        users=50,
        training_days=Decimal("2.5"),
        off_list=True,
        price=Decimal("999999999999.99"),
        **made,
    )
    PaymentTerm.objects.create(position=1, kind="first", share=Decimal("33.33"), amount=Decimal(100), days=15, **made)
    Promise.objects.create(position=1, lane="training", title="培训", due_on=date(2026, 4, 15), **made)
    Risk.objects.create(risk="逾期", level="high", seen_by=cast.director, seen_at=clock.now(), **made)
    return contract


def test_they_are_the_rows_of_their_tables_in_one_query(full: Contract) -> None:
    with CaptureQueriesContext(connection) as asked:
        parts = parts_of(full)
    assert len(asked) == 1
    first, second = parts["lines"]
    assert (str(first.product), first.users, first.off_list) == (str(Product.objects.get(code="basic")), 50, True)
    assert (str(first.price), str(first.training_days)) == ("999999999999.99", "2.5")
    assert (second.product, second.description, str(second.price)) == (None, HOSTILE, "0.10")
    assert [(str(row.share), row.days, row.due_on, row.get_kind_display()) for row in parts["payments"]] == [
        ("33.33", 15, None, str(PaymentTerm.Kind.FIRST.label))
    ]
    assert [row.due_on for row in parts["promises"]] == [date(2026, 4, 15)]
    assert [str(row.seen_by) for row in parts["risks"]] == [str(full.risks.get().seen_by)]
    assert parts["followers"] == []


def test_another_contract_has_nothing_of_them_and_what_is_changed_is_read_anew(full: Contract) -> None:
    assert all(not rows for rows in parts_of(type(full)(pk=full.pk + 1)).values())
    full.lines.all().delete()
    assert parts_of(full)["lines"] == []


def test_nothing_else_of_a_row_was_read_and_all_else_can_still_be(full: Contract) -> None:
    (row,) = parts_of(full)["risks"]
    assert "seen_at" in row.get_deferred_fields()
    assert row.seen_at == full.risks.get().seen_at
