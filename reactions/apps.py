"""Django's entry for what spans processes."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class ReactionsConfig(AppConfig):
    """One file for each cross-process rule, named as a sentence."""

    name = "reactions"

    def ready(self) -> None:
        """Read every reaction, so that it subscribes."""
        package = import_module("reactions")
        for module in iter_modules(package.__path__):
            if module.name != "apps":
                import_module(f"reactions.{module.name}")
