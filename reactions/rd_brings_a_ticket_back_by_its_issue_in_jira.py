"""TKT-24: R&D's method, advice, result, leftover issues and next handler come back from JIRA onto the ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from jira import hands
from tickets.flow import State
from tickets.services import KIND

if TYPE_CHECKING:
    from collections.abc import Iterator


def _about(ticket: Any) -> Iterator[tuple[Any, str]]:
    """What R&D must know of a ticket beside the question."""
    yield _("Description"), ticket.body
    yield _("Customer"), str(ticket.customer)
    yield _("Severity"), str(ticket.severity)
    yield _("Platform"), " ".join(filter(None, [ticket.site.product, ticket.site.version])) if ticket.site else ""


hands.declare(
    hands.Hand(
        kind=KIND,
        away=State.WITH_RD,
        back="return_from_rd",
        told=("note", "attach", "add_details", "press", "change_severity", "return_from_rd", "cancel", "merge"),
        about=_about,
    )
)
