"""Where a ticket can stand, and who has to do with one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from duty.parties import DUTY_ENGINEER
from workflow.beside import BESIDE
from workflow.parties import CUSTOMER, SPECIALIST, role, unclaimed


class State(models.TextChoices):
    """Where a ticket stands."""

    RECORDED = "recorded", _("Recorded")
    DISPATCHED = "dispatched", _("Dispatched")
    IN_PROGRESS = "in_progress", _("In progress")
    WITH_RD = "with_rd", _("With R&D")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting for the customer")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")
    MERGED = "merged", _("Merged")


BEING_WORKED_ON = (State.DISPATCHED, State.IN_PROGRESS, State.WITH_RD, State.WAITING_CUSTOMER)
UNRESOLVED = (State.RECORDED, *BEING_WORKED_ON)
DESK = role("customer_specialist")
DIRECTOR = role("service_director")
RD = role("rd_engineer")
RECORDERS = DESK | CUSTOMER | DUTY_ENGINEER | BESIDE
"""Who writes an issue down; whoever splits a ticket writes down the second one."""
FOLLOWER = SPECIALIST | unclaimed("customer_specialist")
"""Who follows a ticket to its end (TKT-22)."""
