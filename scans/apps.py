"""Django's entry for scans."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScansConfig(AppConfig):
    """Signed paper that comes back."""

    name = "scans"
    verbose_name = _("Scans")
