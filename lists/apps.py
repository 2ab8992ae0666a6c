"""Django's entry for lists at work."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    """Which records a list shows, whoever asks for them."""

    name = "lists"
    verbose_name = _("Lists")
