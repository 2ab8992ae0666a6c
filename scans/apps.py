"""Django's entry for scans."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScansConfig(AppConfig):
    """Signed paper that comes back."""

    name = "scans"
    verbose_name = _("Scans")

    def ready(self) -> None:
        """Make the process known, and listen to what happens to it."""
        from scans import delivering  # noqa: F401 - it subscribes
        from scans.process import SCANS
        from workflow import registry

        registry.register(SCANS)
