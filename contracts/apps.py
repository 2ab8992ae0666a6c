"""Django's entry for contracts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """Contracts, from their first draft to the archive."""

    name = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        """Register the process with the kernel."""
        from contracts import documents
        from contracts.process import CONTRACTS
        from workflow import registry

        registry.register(CONTRACTS)
        documents.declare()
