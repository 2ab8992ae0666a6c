"""Django's entry for the printed forms."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from workflow import registry


class FormsTemplatesConfig(AppConfig):
    """Definitions, versions and printing of forms."""

    name = "forms_templates"
    verbose_name = _("Forms")

    def ready(self) -> None:
        """Say where the rules are kept that ask for a form each."""
        for number in range(1, 13):
            registry.keep(f"FRM-{number:02}", _("Forms"), "desk:gallery")
