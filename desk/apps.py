"""Django's entry for the staff's desk."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The staff's face of the house."""

    name = "desk"
    verbose_name = _("Desk")
