"""Which way a record goes: policies, conditions, and the people on each step, never the author, never nobody."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from tests.cast import person
from tests.workflow.approvals.conftest import say, seats, submitted, the_round
from workflow.approvals import routes
from workflow.models import PolicyStep, ReviewPolicy, WorkItem
from workflow.refusals import Missing, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def planned(contract: Contract) -> list[tuple[str, list[str]]]:
    return [(step.code, [place.label for place in step.places]) for step in routes.plan(contract).steps]


def test_a_preview_says_who_will_see_it_in_which_order_and_what_is_left_out(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service], "all"), ("review", [signers.rd], "all"), ("leader", ["vice_president"], "all"))
    PolicyStep.objects.filter(position=2).update(when={"develops": ["yes"]})
    found = routes.plan(contract)
    assert planned(contract) == [("review1", ["高审核"]), ("leader3", ["唐副总"])]
    assert [step.code for step in found.left_out] == ["review2"]
    assert found.left_out[0].left_out
    contract.develops = True
    assert [code for code, _who in planned(contract)] == ["review1", "review2", "leader3"]


def test_an_amount_brings_a_further_step(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    PolicyStep.objects.filter(position=2).update(least=Decimal("500000.00"))
    contract.amount = Decimal("499999.99")
    assert [code for code, _who in planned(contract)] == ["review1"]
    contract.amount = Decimal("500000.00")
    assert [code for code, _who in planned(contract)] == ["review1", "leader2"]


def test_the_first_policy_that_fits_is_taken(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service], "all"))
    short = ReviewPolicy.objects.create(
        kind="contract", name_zh="简易", name_en="Short", position=0, when={"business": ["annual_renewal"]}
    )
    ReviewPolicy.objects.exclude(pk=short.pk).update(position=1)
    assert routes.policy_for(contract) == short
    contract.business = "more_users"
    assert routes.policy_for(contract) != short


def test_without_a_policy_or_a_step_nothing_is_submitted(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy()
    with pytest.raises(Missing):
        submitted(contract, signers.author)
    ReviewPolicy.objects.update(active=False)
    with pytest.raises(Missing):
        submitted(contract, signers.author)
    contract.refresh_from_db()
    assert contract.state == "draft"


def test_nobody_approves_their_own_the_superior_does(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("leader", [signers.author, signers.vice], "all"))
    submitted(contract, signers.author)
    assert seats(contract) == [("马总监", "superior"), ("唐副总", "policy")]
    with override("en"), pytest.raises(NotAllowed, match="own work"):
        say(contract, "agree", signers.author)


def test_a_role_that_the_author_holds_is_not_the_authors_to_use(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    signers.author.roles.add(*signers.service.roles.all())
    policy(("review", ["service_reviewer"], "any"))
    submitted(contract, signers.author)
    with pytest.raises(NotAllowed):
        say(contract, "agree", signers.author)
    say(contract, "agree", signers.other_service)
    assert contract.state == "approved"


def test_nobody_decides_on_their_own_work_in_the_place_of_another_who_is_away(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    from datetime import timedelta

    from core import clock
    from people.models import Substitution

    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    for substitute in (signers.author, signers.finance):
        Substitution.objects.create(
            principal=signers.service,
            substitute=substitute,
            starts_at=clock.now() - timedelta(hours=1),
            ends_at=clock.now() + timedelta(days=1),
        )
    with pytest.raises(NotAllowed):
        say(contract, "agree", signers.author, on_behalf_of=signers.service)
    entry = say(contract, "agree", signers.finance)
    assert (entry.actor, entry.on_behalf_of) == (signers.finance, signers.service)
    assert contract.state == "approved"


def test_an_empty_step_goes_to_its_keeper_and_sounds_an_alarm(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", ["training_lead"], "any"), ("leader", [signers.vice], "all"), keeper=signers.ops)
    submitted(contract, signers.author)
    assert contract.state == "in_review"
    assert seats(contract) == [("何运营", "keeper")]
    say(contract, "agree", signers.ops)
    assert contract.state == "leader_approval"


def test_without_a_keeper_it_goes_to_the_administrators(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", ["training_lead"], "any"))
    submitted(contract, signers.author)
    assert seats(contract) == [("system_admin", "keeper")]
    say(contract, "agree", signers.admin)
    assert contract.state == "approved"


def test_a_named_reviewer_who_left_is_replaced_by_the_superior(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    signers.service.is_active = False
    signers.service.save()
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    assert seats(contract) == [("韩总", "replaced")]


def test_who_leaves_before_the_step_begins_gets_no_seat(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice, signers.head], "all"))
    submitted(contract, signers.author)
    signers.vice.is_active = False
    signers.vice.save()
    say(contract, "agree", signers.service)
    assert seats(contract) == [("马总监", "policy")]


def test_the_head_of_the_authors_department_is_a_relation(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("head", ["authors_head"], "all"))
    submitted(contract, signers.author)
    assert seats(contract) == [("马总监", "policy")]


def test_a_policy_changed_meanwhile_changes_no_round_under_way(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service], "all"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    PolicyStep.objects.filter(position=2).delete()
    ReviewPolicy.objects.update(name_zh="改过", active=False)
    say(contract, "agree", signers.service)
    assert contract.state == "leader_approval"
    assert the_round(contract).route["policy_zh"] == "评审"


def test_work_waits_with_those_who_are_asked_and_with_nobody_else(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service], "all"), ("leader", ["vice_president"], "any"))
    submitted(contract, signers.author)
    waiting = WorkItem.objects.filter(record=contract, done_at__isnull=True)
    assert list(waiting.values_list("user__username", "role", "verb")) == [("service_reviewer", "", "agree")]
    say(contract, "consult", signers.service, person=signers.rd.pk, question="？")
    assert list(waiting.values_list("user__username", "verb")) == [("rd_reviewer", "advise")]
    say(contract, "advise", signers.rd, opinion="可行")
    say(contract, "agree", signers.service)
    assert [(item.user, item.role, item.verb) for item in waiting] == [(None, "vice_president", "agree")]
    say(contract, "agree", signers.vice)
    assert set(waiting.values_list("verb", flat=True)) == {"print_papers"}


def test_whoever_is_asked_sees_it_and_goes_on_seeing_it(contract: Contract, signers: Signers, policy: Policy) -> None:
    from contracts.models import Contract as Model

    stranger = person("stranger", "陌生人", "rd_reviewer", department="rd")
    policy(("review", [signers.service, stranger], "any"))
    assert not Model.objects.for_actor(stranger).exists()
    submitted(contract, signers.author)
    assert Model.objects.for_actor(stranger).exists()
    say(contract, "agree", signers.service)
    assert Model.objects.for_actor(stranger).exists()
