"""Amendments, renewals and the end of contracts (CON-11, CON-25, CON-26, CON-27)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from contracts import services
from contracts.models import Contract
from customers.models import Organisation
from tests.cast import act
from tests.contracts.conftest import faults, line_data, walk
from workflow.approvals import routes
from workflow.refusals import InvalidData, Missing, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University
    from tests.contracts.conftest import Signers

pytestmark = pytest.mark.usefixtures("held_clock")
CONSENT = {"agreed_on": "2026-03-02", "agreed_by": "张老师"}


@pytest.fixture
def archived(new_contract: Callable[..., Contract], signers: Signers) -> Contract:
    """A new sale in the archive."""
    return walk(new_contract(), signers, to="archived")


def begin(by: Any, **said: Any) -> Contract:
    """A contract that begins with another; what is not said is the other's."""
    contract = Contract()
    act(contract, "draft", by, **said)
    return contract


def handed_in(amendment: Contract, signers: Signers, **classified: Any) -> Contract:
    """Consented to, with sales operations, and classified."""
    act(amendment, "record_consent", amendment.handler, **CONSENT)
    act(amendment, "write", amendment.handler, summary_text="用户数增加到 500")
    act(amendment, "hand_in", amendment.handler)
    act(amendment, "classify", signers.sales_ops, **classified)
    return amendment


@pytest.mark.rule("CON-25")
def test_an_amendment_begins_with_the_content_of_the_contract_that_it_changes(
    archived: Contract, signers: Signers
) -> None:
    amendment = begin(signers.sales_manager, amends=archived.pk)
    assert amendment.amends == archived
    assert amendment.title == f"{archived.title} 补充协议"
    assert (amendment.form, amendment.business, amendment.customer) == ("supplement", "new_sale", archived.customer)
    assert amendment.amount == archived.amount
    assert amendment.payments.count() == archived.payments.count()
    assert getattr(amendment.template, "code", "") == "supplement"
    assert archived.number in amendment.full_text


@pytest.mark.rule("CON-25")
def test_without_the_other_partys_consent_an_amendment_goes_nowhere(archived: Contract, signers: Signers) -> None:
    amendment = begin(signers.sales_manager, amends=archived.pk, summary_text="修订")
    with pytest.raises(Missing) as refused:
        act(amendment, "hand_in", signers.sales_manager)
    assert refused.value.reasons[0].rule == "CON-25"
    act(amendment, "record_consent", signers.sales_manager, **CONSENT)
    act(amendment, "hand_in", signers.sales_manager)
    assert amendment.state == "with_sales_ops"


@pytest.mark.rule("CON-25")
def test_amendments_of_every_kind_go_by_way_of_sales_operations_which_may_write_them_too(
    new_contract: Callable[..., Contract], signers: Signers
) -> None:
    resale = walk(new_contract(business="more_users"), signers, to="effective")
    amendment = begin(signers.sales_ops, amends=resale.pk)
    assert amendment.by_way_of_sales_ops
    assert amendment.handler == signers.sales_ops
    with pytest.raises(InvalidData):
        begin(signers.sales_ops, renews=resale.pk)


@pytest.mark.rule("CON-26")
def test_sales_operations_classifies_the_change_before_it_passes_it_on(archived: Contract, signers: Signers) -> None:
    amendment = begin(signers.sales_manager, amends=archived.pk, summary_text="修订")
    act(amendment, "record_consent", signers.sales_manager, **CONSENT)
    act(amendment, "hand_in", signers.sales_manager)
    with pytest.raises(Missing) as refused:
        act(amendment, "pass_on", signers.sales_ops)
    assert refused.value.reasons[0].rule == "CON-26"
    with pytest.raises(NotAllowed):
        act(amendment, "classify", signers.sales_manager, change="minor", change_departments=["service"])
    with pytest.raises(InvalidData) as nobody:
        act(amendment, "classify", signers.sales_ops, change="minor")
    assert list(faults(nobody)) == ["change_departments"]


@pytest.mark.rule("CON-26")
@pytest.mark.parametrize(
    ("classified", "steps"),
    [
        ({"change": "major"}, ["service", "finance", "customer", "head", "leader"]),
        (
            {"change": "major", "change_departments": ["rd"]},
            ["service", "finance", "rd", "customer", "head", "leader"],
        ),
        ({"change": "minor", "change_departments": ["finance"]}, ["finance", "customer", "head", "leader"]),
        ({"change": "minor", "change_departments": ["rd", "service"]}, ["service", "rd", "customer", "head", "leader"]),
    ],
)
def test_a_major_change_is_reviewed_in_full_a_minor_one_by_the_departments_concerned(
    archived: Contract, signers: Signers, classified: dict[str, Any], steps: list[str]
) -> None:
    amendment = handed_in(begin(signers.sales_manager, amends=archived.pk), signers, **classified)
    plan = routes.plan(amendment)
    assert [step.code for step in plan.steps] == steps
    assert plan.policy.rule == "CON-26"


@pytest.mark.rule("CON-27")
def test_an_amendment_that_has_passed_is_archived_and_its_terms_are_the_contracts_present_ones(
    archived: Contract, signers: Signers
) -> None:
    amendment = begin(signers.sales_manager, amends=archived.pk, lines=[line_data(users=500, price="55000")])
    handed_in(amendment, signers, change="minor", change_departments=["finance"])
    assert services.present_terms(services.followers(archived)[0]) is None
    walk(amendment, signers, to="archived")
    assert (amendment.hr_archive, amendment.finance_archive) == ("HR-1", "CW-1")
    present = services.present_terms(services.followers(archived)[0])
    assert present == amendment
    assert present.amount == 55000
    archived.refresh_from_db()
    assert archived.amount == 100000


@pytest.mark.rule("CON-25")
def test_what_is_not_in_force_or_another_customers_or_out_of_sight_is_not_amended(
    new_contract: Callable[..., Contract], archived: Contract, signers: Signers, university: University, cast: Cast
) -> None:
    draft = new_contract()
    other = Organisation.objects.create(name="清华大学", region=university.region)
    with pytest.raises(InvalidData) as refused:
        begin(signers.sales_manager, amends=draft.pk, customer=university.organisation.pk, business="new_sale")
    assert "amends" in faults(refused)
    with pytest.raises(InvalidData) as refused:
        begin(signers.sales_manager, amends=archived.pk, customer=other.pk)
    assert "amends" in faults(refused)
    with pytest.raises(InvalidData) as refused:
        begin(signers.other_sales_manager, amends=archived.pk)
    assert "amends" in faults(refused)
    with pytest.raises(InvalidData) as refused:
        begin(signers.sales_manager, amends=archived.pk, renews=archived.pk)
    assert "renews" in faults(refused)


@pytest.mark.rule("CON-11")
def test_a_renewal_is_written_from_the_earlier_contract_and_begins_where_that_ends(
    archived: Contract, cast: Cast, signers: Signers
) -> None:
    act(archived, "copy_to_service", signers.sales_ops, copied_on="2026-03-02")
    renewal = begin(cast.account_manager, renews=archived.pk)
    assert (renewal.business, renewal.renews, renewal.form) == ("annual_renewal", archived, "software")
    assert (str(renewal.starts_on), str(renewal.ends_on)) == ("2027-04-01", "2028-03-31")
    assert [row.price for row in renewal.lines.all()] == [100000]
    assert [str(row.due_on) for row in renewal.promises.all() if row.due_on] == ["2027-04-15"]
    assert getattr(renewal.template, "code", "") == "renewal"
    assert [step.code for step in routes.plan(renewal).steps] == ["head", "leader"]


def test_a_renewal_does_not_repeat_the_tender_and_the_development_of_the_first_sale(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    sold = new_contract(tender=True, develops=True, development="对接教务系统")
    renewal = begin(cast.account_manager, renews=walk(sold, signers, to="effective").pk)
    assert (renewal.tender, renewal.develops, renewal.development) == (False, False, "")
    assert [step.code for step in routes.plan(renewal).steps] == ["head", "leader"]


def test_what_was_bought_out_is_renewed_by_its_yearly_service_fee(
    new_contract: Callable[..., Contract], signers: Signers, cast: Cast
) -> None:
    bought = walk(
        new_contract(lines=[line_data(purchase_mode="buyout", months=None)], starts_on="2024-02-29", ends_on=""),
        signers,
        to="effective",
    )
    renewal = begin(cast.account_manager, renews=bought.pk)
    assert renewal.business == "service_fee"
    assert renewal.starts_on is None


def test_a_contract_in_force_is_ended_by_leaders_with_a_reason(
    archived: Contract, signers: Signers, cast: Cast
) -> None:
    with pytest.raises(NotAllowed):
        act(archived, "terminate", signers.sales_manager, reason="x", terminated_on="2026-03-02")
    with pytest.raises(InvalidData):
        act(archived, "terminate", cast.director, reason=" ", terminated_on="2026-03-02")
    act(archived, "terminate", cast.director, reason="用户撤项", terminated_on="2026-03-31")
    assert archived.state == "terminated"
    assert not archived.is_open
