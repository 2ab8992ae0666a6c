"""Django's entry for the handbook."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class HandbookConfig(AppConfig):
    """The rule catalogue and the vocabularies; no tables."""

    name = "handbook"
    verbose_name = _("Handbook")

    def ready(self) -> None:
        """Have the data checked with everything else at the start."""
        from handbook.checks import handbook_is_sound

        register(handbook_is_sound)
