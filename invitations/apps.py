"""Django's entry for invitations."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvitationsConfig(AppConfig):
    """What customers are asked to fill in."""

    name = "invitations"
    verbose_name = _("Invitations")

    def ready(self) -> None:
        """Listen to documents that are sent out, and show on their pages what has become of it."""
        from invitations import sending  # noqa: F401 - it subscribes
        from invitations.panels import LINKS
        from workflow import registry

        registry.add_panel("document", LINKS)
