"""The list of tickets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import markup
from core.tables import Column, Table


def severity_tag(ticket: Any) -> Any:
    """The severity as word, colour and shape."""
    severity = ticket.severity
    tone, shape = {"critical": ("over", "urgent"), "urgent": ("aside", "alert-triangle")}.get(
        severity.code, ("done", "circle")
    )
    return markup.badge(severity.name, tone, shape)


class TicketTable(Table):
    """What one must see of a ticket to choose the next one."""

    columns = (
        "number",
        "title",
        "customer",
        Column(
            "severity",
            _("Severity"),
            severity_tag,
            sort=("severity__position",),
            css="keep",
            plain=lambda ticket: ticket.severity,
        ),
        Column("type", _("Issue type"), lambda ticket: ticket.issue_type, css="keep wide"),
        "state",
        "handler",
        "due",
        "created",
    )
    related = ("customer", "handler", "severity", "issue_type")
