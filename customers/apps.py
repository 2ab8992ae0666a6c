"""Django's entry for customers."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Organisations, their contacts and their platforms."""

    name = "customers"
    verbose_name = _("Customers")
