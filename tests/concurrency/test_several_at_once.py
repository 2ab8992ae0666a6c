"""One run over several records is sent twice at the same moment: each record is done once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk import several
from people.actors import Actor
from tests.concurrency.at_once import at_once
from tickets.models import Ticket
from workflow import registry
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_that_is_sent_twice_at_once_is_one_run(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    tickets = [new_ticket() for _each in range(4)]
    verb = next(each for each in several.verbs(registry.get("ticket")) if each.code == "note")

    def run(_number: int) -> several.Outcome:
        chosen = [several.Chosen(Ticket.objects.get(pk=ticket.pk), ticket.version) for ticket in tickets]
        return several.run(verb, Actor(cast.specialist), {"text": "once"}, "one key", chosen)

    outcomes = at_once(3, run)
    assert all(result.done for outcome in outcomes for result in outcome.results)
    assert Entry.objects.filter(verb="note").count() == len(tickets)
