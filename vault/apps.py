"""Django's entry for the access vault."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    """How customers' platforms are reached, with passwords that nobody reads in passing."""

    name = "vault"
    verbose_name = _("Access vault")

    def ready(self) -> None:
        """Have every look written down."""
        import_module("vault.log")
