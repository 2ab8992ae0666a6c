"""Seats of people who have left: found when somebody is made inactive, and every minute; filled by the gate.

Each is filled once: the act bears the seat as its key, so whoever comes second is given what the first has done.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from people import hooks
from people.actors import SYSTEM
from people.models import User
from workflow import outbox, registry
from workflow.engine import perform
from workflow.models import Record, Round, Seat, Step, WorkItem
from workflow.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from workflow.models import OutboxMessage

logger = logging.getLogger(__name__)
TOPIC = "workflow.vacancies"
SHOWN = 50


def vacant() -> QuerySet[Seat]:
    """The seats on present steps whose person has left; by the index of people's open seats."""
    return Seat.objects.filter(
        outcome=Seat.Outcome.OPEN,
        user__is_active=False,
        step__outcome=Step.Outcome.OPEN,
        step__round__outcome=Round.Outcome.RUNNING,
    ).order_by("id")


def run(user_id: int | None = None) -> int:
    """Fill the vacant seats, of one person or of all; returns how many. One record's fault does not stop the others."""
    seats = vacant() if user_id is None else vacant().filter(user=user_id)
    filled = 0
    for seat_id, record_id in seats.values_list("pk", "step__round__record"):
        try:
            with transaction.atomic():
                _fill(seat_id, record_id)
            filled += 1
        except Refused:
            continue  # somebody decided, or another was there first
        except Exception:  # one record's fault must not stop the others
            logger.exception("seat %s could not be filled", seat_id)
    return filled


def _fill(seat_id: int, record_id: int) -> None:
    record = Record.objects.get(pk=record_id)
    perform(record, "fill_vacancy", actor=SYSTEM, data={"seat": seat_id}, key=f"vacancy:{seat_id}")


@receiver(post_save, sender=User, dispatch_uid="workflow.vacancies")
def somebody_left(instance: User, **_signal: Any) -> None:
    """Have the seats of somebody who is made inactive filled as soon as that is committed."""
    if not instance.is_active and vacant().filter(user=instance).exists():
        key = f"left:{instance.pk}:{clock.now().isoformat()}"
        outbox.enqueue(TOPIC, key, {"user": instance.pk})


@outbox.handler(TOPIC)
def _after_leaving(message: OutboxMessage) -> None:
    run(message.payload["user"])


# --- what an administrator sees before making somebody inactive ---------------------------------------------------
@hooks.waits
def waiting_for(person: User) -> list[tuple[str, str]]:
    """What waits for a person: address and words of each piece of work, those of records decided on among them."""
    items = WorkItem.objects.open().filter(user=person.pk).select_related("record").order_by("due_at", "id")
    return [(_page(item), _words(item)) for item in items[:SHOWN]]


def _page(item: WorkItem) -> str:
    return reverse("desk:record", args=[item.record.kind, item.record.number])


def _words(item: WorkItem) -> str:
    flow: Any = registry.get(item.record.kind).model
    verb = flow.verbs.get(item.verb)
    words = [item.record.number, item.record.title, str(verb.label if verb else item.verb)]
    if item.due_at is not None:
        words.append(_("due %(at)s") % {"at": f"{clock.local(item.due_at):%Y-%m-%d %H:%M}"})
    return " · ".join(words)
