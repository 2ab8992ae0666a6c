"""Django's entry for the core package."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground floor: it has no tables of its own."""

    name = "core"

    def ready(self) -> None:
        """Make the lookups known."""
        import_module("core.lookups")
