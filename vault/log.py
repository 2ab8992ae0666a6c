"""The vault's log: every look is written in the transaction of the act that allows it, and handed out once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from core import clock
from vault.events import AccessRevealed
from vault.models import Look
from workflow.facts import whenever
from workflow.models import Entry

if TYPE_CHECKING:
    from core.fields import Secret
    from people.models import User

OPEN_FOR = timedelta(minutes=5)
"""How long after the act its password can be fetched."""


class LookOverError(Exception):
    """The password was handed out for this look already, or too much time has passed: another act is needed."""


@whenever(AccessRevealed)
def write_down(fact: AccessRevealed) -> None:
    """A row of the log for each act; without it the act has not happened."""
    entry = Entry.objects.select_related("actor", "on_behalf_of").get(pk=fact.entry_id)
    Look.objects.create(
        access_id=fact.access_id,
        record_id=fact.record_id,
        entry=entry,
        by=cast("User", entry.actor),  # the act is people's alone
        on_behalf_of=entry.on_behalf_of,
        at=entry.at,
        reason=fact.reason,
    )


@sensitive_variables()
@transaction.atomic
def take(pk: int, user: User) -> str:
    """The password of a look, once, to the one whose look it is.

    Raises LookOverError when there is nothing (more) to be had, and UndecryptableError or ImproperlyConfigured when the
    keys are not in order; the look is still open then.
    """
    now = clock.now()
    waiting = Look.objects.own(user).filter(pk=pk, taken_at__isnull=True, at__gte=now - OPEN_FOR)
    if not waiting.update(taken_at=now):
        raise LookOverError
    closed: Secret = Look.objects.select_related("access").get(pk=pk).access.password
    return closed.reveal()
