"""Django's entry for the knowledge base."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    """What was learnt from customers' issues, written down for whoever meets them again."""

    name = "knowledge"
    verbose_name = _("Knowledge base")

    def ready(self) -> None:
        """Register the processes with the kernel."""
        from knowledge.process import ARTICLES, DIGESTS, SUMMARIES
        from workflow import registry

        for process in (ARTICLES, DIGESTS, SUMMARIES):
            registry.register(process)
