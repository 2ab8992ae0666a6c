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


def _when(code: str, label: Any, field: str, sort: tuple[str, ...] = ()) -> Column:
    """A moment of a ticket's life."""
    return Column(
        code,
        label,
        lambda ticket: markup.moment(getattr(ticket, field)),
        sort=sort,
        css="keep",
        plain=lambda ticket: getattr(ticket, field),
    )


class TicketTable(Table):
    """What one must see of a ticket to choose the next one."""

    teaches = _("Whatever a customer asks is recorded as a ticket, by whichever way it comes (TKT-01).")
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
            related=("severity",),
        ),
        Column("type", _("Issue type"), lambda ticket: ticket.issue_type, css="keep wide", related=("issue_type",)),
        "state",
        "handler",
        "due",
        "created",
    )
    more = (
        Column("subtype", _("Subtype"), lambda ticket: ticket.subtype, css="keep", related=("subtype",)),
        Column("region", _("Region"), lambda ticket: ticket.customer.region, css="keep", related=("customer__region",)),
        Column(
            "account_manager",
            _("Account manager"),
            lambda ticket: ticket.customer.account_manager,
            css="keep",
            related=("customer__account_manager",),
        ),
        Column("channel", _("Channel"), lambda ticket: ticket.channel, css="keep", related=("channel",)),
        Column("contact", _("Contact"), lambda ticket: ticket.contact, css="keep", related=("contact",)),
        "specialist",
        _when("accepted", _("Accepted"), "accepted_at", sort=("accepted_at",)),
        _when("responded", _("Responded"), "responded_at"),
        _when("expected", _("Expected to be resolved"), "expected_at"),
        _when("resolved", _("Resolved at"), "resolved_at"),
        Column("satisfaction", _("Satisfaction"), lambda ticket: ticket.satisfaction, css="num"),
        "updated",
    )
