"""Django's entry for the search."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Finding what one may see."""

    name = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Listen to the timeline and to master data, and answer the outbox."""
        from search import attachments, customers, records  # noqa: F401 - they register on import
