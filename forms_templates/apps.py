"""Django's entry for the printed forms."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsTemplatesConfig(AppConfig):
    """Definitions, versions and printing of forms."""

    name = "forms_templates"
    verbose_name = _("Forms")
