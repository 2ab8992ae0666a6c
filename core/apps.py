"""Django's entry for the core package."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground floor: it has no tables of its own."""

    name = "core"
