"""Seats are handed over, asked about, added to and taken off; the author never gets one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.workflow.approvals.conftest import say, seats, submitted
from workflow.models import Entry, Opinion, Seat
from workflow.refusals import InvalidData, Missing, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def under_review(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    return submitted(contract, signers.author)


def test_who_hands_a_seat_over_is_out_and_the_other_decides(under_review: Contract, signers: Signers) -> None:
    say(under_review, "transfer", signers.service, person=signers.other_service.pk, reason="出差")
    assert seats(under_review) == [("罗审核", "transferred")]
    with pytest.raises(NotAllowed):
        say(under_review, "agree", signers.service)
    say(under_review, "agree", signers.other_service)
    assert under_review.state == "leader_approval"


def test_a_seat_is_not_handed_to_the_author_nor_to_somebody_who_left(under_review: Contract, signers: Signers) -> None:
    signers.finance.is_active = False
    signers.finance.save()
    for person in (signers.author, signers.finance):
        with pytest.raises(InvalidData):
            say(under_review, "transfer", signers.service, person=person.pk, reason="出差")
    assert seats(under_review) == [("高审核", "policy")]


def test_nobody_sits_on_a_step_twice(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service, signers.finance], "all"))
    submitted(contract, signers.author)
    with pytest.raises(Missing, match="梁财审"):
        say(contract, "transfer", signers.service, person=signers.finance.pk, reason="出差")


def test_who_is_asked_gives_an_opinion_and_who_asked_decides(under_review: Contract, signers: Signers) -> None:
    say(under_review, "consult", signers.service, person=signers.rd.pk, question="接口是否可行？")
    assert seats(under_review) == [("高审核", "policy"), ("宋研审", "consulted")]
    with pytest.raises(NotAllowed):
        say(under_review, "agree", signers.service)
    with pytest.raises(NotAllowed):
        say(under_review, "agree", signers.rd)
    say(under_review, "advise", signers.rd, opinion="可行")
    assert under_review.state == "in_review", "an opinion decides nothing"
    say(under_review, "agree", signers.service)
    assert under_review.state == "leader_approval"
    assert list(Opinion.objects.order_by("pk").values_list("decision", flat=True)) == ["advised", "agreed"]


def test_who_is_added_before_decides_first(under_review: Contract, signers: Signers) -> None:
    say(under_review, "add_signer", signers.service, people=[signers.finance.pk], where="before", reason="金额大")
    with pytest.raises(NotAllowed):
        say(under_review, "agree", signers.service)
    say(under_review, "agree", signers.finance)
    assert under_review.state == "in_review"
    say(under_review, "agree", signers.service)
    assert under_review.state == "leader_approval"


def test_who_is_added_after_decides_last_also_where_one_would_do(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service, signers.other_service], "any"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "add_signer", signers.service, people=[signers.finance.pk], where="after", reason="金额大")
    with pytest.raises(NotAllowed):
        say(contract, "agree", signers.finance)
    say(contract, "agree", signers.service)
    assert contract.state == "in_review"
    assert seats(contract) == [("梁财审", "after")]
    say(contract, "reject", signers.finance, opinion="超出预算")
    assert contract.state == "rejected"


def test_who_is_added_beside_decides_at_the_same_time(under_review: Contract, signers: Signers) -> None:
    both = [signers.finance.pk, signers.rd.pk]
    say(under_review, "add_signer", signers.service, people=both, where="beside", reason="涉及多部门")
    for user in (signers.rd, signers.service):
        say(under_review, "agree", user)
        assert under_review.state == "in_review"
    say(under_review, "agree", signers.finance)
    assert under_review.state == "leader_approval"


def test_who_was_added_is_taken_off_by_who_asked_and_nobody_else(under_review: Contract, signers: Signers) -> None:
    both = [signers.finance.pk, signers.rd.pk]
    say(under_review, "add_signer", signers.service, people=both, where="beside", reason="涉及多部门")
    added = Seat.objects.get(user=signers.finance)
    with pytest.raises(Missing):
        say(under_review, "remove_signer", signers.rd, seat=added.pk, reason="不必")
    say(under_review, "remove_signer", signers.service, seat=added.pk, reason="不必")
    assert seats(under_review) == [("高审核", "policy"), ("宋研审", "beside")]
    with pytest.raises(NotAllowed):
        say(under_review, "agree", signers.finance)


def test_nobody_is_taken_off_whom_the_policy_asks(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service, signers.finance], "all"))
    submitted(contract, signers.author)
    with pytest.raises(InvalidData):
        say(contract, "remove_signer", signers.service, seat=Seat.objects.get(user=signers.finance).pk, reason="不必")


def test_the_last_one_open_taken_off_lets_the_step_pass(under_review: Contract, signers: Signers) -> None:
    say(under_review, "add_signer", signers.service, people=[signers.rd.pk], where="beside", reason="请看")
    say(under_review, "add_signer", signers.service, people=[signers.finance.pk], where="after", reason="请看")
    say(under_review, "agree", signers.rd)
    say(under_review, "remove_signer", signers.service, seat=Seat.objects.get(user=signers.finance).pk, reason="不必")
    assert under_review.state == "in_review"
    say(under_review, "agree", signers.service)
    assert under_review.state == "leader_approval"


def test_who_is_asked_for_an_opinion_can_be_replaced(under_review: Contract, signers: Signers) -> None:
    say(under_review, "consult", signers.service, person=signers.rd.pk, question="接口是否可行？")
    with pytest.raises(NotAllowed):
        say(under_review, "agree", signers.service)
    say(
        under_review,
        "reassign",
        signers.ops,
        seat=Seat.objects.get(user=signers.rd).pk,
        person=signers.finance.pk,
        reason="休假",
    )
    assert ("梁财审", "consulted") in seats(under_review)
    with pytest.raises(NotAllowed):
        say(under_review, "agree", signers.service)
    say(under_review, "advise", signers.finance, opinion="可行")
    say(under_review, "agree", signers.service)
    assert under_review.state == "leader_approval"


def test_who_was_added_after_and_hands_on_is_followed_by_somebody_who_decides_after(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service, signers.other_service], "any"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    say(contract, "add_signer", signers.service, people=[signers.finance.pk], where="after", reason="金额大")
    say(
        contract,
        "reassign",
        signers.ops,
        seat=Seat.objects.get(user=signers.finance).pk,
        person=signers.rd.pk,
        reason="?",
    )
    say(contract, "agree", signers.service)
    assert contract.state == "in_review"
    say(contract, "agree", signers.rd)
    assert contract.state == "leader_approval"


def test_a_seat_is_given_to_another_from_outside_by_leaders_alone(under_review: Contract, signers: Signers) -> None:
    seat = Seat.objects.get(user=signers.service).pk
    with pytest.raises(NotAllowed):
        say(under_review, "reassign", signers.outsider, seat=seat, person=signers.finance.pk, reason="休假")
    say(under_review, "reassign", signers.ops, seat=seat, person=signers.finance.pk, reason="休假")
    assert seats(under_review) == [("梁财审", "replaced")]


def test_the_seat_of_somebody_who_left_goes_to_the_superior(
    under_review: Contract, signers: Signers, cast: object
) -> None:
    from people.actors import SYSTEM
    from workflow.engine import perform

    seat = Seat.objects.get(user=signers.service)
    with pytest.raises((Missing, InvalidData)):
        perform(under_review, "fill_vacancy", actor=SYSTEM, data={"seat": seat.pk})
    signers.service.is_active = False
    signers.service.save()
    perform(under_review, "fill_vacancy", actor=SYSTEM, data={"seat": seat.pk})
    assert seats(under_review) == [("韩总", "replaced")]


def test_deciders_are_pressed_a_few_times_and_on_the_record(under_review: Contract, signers: Signers) -> None:
    for _time in range(3):
        say(under_review, "press_decision", signers.author, text="客户在等")
    with pytest.raises(Missing):
        say(under_review, "press_decision", signers.author, text="客户在等")
    assert Entry.objects.filter(record=under_review, verb="press_decision").count() == 3
    with pytest.raises(NotAllowed):
        say(under_review, "press_decision", signers.outsider)
