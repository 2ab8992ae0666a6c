"""People who decide, a contract to decide on, and review policies of a test's own making."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from contracts.models import Contract
from core import clock
from people.actors import Actor
from people.models import Department, User
from tests.cast import act, person
from workflow.engine import perform
from workflow.models import Checklist, ChecklistItem, Entry, PolicyStep, ReviewPolicy, Round, Seat, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University


@dataclass
class Signers:
    """Who writes, reviews and approves."""

    author: User
    ops: User
    service: User
    other_service: User
    finance: User
    rd: User
    head: User
    vice: User
    outsider: User
    admin: User


@pytest.fixture
def signers(cast: Cast) -> Signers:
    """One of each, two for the service department."""
    head = person("sales_head", "马总监", "sales_director", department="sales")
    Department.objects.filter(code="sales").update(head=head)
    return Signers(
        author=person("seller", "林销售", "sales_manager", department="sales", supervisor=head),
        ops=person("ops", "何运营", "sales_ops", department="sales_operations"),
        service=person("service_reviewer", "高审核", "service_reviewer", supervisor=cast.director),
        other_service=person("service_reviewer2", "罗审核", "service_reviewer", supervisor=cast.director),
        finance=person("finance_reviewer", "梁财审", "finance_reviewer", department="finance"),
        rd=person("rd_reviewer", "宋研审", "rd_reviewer", department="rd"),
        head=head,
        vice=person("vice", "唐副总", "vice_president", department="leadership"),
        outsider=cast.engineer,
        admin=cast.admin,
    )


Policy = "Callable[..., ReviewPolicy]"


@pytest.fixture
def policy(signers: Signers) -> Callable[..., ReviewPolicy]:
    """Make the one policy in force: steps are told as (stage, parties or people, mode[, needed])."""

    def made(*steps: Any, keeper: User | None = None, **step: Any) -> ReviewPolicy:
        ReviewPolicy.objects.update(active=False)
        found = ReviewPolicy.objects.create(kind="contract", name_zh="评审", name_en="Review", keeper=keeper)
        for position, (stage, who, mode, *needed) in enumerate(steps, start=1):
            row = PolicyStep.objects.create(
                policy=found,
                position=position,
                code=f"{stage}{position}",
                stage=stage,
                name_zh=f"第{position}步",
                name_en=f"Step {position}",
                mode=mode,
                needed=needed[0] if needed else None,
                parties=[each for each in who if isinstance(each, str)],
                **step,
            )
            row.people.set([each for each in who if isinstance(each, User)])
        return found

    return made


@pytest.fixture
def checklist(db: None) -> Checklist:
    """Two questions."""
    made = Checklist.objects.create(code="two", name_zh="两项", name_en="Two", rule="CON-16")
    for position, (code, zh, en) in enumerate(
        (("price", "价格合理", "Price"), ("terms", "条款明确", "Terms")), start=1
    ):
        ChecklistItem.objects.create(checklist=made, code=code, position=position, text_zh=zh, text_en=en)
    return made


@pytest.fixture
def contract(held_clock: Any, signers: Signers, university: University) -> Contract:
    """A written contract of the author's that goes straight to review: an annual renewal."""
    at = clock.now()
    made = Contract(
        kind="contract",
        number="HT-20260302-0001",
        title="年费续签",
        customer=university.organisation,
        handler=signers.author,
        business="annual_renewal",
        form="memo",
        text="第一条 续签一年。",
        summary_text="续签",
        state="draft",
        created_at=at,
        updated_at=at,
    )
    made.save()
    return made


def say(contract: Contract, verb: str, user: User, *, on_behalf_of: User | None = None, **said: Any) -> Entry:
    """Perform a verb on the contract as it is now, and know its new state. A decision against is about the price."""
    if verb in {"send_back", "reject"}:
        said = {"ground": "price", **said}
    fresh = Contract.objects.get(pk=contract.pk)
    entry = perform(fresh, verb, actor=Actor(user, on_behalf_of), data=said)
    contract.refresh_from_db()
    return entry


def submitted(contract: Contract, author: User) -> Contract:
    """The contract with its first step begun."""
    say(contract, "submit", author)
    return contract


def seats(contract: Contract) -> list[tuple[str, str]]:
    """Whose seats wait, in order, and how each came about."""
    rows = Seat.objects.filter(step__round__record=contract, step__outcome="open", outcome="").order_by("id")
    return [(str(row), row.origin) for row in rows.select_related("user")]


def the_round(contract: Contract) -> Round:
    """The last round."""
    return Round.objects.filter(record=contract).latest("number")


def steps(contract: Contract) -> list[tuple[str, str]]:
    """The steps of the last round and what became of them."""
    return list(Step.objects.filter(round=the_round(contract)).values_list("code", "outcome"))


__all__ = ("Signers", "act", "say", "seats", "steps", "submitted", "the_round")
