"""The forms that tickets issue, and what a ticket fills in of them beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from documents import issuing, prefill
from workflow.models import Attachment, Entry

if TYPE_CHECKING:
    from tickets.models import Ticket

CONTACTS = ("log_contact", "respond", "ask_for_details", "tell_by_phone", "tell_by_email")
SHOWN_CONTACTS = 12
FORMS = ("TicketSheet",)
"""The service record sheet; reports of installations and upgrades come with their processes."""


def declare() -> None:
    """Make it known to documents."""
    issuing.let_issue("ticket", *FORMS)
    prefill.declare("ticket", facts)


def facts(ticket: Ticket) -> dict[str, Any]:
    """What a ticket knows, by path; paper is printed in Chinese."""
    plain = ("accepted_at", "responded_at", "expected_at", "resolved_at", "body", "result", "leftovers", "comment")
    known = {f"ticket.{name}": getattr(ticket, name) for name in (*plain, "phoned_at", "mailed_at", "emergency")}
    known |= {f"ticket.{name}": getattr(ticket, name).code for name in ("channel", "issue_type", "severity")}
    with override("zh-hans"):
        known |= {
            "ticket.measures": _lines(ticket.way, ticket.measures),
            "ticket.method": _lines(ticket.method, ticket.course),
            "ticket.attachments": "、".join(Attachment.objects.filter(record=ticket.pk).values_list("name", flat=True)),
            "ticket.satisfaction": ticket.satisfaction or ticket.asked_satisfaction,
            "ticket.outcome": ticket.outcome,
            "ticket.emergency_why": _why(ticket),
            "ticket.contacts": _contacts(ticket),
        }
    known |= {f"customer.{name}": getattr(ticket, name) for name in ("phone", "fax", "email")}
    known["customer.contact"] = ticket.contact.name
    return {path: value for path, value in known.items() if value not in (None, "")}


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def _why(ticket: Ticket) -> str:
    if not ticket.emergency:
        return ""
    met = (
        (ticket.product_related, _("concerns the product")),
        (ticket.major_failure, _("major failure")),
        (ticket.teaching_disturbed, _("teaching seriously disturbed")),
    )
    return "、".join(words for holds, words in met if holds)


def _contacts(ticket: Ticket) -> list[dict[str, Any]]:
    """The last times at which the customer was spoken to, the earliest first (TKT-20, TKT-21)."""
    talks = Entry.objects.filter(record=ticket.pk, verb__in=CONTACTS).select_related("actor").order_by("-seq")
    rows = []
    for entry in reversed(talks[:SHOWN_CONTACTS]):
        said = entry.data.get("said", {})
        words = said.get("summary") or said.get("way") or said.get("asked") or ""
        rows.append({"at": entry.at, "by_whom": str(entry.actor or ""), "said": str(words)})
    return rows
