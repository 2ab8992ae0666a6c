"""Two people change different things of one ticket at once: both changes stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from people.actors import Actor
from tests.concurrency.at_once import PATIENCE, meanwhile
from tickets.models import Severity, Ticket
from workflow.engine import perform

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.rule("TKT-04")
def test_an_act_that_waited_does_not_put_back_what_the_other_has_changed(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    ticket = new_ticket(severity="general")
    critical = Severity.objects.get(code="critical")
    judged = {"severity": critical.pk, "reason": "Nobody can log in."}
    noted: dict[str, Any] = {"text": "I called back."}
    with transaction.atomic():
        perform(ticket, "change_severity", actor=Actor(cast.specialist), data=judged)
        waiting = meanwhile(lambda: perform(ticket, "note", actor=Actor(cast.other_specialist), data=noted))
    entry = waiting.result(PATIENCE)
    again = Ticket.objects.get(pk=ticket.pk)
    assert again.severity == critical
    assert again.version == 3
    assert "severity" not in entry.data["changes"]
