"""What is done on one record and leaves its trace on another: both go through the gate, in one transaction.

An act that touches a second record announces a fact; whoever listens `whenever` performs the other side here, in the
name of the same person. The verbs of the other side are open to `BESIDE` alone: nobody can do them by themselves. Which
records belong together is known before anything is locked (`VerbForm.beside`), so that all are locked in one order.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from people.actors import Actor
from workflow.models import Entry
from workflow.parties import Part, Party, introduce

if TYPE_CHECKING:
    from collections.abc import Mapping

    from people.models import User
    from workflow.models import Record
    from workflow.parties import Slot

_NEW = 0
_beside: ContextVar[int | None] = ContextVar("record_acted_on_beside", default=None)


def acting_beside(record: Record) -> bool:
    """Whether the record is at this moment the other side of an act; as a verb's `when`."""
    return _beside.get() == (record.pk or _NEW)


@dataclass(frozen=True)
class _BesidePart(Part):
    """Whoever acts on another record, as long as the act lasts."""

    def includes(self, user: User, record: Record) -> bool:  # noqa: ARG002 - the gate has let the person act there
        """Whether the record is the other side of an act."""
        return acting_beside(record)

    def slots(self, record: Record) -> list[Slot]:  # noqa: ARG002 - nothing waits for it
        """Nothing waits on the other side of an act."""
        return []


BESIDE = introduce(Party((_BesidePart("beside", _("whoever acts on the other record")),)))


def perform_beside(record: Record, verb: str, *, actor: Actor, data: Mapping[str, Any]) -> Entry:
    """Perform the other side of an act, on a record or (unsaved) to make one. Raises Refused, which undoes the act."""
    from workflow.engine import perform

    token = _beside.set(record.pk or _NEW)
    try:
        return perform(record, verb, actor=actor, data=data)
    finally:
        _beside.reset(token)


def act_of(entry_id: int) -> tuple[Entry, Actor]:
    """An act by its entry, with the record, and who did it."""
    entry = Entry.objects.select_related("record", "actor", "on_behalf_of").get(pk=entry_id)
    return entry, Actor(entry.actor, entry.on_behalf_of, entry.channel)
