"""Django's entry for documents."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Forms that are documents."""

    name = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Make the process known, and what follows on its acts."""
        from documents import following  # noqa: F401 - it subscribes to facts
        from documents.process import DOCUMENTS
        from workflow import registry

        registry.register(DOCUMENTS)
