"""Somebody leaves: whichever workers look for the seats, and whoever of them is killed, each seat is filled once."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.concurrency.at_once import at_once, somebody_waits
from tests.support.processes import wait_until
from tests.workflow.approvals.conftest import contract, policy, signers, submitted
from workflow.approvals import vacancies
from workflow.models import Entry, Record, Seat

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from tests.support.processes import Stage
    from tests.workflow.approvals.conftest import Signers
    from workflow.models import ReviewPolicy

    Policy = Callable[..., ReviewPolicy]

__all__ = ("contract", "policy", "signers")
pytestmark = [pytest.mark.chaos, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def left(contract: Contract, signers: Signers, policy: Policy) -> Contract:
    """A contract on which two who have left are asked."""
    policy(("review", [signers.service, signers.finance], "all"), keeper=signers.ops)
    submitted(contract, signers.author)
    for user in (signers.service, signers.finance):
        user.is_active = False
        user.save()
    return contract


def filled() -> int:
    return Entry.objects.filter(verb="fill_vacancy").count()


def once(of: Contract) -> None:
    """Two seats were filled, each once, and the timeline is whole."""
    assert filled() == 2
    seats = Seat.objects.filter(step__round__record=of)
    assert sorted(seats.values_list("outcome", flat=True)) == ["", "", "transferred", "transferred"]
    assert not vacancies.vacant().exists()
    call_command("verify_timeline", stdout=StringIO())


def test_of_workers_that_look_at_the_same_time_one_fills_each_seat(left: Contract) -> None:
    at_once(6, lambda _n: vacancies.run())
    once(left)


def test_a_worker_killed_on_the_way_is_followed_by_another(stage: Stage, left: Contract) -> None:
    stage.start_broker()
    with transaction.atomic():
        # Somebody holds the record: the worker comes so far, and waits, and is killed.
        Record.objects.select_for_update(no_key=True).get(pk=left.pk)
        worker = stage.worker(concurrency=1)
        stage.beat()
        wait_until(somebody_waits, 60, "no worker has come to the record")
        worker.kill()
    assert filled() == 0
    stage.worker("second")
    wait_until(lambda: filled() == 2, 60, "nobody went on")
    once(left)
