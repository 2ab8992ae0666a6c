"""Django's entry for lists at work."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    """Which records a list shows, whoever asks for them."""

    name = "lists"
    verbose_name = _("Lists")

    def ready(self) -> None:
        """Say early what is held in memory, so that every page asks for its stamps together with all else."""
        import_module("lists.shelf")
