"""What waits for somebody, in words: what it is that waits, and where it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from desk import addresses
from workflow import registry
from workflow.approvals.stages import Reviewing

if TYPE_CHECKING:
    from workflow.models import Record

DECIDING = frozenset({"agree", "send_back", "reject"})
"""The acts that one sheet is for."""
ON_THE_RECORD = frozenset({"agree", "advise"})
"""What is done on the record's page itself, beside what it is about."""


def is_decision(kind: str, verb: str) -> bool:
    """Whether it is a decision, or an opinion that somebody asked for."""
    return verb in ON_THE_RECORD | DECIDING and issubclass(registry.get(kind).model, Reviewing)


def words(kind: str, verb: str) -> str:
    """What waits: an act; of the ways to decide none in particular."""
    if verb in DECIDING and is_decision(kind, verb):
        return _("Decide")
    flow: Any = registry.get(kind).model
    return str(flow.verbs[verb].label)


def where(record: Record, verb: str) -> str:
    """Where it is done: its form, or the sheet on the record's page."""
    if is_decision(record.kind, verb):
        return f"{addresses.of(record)}#decide"
    return addresses.of_verb(record, verb)
