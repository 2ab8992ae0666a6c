"""What the ticket desk announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TicketRecorded(Fact):
    """An issue has been accepted; its clock runs."""


@dataclass(frozen=True, kw_only=True)
class TicketDispatched(Fact):
    """A ticket has been given to a handler."""

    handler_id: int


@dataclass(frozen=True, kw_only=True)
class TicketEscalated(Fact):
    """An engineer has passed a ticket on to R&D."""


@dataclass(frozen=True, kw_only=True)
class TicketResolved(Fact):
    """Method and result are on record."""


@dataclass(frozen=True, kw_only=True)
class TicketReopened(Fact):
    """What was thought to be solved was not."""


@dataclass(frozen=True, kw_only=True)
class TicketClosed(Fact):
    """The customer has confirmed, or let the time for it pass."""


@dataclass(frozen=True, kw_only=True)
class TicketMerged(Fact):
    """A ticket has turned out to be the same as another."""

    into_id: int


@dataclass(frozen=True, kw_only=True)
class TicketSplit(Fact):
    """A second issue was found in a ticket; `said` is what the new ticket is recorded with."""

    said: dict[str, Any]
