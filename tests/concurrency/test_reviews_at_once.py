"""Many decide at the same moment: what they leave is what some order of them would leave."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from contracts.models import Contract
from people.actors import Actor
from tests.cast import person
from tests.concurrency.at_once import at_once, sorted_out
from tests.workflow.approvals.conftest import contract, policy, signers, submitted, the_round
from workflow.engine import perform
from workflow.models import Opinion, Seat
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

__all__ = ("contract", "policy", "signers")
pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20
REFUSALS = (NotAllowed, WrongState, Missing, InvalidData)


@pytest.fixture
def many(signers: Signers) -> list[User]:
    """Twenty reviewers."""
    return [person(f"reviewer{n}", f"审核{n}", "rd_reviewer", department="rd") for n in range(MANY)]


def whole() -> bool:
    call_command("verify_timeline", stdout=StringIO())
    return True


def decides(of: Contract, users: list[User], verb: Callable[[int], str]) -> Callable[[int], Any]:
    def one(n: int) -> Any:
        return perform(
            Contract.objects.get(pk=of.pk),
            verb(n),
            actor=Actor(users[n]),
            data={"opinion": f"意见{n}", "ground": "price"},
        )

    return one


def test_of_twenty_of_whom_one_would_do_exactly_one_decides(
    contract: Contract, signers: Signers, policy: Policy, many: list[User]
) -> None:
    policy(("review", many, "any"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    done, refused = sorted_out(at_once(MANY, decides(contract, many, lambda _: "agree")), *REFUSALS)
    contract.refresh_from_db()
    assert (len(done), len(refused)) == (1, MANY - 1)
    assert contract.state == "leader_approval"
    assert Opinion.objects.count() == 1
    winner = Opinion.objects.get().by
    assert all(str(winner) in str(refusal) for refusal in refused), "each is told by whom it was decided"
    assert Seat.objects.filter(outcome="moot").count() == MANY - 1
    assert whole()


def test_of_twenty_who_all_have_to_agree_nobody_is_lost(
    contract: Contract, signers: Signers, policy: Policy, many: list[User]
) -> None:
    policy(("review", many, "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    done, refused = sorted_out(at_once(MANY, decides(contract, many, lambda _: "agree")), *REFUSALS)
    contract.refresh_from_db()
    assert (len(done), len(refused)) == (MANY, 0)
    assert contract.state == "leader_approval"
    assert Opinion.objects.filter(decision="agreed").count() == MANY
    assert Seat.objects.filter(step__code="leader2").count() == 1, "the next step began once"
    assert whole()


def test_twenty_who_agree_send_back_and_reject_at_once_leave_what_some_order_of_them_would(
    contract: Contract, signers: Signers, policy: Policy, many: list[User]
) -> None:
    policy(("review", many, "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    verbs = ["agree", "agree", "send_back", "reject"]
    done, refused = sorted_out(at_once(MANY, decides(contract, many, lambda n: verbs[n % 4])), *REFUSALS)
    contract.refresh_from_db()
    said = list(Opinion.objects.order_by("entry__seq").values_list("decision", flat=True))
    assert len(done) == len(said)
    assert len(done) + len(refused) == MANY
    assert set(said[:-1]) <= {"agreed"}, "whatever came after the first one against it was refused"
    assert {"returned": "returned", "rejected": "rejected"}[said[-1]] == contract.state
    assert the_round(contract).outcome == said[-1]
    assert whole()


def test_a_withdrawal_and_a_decision_at_once_are_one_of_the_two(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    acts = [("withdraw", signers.author), ("agree", signers.service)]
    done, refused = sorted_out(
        at_once(2, lambda n: perform(Contract.objects.get(pk=contract.pk), acts[n][0], actor=Actor(acts[n][1]))),
        *REFUSALS,
    )
    contract.refresh_from_db()
    assert (len(done), len(refused)) == (1, 1)
    assert (contract.state, Opinion.objects.count()) in {("draft", 0), ("leader_approval", 1)}


def test_the_same_decision_sent_twenty_times_is_one(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)

    def once(_n: int) -> Any:
        return perform(Contract.objects.get(pk=contract.pk), "agree", actor=Actor(signers.service), key="double click")

    done, _refused = sorted_out(at_once(MANY, once))
    assert len({entry.pk for entry in done}) == 1
    assert Opinion.objects.count() == 1
