"""The list of tickets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.tables import Column, Table
from tickets.panels import severity_tag


class TicketTable(Table):
    """What one must see of a ticket to choose the next one."""

    columns = (
        "number",
        "title",
        "customer",
        Column("severity", _("Severity"), severity_tag, sort=("severity__position",), css="keep"),
        Column("type", _("Issue type"), lambda ticket: ticket.issue_type, css="keep wide"),
        "state",
        "handler",
        "due",
        "created",
    )
    related = ("customer", "handler", "severity", "issue_type")
