"""Django's entry for the demonstration data."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """A year of invented work, and many years of copies of it."""

    name = "demo"
    verbose_name = _("Demonstration data")
