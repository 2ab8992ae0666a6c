"""Django's entry for reports."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Numbers about records."""

    name = "reports"
    verbose_name = _("Reports")
