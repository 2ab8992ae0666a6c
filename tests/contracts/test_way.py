"""The way of a contract to its approval: who passes it on, who reviews, who agrees (CON-03 to CON-18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts.models import Risk
from tests.cast import act
from tests.contracts.conftest import agree, walk
from workflow.approvals import routes
from workflow.approvals.board import Board
from workflow.models import Checklist, ReviewPolicy
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.cast import Cast
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.usefixtures("held_clock")
FULL = ["service", "finance", "customer", "head", "leader"]


def steps(contract: Contract) -> list[str]:
    """The steps that a contract will go through, as it is now."""
    return [step.code for step in routes.plan(contract).steps]


@pytest.mark.rule("CON-03")
def test_a_new_sale_is_handed_to_sales_operations_and_submitted_by_nobody_directly(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = new_contract()
    with pytest.raises(WrongState):
        act(contract, "submit", signers.sales_manager)
    act(contract, "hand_in", signers.sales_manager)
    assert contract.state == "with_sales_ops"
    assert not contract.rounds.exists()


@pytest.mark.rule("CON-04")
def test_sales_operations_passes_it_on_in_turn_to_service_and_finance_and_nobody_else_does(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = walk(new_contract(), signers, to="with_sales_ops")
    for other in (signers.sales_manager, cast.director, signers.finance_reviewer):
        with pytest.raises(NotAllowed) as refused:
            act(contract, "pass_on", other)
        assert refused.value.reasons[0].rule == "CON-04"
    act(contract, "pass_on", signers.sales_ops)
    assert [step.code for step in Board.of(contract).steps] == FULL
    assert getattr(Board.of(contract).step, "code", "") == "service"
    with pytest.raises(NotAllowed):
        act(contract, "agree", signers.finance_reviewer, opinion="x")
    agree(contract, signers.service_reviewer)
    assert getattr(Board.of(contract).step, "code", "") == "finance"


@pytest.mark.rule("CON-04")
def test_what_is_not_fit_to_be_passed_on_goes_back_to_its_author_with_a_reason(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="with_sales_ops")
    act(contract, "hand_back", signers.sales_ops, reason="摘要太短")
    assert contract.state == "returned"
    act(contract, "write", signers.sales_manager, summary_text="详细的摘要")
    act(contract, "hand_in", signers.sales_manager)


@pytest.mark.rule("CON-05")
@pytest.mark.parametrize("business", ["new_sale", "more_products"])
def test_with_product_or_custom_development_rd_reviews_as_well_and_without_it_does_not(
    new_contract: Callable[..., Contract], business: str
) -> None:
    assert steps(new_contract(business=business)) == FULL
    assert steps(new_contract(business=business, develops=True)) == ["service", "finance", "rd", *FULL[2:]]


@pytest.mark.rule("CON-06")
def test_approval_begins_only_when_the_customer_agrees_and_that_is_written_down_by_the_author(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="customer_agreement")
    with pytest.raises(NotAllowed):
        act(contract, "record_agreement", signers.head_of_sales, agreed_on="2026-03-02", agreed_by="张老师")
    with pytest.raises(InvalidData):
        act(contract, "record_agreement", signers.sales_manager, agreed_on="2026-03-03", agreed_by="张老师")
    with pytest.raises(NotAllowed):
        act(contract, "agree", signers.head_of_sales, opinion="同意")
    act(contract, "record_agreement", signers.sales_manager, agreed_on="2026-03-02", agreed_by="张老师")
    assert contract.state == "head_approval"
    assert (str(contract.agreed_on), contract.agreed_by) == ("2026-03-02", "张老师")


@pytest.mark.rule("CON-06")
@pytest.mark.rule("CON-20")
def test_what_the_customer_wants_otherwise_is_written_anew_and_reviewed_anew(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="customer_agreement")
    act(contract, "record_objection", signers.sales_manager, text="付款太早")
    assert contract.state == "returned"
    act(contract, "write", signers.sales_manager, services="每季度巡检")
    walk(contract, signers, to="in_review")
    assert [version.number for version in contract.versions.all()] == [1, 2]
    assert getattr(Board.of(contract).step, "code", "") == "service"
    assert contract.agreed_on is None


@pytest.mark.rule("CON-08")
def test_after_review_the_authors_head_and_then_the_vice_president_approve(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = walk(new_contract(), signers, to="head_approval")
    for other in (signers.vice_president, cast.director, signers.sales_manager, signers.other_sales_manager):
        with pytest.raises(NotAllowed):
            act(contract, "agree", other, opinion="同意")
    agree(contract, signers.head_of_sales)
    assert contract.state == "leader_approval"
    with pytest.raises(NotAllowed):
        act(contract, "agree", signers.head_of_sales, opinion="同意")
    agree(contract, signers.vice_president)
    assert contract.state == "approved"
    assert contract.approved_at is not None


@pytest.mark.rule("CON-12")
@pytest.mark.parametrize("business", ["more_products", "more_users"])
def test_a_resale_is_submitted_by_the_account_manager_directly(
    new_contract: Callable[..., Contract], cast: Cast, signers: Signers, business: str
) -> None:
    contract = new_contract(business=business)
    with pytest.raises(WrongState):
        act(contract, "hand_in", cast.account_manager)
    with pytest.raises(NotAllowed):
        act(contract, "submit", signers.sales_ops)
    act(contract, "submit", cast.account_manager)
    assert contract.state == "in_review"
    assert [step.code for step in Board.of(contract).steps] == FULL
    assert "CON-12" in contract.entries.get(verb="submit").rules


@pytest.mark.rule("CON-14")
@pytest.mark.parametrize("business", ["annual_renewal", "service_product", "service_fee"])
def test_three_kinds_go_a_short_way_that_says_why(
    new_contract: Callable[..., Contract], cast: Cast, signers: Signers, business: str
) -> None:
    contract = new_contract(business=business)
    plan = routes.plan(contract)
    assert [step.code for step in plan.steps] == ["head", "leader"]
    assert plan.policy.rule == "CON-14"
    assert "不必走全部审核" in plan.policy.reason_zh
    act(contract, "submit", cast.account_manager)
    assert contract.state == "head_approval"
    assert [place.user for place in plan.steps[0].places] == [cast.director]
    walk(contract, signers, to="approved")


@pytest.mark.rule("CON-05", "CON-14")
def test_a_short_way_on_which_something_is_developed_leads_by_way_of_rd(
    new_contract: Callable[..., Contract], cast: Cast, signers: Signers
) -> None:
    contract = new_contract(business="annual_renewal", develops=True, development="对接教务系统")
    assert steps(contract) == ["rd", "head", "leader"]
    act(contract, "submit", cast.account_manager)
    assert contract.state == "in_review"
    walk(contract, signers, to="head_approval")
    assert contract.entries.get(verb="agree").actor == signers.rd_reviewer


@pytest.mark.rule("CON-14")
@pytest.mark.parametrize("business", ["new_sale", "more_products", "more_users"])
def test_no_other_kind_goes_the_short_way(new_contract: Callable[..., Contract], business: str) -> None:
    assert steps(new_contract(business=business)) == FULL


@pytest.mark.rule("CON-14")
def test_an_administrator_can_have_the_short_kinds_reviewed_in_full(new_contract: Callable[..., Contract]) -> None:
    ReviewPolicy.objects.filter(rule="CON-14").update(active=False)
    assert steps(new_contract(business="annual_renewal")) == FULL


@pytest.mark.parametrize(
    ("code", "count"),
    [
        pytest.param("general", 6, marks=pytest.mark.rule("CON-15")),
        pytest.param("finance", 6, marks=pytest.mark.rule("CON-16")),
        pytest.param("service", 8, marks=pytest.mark.rule("CON-17")),
        pytest.param("rd", 6, marks=pytest.mark.rule("CON-18")),
    ],
)
def test_reviewers_go_through_the_handbooks_items(
    new_contract: Callable[..., Contract], signers: Signers, code: str, count: int
) -> None:
    assert Checklist.objects.get(code=code).items.filter(active=True).count() == count
    contract = walk(new_contract(develops=True), signers, to="in_review")
    asked = {step.code: {item["list"] for item in step.checks} for step in Board.of(contract).steps}
    assert code in asked["service" if code == "general" else code]


@pytest.mark.rule("CON-15")
@pytest.mark.rule("CON-17")
def test_nobody_passes_a_contract_with_an_item_unanswered_or_a_concern(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract = walk(new_contract(), signers, to="in_review")
    verdicts = {f"verdict_{n}": "pass" for n in range(14)}
    for wrong in ({"verdict_13": ""}, {"verdict_2": "concern", "comment_2": "产能不足"}):
        with pytest.raises(InvalidData):
            act(contract, "agree", signers.service_reviewer, opinion="同意", **verdicts | wrong)
    act(contract, "agree", signers.service_reviewer, opinion="同意", **verdicts | {"verdict_13": "na"})


# --- risks ------------------------------------------------------------------------------------------------------------
@pytest.mark.rule("CON-15")
def test_a_reviewer_names_a_risk_and_approval_waits_until_it_is_controlled(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    contract = walk(new_contract(), signers, to="in_review")
    for nobody in (signers.sales_manager, cast.engineer, signers.hr_admin):
        with pytest.raises(NotAllowed):
            act(contract, "name_risk", nobody, risk="汇率", level="low")
    act(contract, "name_risk", signers.service_reviewer, risk="客户机房未建成", level="high")
    act(contract, "name_risk", signers.finance_reviewer, risk="付款慢", level="low", control="首付后交付")
    walk(contract, signers, to="customer_agreement")
    with pytest.raises(Missing) as refused:
        act(contract, "record_agreement", signers.sales_manager, agreed_on="2026-03-02", agreed_by="张老师")
    (reason,) = refused.value.reasons
    assert reason.rule == "CON-15"
    assert "客户机房未建成" in reason.message
    risk = Risk.objects.get(control="")
    act(contract, "control_risk", signers.sales_manager, risk=risk.pk, control="先用虚拟平台")
    risk.refresh_from_db()
    assert (risk.control, risk.controlled_by) == ("先用虚拟平台", signers.sales_manager)
    walk(contract, signers, to="approved")


@pytest.mark.rule("CON-15")
def test_a_risk_says_what_and_how_grave_and_another_contracts_is_not_controlled_here(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    contract, other = (walk(new_contract(), signers, to="in_review") for _n in range(2))
    for wrong in ({"risk": "", "level": "low"}, {"risk": "x", "level": "huge"}, {"risk": "x" * 301, "level": "low"}):
        with pytest.raises(InvalidData):
            act(contract, "name_risk", signers.service_reviewer, **wrong)
    act(contract, "name_risk", signers.service_reviewer, risk="甲", level="low")
    act(other, "name_risk", signers.service_reviewer, risk="乙", level="low")
    with pytest.raises(InvalidData):
        act(contract, "control_risk", signers.sales_manager, risk=Risk.objects.get(risk="乙").pk, control="x")


@pytest.mark.rule("CON-20")
def test_somebody_is_renamed_while_it_is_reviewed_and_what_is_reviewed_stays(
    new_contract: Callable[..., Contract], signers: Signers, university: Any
) -> None:
    contract = walk(new_contract(text=""), signers, to="in_review")
    before = contract.full_text
    university.contact.name = "张教授"
    university.contact.save()
    university.organisation.name = "北京大学（新）"
    university.organisation.save()
    contract.refresh_from_db()
    assert contract.full_text == before
    agree(contract, signers.service_reviewer)
    assert contract.content()["customer"] == "北京大学"
