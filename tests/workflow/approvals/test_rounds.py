"""A version goes through its steps: who agrees, how many of them, and what a decision against it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.workflow.approvals.conftest import say, seats, steps, submitted, the_round
from workflow.models import Opinion, Version
from workflow.refusals import InvalidData, Missing, NotAllowed, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import Checklist, ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_steps_are_decided_on_in_turn_and_the_last_one_approves(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", ["service_reviewer"], "any"), ("head", [signers.head], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    assert contract.state == "in_review"
    say(contract, "agree", signers.service, opinion="可以")
    assert contract.state == "head_approval"
    say(contract, "agree", signers.head)
    assert contract.state == "leader_approval"
    say(contract, "agree", signers.vice)
    assert contract.state == "approved"
    assert the_round(contract).outcome == "passed"
    told = Opinion.objects.order_by("pk").values_list("by__username", "decision", "version__number")
    assert list(told) == [
        ("service_reviewer", "agreed", 1),
        ("sales_head", "agreed", 1),
        ("vice", "agreed", 1),
    ]


def test_nobody_decides_before_their_turn(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", ["service_reviewer"], "any"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    for user in (signers.vice, signers.outsider, signers.finance, signers.author):
        with pytest.raises(NotAllowed):
            say(contract, "agree", user)
    assert contract.state == "in_review"


def test_where_the_first_decides_the_others_are_told_who_it_was(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service, signers.other_service], "any"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "agree", signers.service)
    assert contract.state == "leader_approval"
    with pytest.raises(NotAllowed, match="高审核"):
        say(contract, "agree", signers.other_service)
    assert Opinion.objects.count() == 1


def test_where_all_agree_one_is_not_enough(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service, signers.finance], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "agree", signers.finance)
    assert contract.state == "in_review"
    assert seats(contract) == [("高审核", "policy")]
    say(contract, "agree", signers.service)
    assert contract.state == "leader_approval"


def test_a_vote_passes_with_its_number_and_fails_when_it_cannot_be_reached(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    three = [signers.service, signers.finance, signers.rd]
    policy(("review", three, "vote", 2))
    submitted(contract, signers.author)
    say(contract, "reject", signers.service, opinion="不合适")
    assert contract.state == "in_review"
    say(contract, "agree", signers.finance)
    assert contract.state == "in_review"
    say(contract, "reject", signers.rd, opinion="技术上不可行")
    assert contract.state == "rejected"


def test_a_vote_needs_no_more_than_its_number(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service, signers.finance, signers.rd], "vote", 2))
    submitted(contract, signers.author)
    say(contract, "reject", signers.service, opinion="不合适")
    say(contract, "agree", signers.finance)
    say(contract, "agree", signers.rd)
    assert contract.state == "approved"


def test_a_refusal_is_never_counted_as_an_agreement(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service, signers.finance], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "agree", signers.service)
    say(contract, "reject", signers.finance, opinion="付款没有保障")
    assert contract.state == "rejected"
    assert steps(contract) == [("review1", "rejected"), ("leader2", "dropped")]
    with pytest.raises((NotAllowed, WrongState)):
        say(contract, "agree", signers.vice)


@pytest.mark.rule("CON-20")
def test_what_was_sent_back_comes_back_as_a_new_version_and_is_asked_of_everybody_again(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "agree", signers.service)
    say(contract, "send_back", signers.vice, opinion="价格太低")
    assert contract.state == "returned"
    submitted(contract, signers.author)
    assert contract.state == "in_review"
    assert seats(contract) == [("高审核", "policy")]
    assert list(Version.objects.values_list("number", flat=True)) == [1, 2]
    assert list(Opinion.objects.order_by("pk").values_list("version__number", flat=True)) == [1, 1]


def test_it_can_be_sent_back_to_an_earlier_step_which_is_gone_through_again(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(
        ("review", [signers.service], "all"), ("review", [signers.finance], "all"), ("leader", [signers.vice], "all")
    )
    submitted(contract, signers.author)
    say(contract, "agree", signers.service)
    say(contract, "agree", signers.finance)
    first = the_round(contract).steps.get(position=1)
    say(contract, "send_back", signers.vice, opinion="服务条款请再看", back_to=first.pk)
    assert contract.state == "in_review"
    assert seats(contract) == [("高审核", "policy")]
    assert Version.objects.count() == 1
    say(contract, "agree", signers.service)
    say(contract, "agree", signers.finance)
    say(contract, "agree", signers.vice)
    assert contract.state == "approved"
    assert [code for code, _outcome in steps(contract)] == ["review1", "review2", "leader3"] * 2


def test_a_step_that_is_yet_to_come_is_no_place_to_send_it_back_to(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    later = the_round(contract).steps.get(position=2)
    with pytest.raises(InvalidData):
        say(contract, "send_back", signers.service, opinion="？", back_to=later.pk)


def test_who_is_against_says_why(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    for verb in ("send_back", "reject"):
        with pytest.raises(InvalidData):
            say(contract, verb, signers.service, opinion="  ")
    assert contract.state == "in_review"


def test_a_concern_stands_against_an_agreement(
    contract: Contract, signers: Signers, policy: Policy, checklist: Checklist
) -> None:
    policy(("review", [signers.service], "all"), checklists=["two"])
    submitted(contract, signers.author)
    concern: Any = {"verdict_0": "pass", "verdict_1": "concern", "comment_1": "没有写明"}
    with pytest.raises(InvalidData):
        say(contract, "agree", signers.service, **concern)
    with pytest.raises(InvalidData):
        say(contract, "agree", signers.service, verdict_0="pass")
    say(contract, "send_back", signers.service, opinion="见说明", **concern)
    assert Opinion.objects.get().answers == {
        "two.price": {"verdict": "pass", "comment": ""},
        "two.terms": {"verdict": "concern", "comment": "没有写明"},
    }


def test_an_author_withdraws_what_nobody_has_decided_on(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "withdraw", signers.author)
    assert contract.state == "draft"
    with pytest.raises((NotAllowed, WrongState)):
        say(contract, "agree", signers.service)
    submitted(contract, signers.author)
    assert Version.objects.count() == 1, "nothing was written since: it is the same version"
    say(contract, "agree", signers.service)
    with pytest.raises(Missing):
        say(contract, "withdraw", signers.author)


def test_what_was_read_is_what_is_decided_on(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    seen = the_round(contract).version.digest
    with pytest.raises(InvalidData):
        say(contract, "agree", signers.service, seen="0" * 64)
    say(contract, "agree", signers.service, seen=seen)
    assert contract.state == "approved"


def test_what_was_changed_past_the_gate_is_not_agreed_with(
    contract: Contract, signers: Signers, policy: Policy, django_assert_num_queries: Any
) -> None:
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    type(contract).objects.filter(pk=contract.pk).update(wording="第一条 续签十年。")
    with pytest.raises(Missing):
        say(contract, "agree", signers.service)
