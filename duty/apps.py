"""Django's entry for the duty roster."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from workflow import registry


class DutyConfig(AppConfig):
    """Who is on duty when nobody else works."""

    name = "duty"
    verbose_name = _("Duty roster")

    def ready(self) -> None:
        """Make the engineer on duty known to the kernel, and name who carries letters."""
        import_module("duty.parties")
        import_module("duty.letters")
        registry.keep("OFH-12", _("Duty roster"), "desk:duty")
