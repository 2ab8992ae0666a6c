"""What the ticket desk announces."""

from __future__ import annotations

from dataclasses import dataclass

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
