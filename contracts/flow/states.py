"""Where a contract can stand, and who has to do with one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.parties import role


class State(models.TextChoices):
    """Where a contract stands."""

    DRAFT = "draft", _("Draft")
    WITH_SALES_OPS = "with_sales_ops", _("With sales operations")
    IN_REVIEW = "in_review", _("In review")
    CUSTOMER_AGREEMENT = "customer_agreement", _("Customer's agreement")
    HEAD_APPROVAL = "head_approval", _("Department head's approval")
    LEADER_APPROVAL = "leader_approval", _("Leader's approval")
    APPROVED = "approved", _("Approved")
    SEALING = "sealing", _("Being sealed")
    POSTED = "posted", _("Posted")
    EFFECTIVE = "effective", _("Effective")
    ARCHIVED = "archived", _("Archived")
    RETURNED = "returned", _("Sent back")
    REJECTED = "rejected", _("Rejected")
    TERMINATED = "terminated", _("Terminated")
    CANCELLED = "cancelled", _("Cancelled")


WRITABLE = (State.DRAFT, State.RETURNED)
"""In which its author writes."""
UNDER_REVIEW = (State.IN_REVIEW, State.CUSTOMER_AGREEMENT, State.HEAD_APPROVAL, State.LEADER_APPROVAL)
IN_FORCE = (State.EFFECTIVE, State.ARCHIVED)
SALES_OPS = role("sales_ops")
AUTHORS = role("sales_manager", "account_manager", "senior_account_manager", "sales_ops")
FILING = role("hr_admin", "finance", "finance_reviewer")
LEADERS = role("service_director", "vice_president")
