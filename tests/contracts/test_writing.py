"""What a contract is written from, by whom, and what cannot be written (CON-01, CON-02, CON-03, CON-11, CON-19)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.conftest import line_data, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.usefixtures("held_clock")


def faults(refused: Any) -> dict[str, str]:
    """The reasons of a refusal by their fields."""
    return {reason.field: reason.message for reason in refused.value.reasons}


def test_a_contract_is_drafted_with_its_rows_and_its_amount_is_their_sum(new_contract: Callable[..., Contract]) -> None:
    contract = new_contract(
        lines=[
            line_data(),
            line_data(product=None, description="现场培训", purchase_mode="", months=None, price="1,234.56"),
        ]
    )
    assert contract.number.startswith("HT-")
    assert contract.amount == Decimal("101234.56")
    assert [row.position for row in contract.lines.all()] == [1, 2]
    assert [(row.share, row.amount) for row in contract.payments.all()] == [
        (Decimal(30), Decimal("30370.37")),
        (Decimal(70), Decimal("70864.19")),
    ]


def test_a_contract_goes_all_the_way_to_the_archive(new_contract: Callable[..., Contract], signers: Signers) -> None:
    contract = walk(new_contract(develops=True), signers, to="archived")
    assert contract.state == "archived"
    assert contract.versions.count() == 1
