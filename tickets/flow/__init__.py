"""The life of a ticket: `ticket` is all of it, `emergency` what those add that cannot wait, `joins` merge and split."""

from tickets.flow.states import BEING_WORKED_ON, DESK, DIRECTOR, FOLLOWER, RD, UNRESOLVED, State
from tickets.flow.ticket import TicketFlow

__all__ = ("BEING_WORKED_ON", "DESK", "DIRECTOR", "FOLLOWER", "RD", "UNRESOLVED", "State", "TicketFlow")
