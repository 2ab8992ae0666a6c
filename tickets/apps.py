"""Django's entry for the ticket desk."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """Users' issues, from acceptance to confirmation."""

    name = "tickets"
    verbose_name = _("Ticket desk")

    def ready(self) -> None:
        """Register the process with the kernel."""
        from tickets import documents
        from tickets.process import TICKETS
        from workflow import registry

        registry.register(TICKETS)
        documents.declare()
