"""Django's entry for canned texts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TextsConfig(AppConfig):
    """What is written again and again, kept once."""

    name = "texts"
    verbose_name = _("Canned texts")
