"""A worker is killed while it recomputes: the next one goes on where it stopped, and no record is told twice."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.support.processes import wait_until
from workflow import recompute
from workflow.models import DeadlinePolicy, Entry, Recomputation, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.support.processes import Stage
    from tickets.models import Ticket

pytestmark = [pytest.mark.timeout(600), pytest.mark.chaos, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TIMERS = ["ticket.response"]


def _ordered(cast: Cast) -> Recomputation:
    policy = DeadlinePolicy.objects.get(timer="ticket.response", match={"severity": "general"})
    policy.minutes *= 2
    policy.save()
    made = recompute.order(TIMERS, "x", cast.admin, recompute.survey(TIMERS, 1).rules)
    assert made is not None
    return made


def _state(made: Recomputation) -> Recomputation:
    return Recomputation.objects.get(pk=made.pk)


def test_a_killed_worker_is_followed_by_another_and_nothing_is_done_twice(
    stage: Stage, cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    tickets = [new_ticket() for _ in range(recompute.BATCH + 5)]
    made = _ordered(cast)
    stage.start_broker()
    stage.beat()
    with transaction.atomic():
        # Somebody holds a record of the second batch: the worker comes so far, and waits, and is killed.
        Record.objects.select_for_update(no_key=True).get(pk=tickets[-1].pk)
        worker = stage.worker(concurrency=1)
        wait_until(lambda: _state(made).done == recompute.BATCH, 120, "the first batch has not been done")
        worker.kill()
    assert _state(made).outcome == "running"
    stage.worker("second")
    wait_until(lambda: _state(made).outcome == "done", 120, "nobody went on")
    found = _state(made)
    assert (found.done, found.changed, found.faults) == (len(tickets), len(tickets), [])
    told = Counter(Entry.objects.filter(verb="deadline.recomputed").values_list("record", flat=True))
    assert told == Counter(ticket.pk for ticket in tickets)
    call_command("verify_timeline", stdout=StringIO())
