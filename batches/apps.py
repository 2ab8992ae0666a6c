"""Django's entry for batches."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BatchesConfig(AppConfig):
    """Many documents at once."""

    name = "batches"
    verbose_name = _("Batches")
