"""How far a substitute goes: for some processes only, and up to an amount; at the gate, in sight, work and notices."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.translation import override

from contracts.models import Contract, PaymentTerm
from core import clock
from desk import standing
from notifications.models import Notice
from people.actors import principals_of
from people.models import Substitution, User
from tests.cast import person
from tests.workflow.approvals.conftest import say, submitted
from workflow.models import DeadlinePolicy, PolicyLevel, Record, WorkItem
from workflow.refusals import NotAllowed
from workflow.sweep import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

LARGE, SMALL = Decimal("200000.00"), Decimal("100000.00")


@pytest.fixture
def deputy(signers: Signers) -> User:
    """Somebody who sees nothing of contracts otherwise."""
    return person("deputy", "代理人", "rd_engineer", department="rd")


@pytest.fixture
def asked(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    """A contract of 200 000 that waits for the reviewer of the service department, who is away."""
    policy(("review", [signers.service], "all"))
    Contract.objects.filter(pk=contract.pk).update(amount=LARGE)
    PaymentTerm.objects.create(
        contract=contract, position=1, kind="full", share=100, amount=LARGE, due_on=clock.local(clock.now()).date()
    )
    contract.refresh_from_db()
    return submitted(contract, signers.author)


@pytest.fixture
def reminding(contract: Contract) -> DeadlinePolicy:
    """Whoever is asked is reminded after half an hour."""
    DeadlinePolicy.objects.filter(timer=contract.decision).delete()
    policy = DeadlinePolicy.objects.create(
        timer=contract.decision, name_zh="审批", name_en="Decision", minutes=60, clock="always"
    )
    PolicyLevel.objects.create(policy=policy, position=1, kind="warned", share=50, recipients=["deciders"])
    return policy


def stands_in(deputy: User, principal: User, **scope: Any) -> Substitution:
    now = clock.now()
    return Substitution.objects.create(
        principal=principal,
        substitute=deputy,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=30),
        **scope,
    )


def reach(deputy: User, contract: Contract) -> tuple[bool, bool, int]:
    """Whether the substitute sees it, how much work waits, and how much the head of every page says so."""
    fresh = User.objects.get(pk=deputy.pk)
    work = WorkItem.objects.of(fresh, principals_of(fresh, clock.now())).filter(record=contract)
    soonest = WorkItem.objects.soonest(fresh, principals_of(fresh, clock.now()), 5).filter
    assert work.exists() is bool([item for item in soonest() if item.record_id == contract.pk])
    seen = Record.objects.for_actor(fresh).filter(pk=contract.pk).exists()
    standing.learn(fresh)
    assert Record.objects.for_actor(fresh).filter(pk=contract.pk).exists() is seen
    return seen, work.exists(), standing.waiting(fresh).work


@pytest.mark.parametrize(
    ("scope", "within"),
    [
        ({}, True),
        ({"kinds": ["contract"]}, True),
        ({"kinds": ["ticket", "contract"], "most": LARGE}, True),
        ({"most": LARGE}, True),
        ({"kinds": ["ticket"]}, False),
        ({"most": LARGE - Decimal("0.01")}, False),
        ({"kinds": ["contract"], "most": SMALL}, False),
    ],
    ids=["everything", "contracts", "both", "just enough", "tickets only", "a fen too much", "small contracts"],
)
def test_a_substitute_acts_and_sees_within_the_scope_and_no_further(
    asked: Contract, signers: Signers, deputy: User, scope: dict[str, Any], *, within: bool
) -> None:
    stands_in(deputy, signers.service, **scope)
    assert reach(deputy, asked) == (within, within, int(within))
    if within:
        assert say(asked, "agree", deputy).on_behalf_of == signers.service
        assert asked.state == "approved"
        return
    with override("en"), pytest.raises(NotAllowed, match="only for"):
        say(asked, "agree", deputy)
    asked.refresh_from_db()
    assert asked.state == "in_review"


def test_who_has_named_somebody_for_small_and_another_for_all_is_stood_in_for_by_both(
    asked: Contract, signers: Signers, deputy: User
) -> None:
    stands_in(deputy, signers.service, most=SMALL)
    stands_in(deputy, signers.service, kinds=["contract"])
    assert reach(deputy, asked) == (True, True, 1)
    assert say(asked, "agree", deputy).on_behalf_of == signers.service


def test_a_queue_of_the_principals_role_is_lent_within_the_scope_only(
    contract: Contract, signers: Signers, policy: Policy, deputy: User
) -> None:
    policy(("review", ["service_reviewer"], "any"))
    submitted(contract, signers.author)
    limited = stands_in(deputy, signers.service, kinds=["ticket"])
    assert reach(deputy, contract) == (False, False, 0)
    Substitution.objects.filter(pk=limited.pk).update(kinds=["contract"])
    assert reach(deputy, contract) == (True, True, 1)
    item = WorkItem.objects.get(record=contract, done_at=None)
    fresh = User.objects.get(pk=deputy.pk)
    assert item.instead_of(fresh, principals_of(fresh, clock.now())) == signers.service


def test_a_substitute_is_told_of_what_is_within_the_scope(
    reminding: DeadlinePolicy, asked: Contract, signers: Signers, deputy: User
) -> None:
    other = person("other_deputy", "另一代理人", "rd_engineer", department="rd")
    stands_in(deputy, signers.service, kinds=["contract"], most=LARGE)
    stands_in(other, signers.service, kinds=["contract"], most=SMALL)
    with clock.held(clock.now() + timedelta(minutes=31)):
        run()
    reminded = Notice.objects.filter(record=asked, entry__verb="deadline.warned")
    told = set(reminded.values_list("recipient__username", flat=True))
    assert told == {"service_reviewer", "deputy"}


def test_who_is_away_for_contracts_is_present_for_tickets(asked: Contract, signers: Signers, deputy: User) -> None:
    stands_in(deputy, signers.service, kinds=["contract"])
    staff = User.objects.staff()
    assert signers.service in staff.present(clock.now(), "ticket")
    assert signers.service in staff.present(clock.now())
    assert signers.service not in staff.present(clock.now(), "contract")
    stands_in(deputy, signers.service, most=SMALL)
    assert signers.service not in staff.present(clock.now(), "ticket")


def test_nobody_decides_on_the_own_work_whatever_the_scope(asked: Contract, signers: Signers) -> None:
    stands_in(signers.author, signers.service, kinds=["contract"])
    with override("en"), pytest.raises(NotAllowed, match="own work"):
        say(asked, "agree", signers.author)


def test_the_substitutes_page_takes_a_scope_and_refuses_what_is_none(cast: Any, client: Client) -> None:
    client.force_login(cast.engineer, backend="django.contrib.auth.backends.ModelBackend")
    browser, now = client, clock.now()
    said = {
        "substitute": cast.other_engineer.pk,
        "starts_at": clock.local(now).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": clock.local(now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
        "kinds": ["contract", "ticket"],
        "most": "100000",
    }
    for wrong in ({"kinds": ["salary"]}, {"most": "-1"}, {"most": "1.234"}, {"most": "NaN"}, {"most": "9" * 30}):
        answer = browser.post("/substitutes/", said | wrong)
        assert answer.status_code == 422
        assert not Substitution.objects.exists()
    assert browser.post("/substitutes/", said).status_code == 302
    made = Substitution.objects.get()
    assert (made.kinds, made.most) == (["contract", "ticket"], SMALL)
    page = browser.get("/substitutes/").content.decode()
    assert "100,000.00" in page
