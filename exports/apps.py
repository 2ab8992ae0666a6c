"""Django's entry for exports."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    """A list as a file."""

    name = "exports"
    verbose_name = _("Exports")

    def ready(self) -> None:
        """Know the words of what is told."""
        from exports import telling  # noqa: F401 - it registers on import
