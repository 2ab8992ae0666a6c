"""Seats of people who have left: filled once, by the superior or the keeper, and shown before somebody goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from people.models import User
from tests.cast import person
from tests.workflow.approvals.conftest import say, seats, submitted
from workflow import outbox
from workflow.approvals import vacancies
from workflow.models import Entry, OutboxMessage, Seat, WorkItem
from workflow.tasks import fill_vacancies

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from contracts.models import Contract
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def left(user: User) -> None:
    """Somebody leaves without the application being told so by its own page."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def filled(contract: Contract) -> int:
    return Entry.objects.filter(record=contract, verb="fill_vacancy").count()


def test_the_seat_of_somebody_who_has_left_goes_to_the_superior_once(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    policy(("review", [signers.service, signers.finance], "all"))
    submitted(contract, signers.author)
    fill_vacancies()
    assert filled(contract) == 0
    left(signers.service)
    fill_vacancies()
    fill_vacancies()
    assert filled(contract) == 1
    assert seats(contract) == [("梁财审", "policy"), ("韩总", "replaced")]
    entry = Entry.objects.get(record=contract, verb="fill_vacancy")
    assert (entry.actor, entry.channel) == (None, "system")
    superior = signers.service.supervisor
    assert superior is not None
    assert WorkItem.objects.of(superior).filter(record=contract, verb="agree").exists()
    contract.refresh_from_db()
    assert contract.state == "in_review"


def test_who_is_made_inactive_by_an_administrator_is_followed_at_once(
    contract: Contract, signers: Signers, policy: Policy, client: Client
) -> None:
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    boss = User.objects.create_superuser("root", "root@example.com", "x", display_name="根")
    page = f"/admin/people/user/{signers.service.pk}/change/"
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(page)
    assert contract.number in shown.content.decode(), "what waits is seen before"
    user = User.objects.get(pk=signers.service.pk)
    user.is_active = False
    user.save()
    assert OutboxMessage.objects.filter(topic=vacancies.TOPIC, done_at=None).count() == 1
    outbox.drain()
    assert seats(contract) == [("韩总", "replaced")]
    user.save()
    assert OutboxMessage.objects.filter(topic=vacancies.TOPIC).count() == 1, "nothing waits any more"


def test_without_a_superior_the_keeper_gets_it(contract: Contract, signers: Signers, policy: Policy) -> None:
    User.objects.filter(pk=signers.service.pk).update(supervisor=None)
    policy(("review", [signers.service], "all"), keeper=signers.ops)
    submitted(contract, signers.author)
    left(signers.service)
    assert vacancies.run() == 1
    assert seats(contract) == [("何运营", "replaced")] or seats(contract) == [("何运营", "keeper")]


def test_a_superior_who_sits_there_already_does_not_decide_twice(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    superior = signers.service.supervisor
    assert superior is not None
    policy(("review", [signers.service, superior], "all"), keeper=signers.ops)
    submitted(contract, signers.author)
    left(signers.service)
    vacancies.run()
    assert [name for name, _origin in seats(contract)] == ["韩总", "何运营"]


def test_who_was_only_asked_for_an_opinion_is_followed_by_somebody_who_only_gives_one(
    contract: Contract, signers: Signers, policy: Policy
) -> None:
    adviser = person("adviser", "顾问", "rd_engineer", department="rd", supervisor=signers.head)
    policy(("review", [signers.service], "all"))
    submitted(contract, signers.author)
    say(contract, "consult", signers.service, person=adviser.pk, question="可行吗？")
    left(adviser)
    vacancies.run()
    assert ("马总监", "consulted") in seats(contract)
    say(contract, "advise", signers.head, opinion="可行")
    say(contract, "agree", signers.service)
    assert contract.state == "approved"


def test_a_seat_on_a_step_to_come_or_over_is_left_alone(contract: Contract, signers: Signers, policy: Policy) -> None:
    policy(("review", [signers.service, signers.finance], "any"), ("leader", [signers.vice], "all"))
    submitted(contract, signers.author)
    left(signers.service)
    say(contract, "agree", signers.finance)
    assert vacancies.run() == 0
    assert Seat.objects.get(user=signers.service).outcome == "moot"


def test_one_record_that_cannot_be_filled_does_not_stop_the_others(
    contract: Contract, signers: Signers, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(("review", [signers.service, signers.finance], "all"))
    submitted(contract, signers.author)
    left(signers.service)
    left(signers.finance)
    first = Seat.objects.order_by("pk")[0].pk
    honest = vacancies._fill

    def fails_once(seat_id: int, record_id: int) -> None:
        if seat_id == first:
            raise RuntimeError
        honest(seat_id, record_id)

    monkeypatch.setattr(vacancies, "_fill", fails_once)
    assert vacancies.run() == 1
    monkeypatch.undo()
    assert vacancies.run() == 1
