"""Who signs contracts, and a contract written through the gate.

`signers` are the people beside `cast`; `new_contract(**overrides)` drafts a contract: a new sale of 50 users of the
basic edition for CNY 100,000 by the sales manager, unless said otherwise. `by` is who drafts it. Give `business` for
another kind, and the account manager writes it; every other keyword is what the form asks for. `walk(contract,
signers, to=…)` leads it on by everybody's agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from contracts.models import Contract, Product
from people.models import Department, User
from tests.cast import act, person
from workflow.approvals.board import Board

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University


@dataclass
class Signers:
    """The people through whose hands contracts go, beside those of the service department."""

    sales_manager: User
    other_sales_manager: User
    head_of_sales: User
    sales_ops: User
    service_reviewer: User
    finance_reviewer: User
    finance: User
    rd_reviewer: User
    hr_admin: User
    vice_president: User

    def everybody(self) -> dict[str, User]:
        """The people by their parts."""
        return dict(vars(self))


def sign_on(cast: Cast) -> Signers:
    """The people, where the cast is. The account manager's department is headed by the director."""
    vice_president = person("vp", "林总", "vice_president", department="leadership")
    head = person("head", "何总监", "sales_director", "department_head", department="sales", supervisor=vice_president)
    Department.objects.filter(code="sales").update(head=head)
    Department.objects.filter(code="service").update(head=cast.director)
    return Signers(
        sales_manager=person("seller", "许经理", "sales_manager", department="sales", supervisor=head),
        other_sales_manager=person("seller2", "曹经理", "sales_manager", department="sales", supervisor=head),
        head_of_sales=head,
        sales_ops=person("ops", "沈运营", "sales_ops", department="sales_operations"),
        service_reviewer=person("reader", "邓审核", "service_reviewer"),
        finance_reviewer=person("counter", "梁财审", "finance_reviewer", department="finance"),
        finance=cast.finance,
        rd_reviewer=person("maker", "秦研审", "rd_reviewer", department="rd"),
        hr_admin=person("keeper", "蒋人事", "hr_admin", department="hr"),
        vice_president=vice_president,
    )


@pytest.fixture
def signers(cast: Cast) -> Signers:
    """The people."""
    return sign_on(cast)


def faults(refused: Any) -> dict[str, str]:
    """The reasons of a refusal by their fields."""
    return {reason.field: reason.message for reason in refused.value.reasons}


def contract_data(university: University) -> dict[str, Any]:
    """What is said when a usual contract is drafted."""
    return {
        "business": "new_sale",
        "form": "software",
        "customer": university.organisation.pk,
        "contact": university.contact.pk,
        "payer": "end_user",
        "title": "北京大学教学管理平台采购",
        "starts_on": "2026-04-01",
        "ends_on": "2027-03-31",
        "lines": [line_data()],
        "payments": [
            {"kind": "first", "share": "30", "after": "signature", "days": 15},
            {"kind": "full", "share": "70", "after": "acceptance", "days": 30},
        ],
        "promises": [
            {"lane": "licence", "title": "产品使用许可"},
            {"lane": "delivery", "title": "安装介质和文档", "due_on": "2026-04-15"},
        ],
        "summary_text": "新购教学管理平台(基础版),50 用户,一年。",
        "text": "甲方:{{甲方}}\n乙方:{{乙方}}\n合同金额:{{合同金额}}({{合同金额大写}})",
    }


def line_data(**overrides: Any) -> dict[str, Any]:
    """A line: 50 users of the basic edition for a year, for CNY 100,000."""
    return {
        "product": Product.objects.get(code="basic").pk,
        "version": "9.1",
        "users": 50,
        "purchase_mode": "annual",
        "months": 12,
        "price": "100000",
        **overrides,
    }


def writer(cast: Cast, university: University, signers: Signers) -> Callable[..., Contract]:
    """Draft a contract, as this module says."""

    def write(*, by: User | None = None, **overrides: Any) -> Contract:
        contract = Contract()
        new_sale = overrides.get("business", "new_sale") == "new_sale"
        author = by or (signers.sales_manager if new_sale else cast.account_manager)
        act(contract, "draft", author, **(contract_data(university) | overrides))
        return contract

    return write


@pytest.fixture
def new_contract(cast: Cast, university: University, signers: Signers) -> Callable[..., Contract]:
    """Draft a contract."""
    return writer(cast, university, signers)


def agree(contract: Contract, by: User, opinion: str = "同意") -> None:
    """Agree for whatever the present step asks, every item passed."""
    step = Board.of(contract).step
    items = step.checks if step is not None else []
    act(contract, "agree", by, opinion=opinion, **{f"verdict_{n}": "pass" for n, _ in enumerate(items)})
    Board.forget(contract)


def walk(contract: Contract, signers: Signers, *, to: str) -> Contract:  # noqa: C901 - a step for each state
    """Lead a contract on, everybody agreeing, until it stands in a state."""
    while contract.state != to:
        Board.forget(contract)
        state, author = contract.state, contract.handler
        paper = signers.sales_ops if contract.business == "new_sale" else author
        if state in {"draft", "returned"}:
            act(contract, "hand_in" if contract.by_way_of_sales_ops else "submit", author)
        elif state == "with_sales_ops":
            act(contract, "pass_on", signers.sales_ops)
        elif state in {"in_review", "head_approval", "leader_approval"}:
            agree(contract, _next(contract))
        elif state == "customer_agreement":
            act(contract, "record_agreement", author, agreed_on="2026-03-02", agreed_by="张老师")
        elif state == "approved":
            act(contract, "print_papers", signers.hr_admin)
            act(contract, "have_sealed", paper)
        elif state == "sealing":
            act(contract, "record_seal", signers.hr_admin, sealed_on="2026-03-02", copies=4)
            act(contract, "post", paper, posted_on="2026-03-02", courier="顺丰", waybill="SF1000000001")
        elif state == "posted":
            for side, name in (("ours", "林总"), ("theirs", "校长")):
                act(contract, "record_signature", paper, side=side, signed_on="2026-03-02", signed_by=name)
            act(contract, "take_effect", paper, effective_on="2026-03-02")
        elif state == "effective":
            act(contract, "file", signers.hr_admin, hr_archive="HR-1", finance_archive="CW-1")
            act(contract, "archive", signers.hr_admin)
        else:
            msg = f"from {state} no way leads to {to}"
            raise ValueError(msg)
    Board.forget(contract)
    return contract


def _next(contract: Contract) -> User:
    """Somebody whose decision is awaited."""
    seat = Board.of(contract).deciding[0]
    if seat.user is not None:
        return seat.user
    return User.objects.staff().filter(roles__code=seat.role).exclude(pk=contract.handler_id or 0).order_by("pk")[0]
