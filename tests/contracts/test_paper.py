"""The paper after approval: sealed, posted, signed, effective, copied, filed (CON-10, CON-13, CON-21 to CON-24)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.cast import act
from tests.contracts.conftest import walk
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.cast import Cast
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.usefixtures("held_clock")
POSTED = {"posted_on": "2026-03-02", "courier": "顺丰", "waybill": "SF1"}


def signed(contract: Contract, by: Any, side: str) -> None:
    act(contract, "record_signature", by, side=side, signed_on="2026-03-02", signed_by="法定代表人")


@pytest.mark.rule("CON-10")
def test_a_new_sale_is_posted_by_sales_operations_once_it_is_sealed_with_its_waybill(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = walk(new_contract(), signers, to="sealing")
    with pytest.raises(Missing) as refused:
        act(contract, "post", signers.sales_ops, **POSTED)
    assert refused.value.reasons[0].rule == "CON-10"
    act(contract, "record_seal", signers.hr_admin, sealed_on="2026-03-02", copies=4)
    for wrong in ({"waybill": ""}, {"courier": ""}, {"posted_on": "2026-03-03"}):
        with pytest.raises(InvalidData):
            act(contract, "post", signers.sales_ops, **POSTED | wrong)
    for other in (cast.account_manager, signers.hr_admin, cast.director):
        with pytest.raises(NotAllowed):
            act(contract, "post", other, **POSTED)
    act(contract, "post", signers.sales_ops, **POSTED)
    assert (contract.state, contract.waybill) == ("posted", "SF1")


@pytest.mark.rule("CON-13")
def test_the_account_manager_sees_to_seal_and_post_of_a_resale(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = walk(new_contract(business="annual_renewal"), signers, to="sealing")
    act(contract, "record_seal", signers.hr_admin, sealed_on="2026-03-02", copies=2)
    act(contract, "post", cast.account_manager, **POSTED)
    assert "CON-13" in contract.entries.get(verb="post").rules


@pytest.mark.rule("CON-21")
def test_hr_seals_what_was_approved_and_says_how_many(new_contract: Callable[..., Contract], signers: Signers) -> None:
    contract = walk(new_contract(), signers, to="sealing")
    for wrong in ({"copies": 0}, {"copies": 1000}, {"sealed_on": "2026-03-03"}):
        with pytest.raises(InvalidData):
            act(contract, "record_seal", signers.hr_admin, **{"sealed_on": "2026-03-02", "copies": 4} | wrong)
    act(contract, "record_seal", signers.hr_admin, sealed_on="2026-03-02", copies=4)
    assert "CON-21" in contract.entries.get(verb="record_seal").rules


@pytest.mark.rule("CON-22")
def test_it_takes_effect_when_both_sides_have_signed_and_not_before(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="posted")
    signed(contract, signers.hr_admin, "ours")
    with pytest.raises(Missing) as refused:
        act(contract, "take_effect", signers.hr_admin, effective_on="2026-03-02")
    assert refused.value.reasons[0].rule == "CON-22"
    signed(contract, signers.sales_ops, "theirs")
    with pytest.raises(InvalidData):
        act(contract, "take_effect", signers.hr_admin, effective_on="2026-03-01")
    act(contract, "take_effect", signers.hr_admin, effective_on="2026-03-02")
    assert (contract.state, str(contract.effective_on)) == ("effective", "2026-03-02")


@pytest.mark.rule("CON-23")
def test_it_is_archived_when_hr_and_finance_have_both_filed_it(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="effective")
    with pytest.raises(InvalidData):
        act(contract, "file", signers.hr_admin)
    act(contract, "file", signers.hr_admin, hr_archive="HR-7")
    with pytest.raises(Missing) as refused:
        act(contract, "archive", signers.hr_admin)
    assert refused.value.reasons[0].rule == "CON-23"
    with pytest.raises(NotAllowed):
        act(contract, "file", signers.sales_ops, finance_archive="CW-7")
    act(contract, "file", signers.finance, finance_archive="CW-7")
    act(contract, "archive", signers.finance)
    assert (contract.state, contract.hr_archive, contract.finance_archive) == ("archived", "HR-7", "CW-7")


@pytest.mark.rule("CON-24")
def test_sales_operations_hands_the_copy_to_the_service_department_once(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = walk(new_contract(), signers, to="effective")
    for other in (cast.specialist, signers.finance, signers.hr_admin):
        with pytest.raises(NotAllowed):
            act(contract, "copy_to_service", other, copied_on="2026-03-02")
    act(contract, "copy_to_service", signers.sales_ops, copied_on="2026-03-02")
    assert str(contract.copied_on) == "2026-03-02"
    with pytest.raises(WrongState):
        act(contract, "copy_to_service", signers.sales_ops, copied_on="2026-03-02")
