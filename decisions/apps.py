"""Django's entry for links to decisions."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """How a mail leads to the decision that it asks for."""

    name = "decisions"
    verbose_name = _("Links to decisions")

    def ready(self) -> None:
        """Lead from mails about what is decided on, and hear of what was decided by way of them."""
        from decisions import links, marks  # noqa: F401 - they subscribe
