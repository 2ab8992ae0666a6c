"""Django's entry for the way to R&D's JIRA."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JiraConfig(AppConfig):
    """What is passed on to R&D's JIRA, and what comes back."""

    name = "jira"
    verbose_name = _("R&D in JIRA")

    def ready(self) -> None:
        """Answer the outbox."""
        from jira import fetching, inbound, outbound  # noqa: F401 - they register on import
