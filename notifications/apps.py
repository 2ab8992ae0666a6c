"""Django's entry for notifications."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Who is told what, by which way."""

    name = "notifications"
    verbose_name = _("Notices")

    def ready(self) -> None:
        """Listen to the timeline, and answer the outbox."""
        from notifications import delivery, fanout, hooks, robots  # noqa: F401 - they register on import
