"""Django's entry for the customers' house."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The customers' face of the house."""

    name = "portal"
    verbose_name = _("Customers' portal")

    def ready(self) -> None:
        """Let the declarations of processes be checked."""
        from django.core.checks import register

        from portal.checks import check_faces

        register(check_faces)
