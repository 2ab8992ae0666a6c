"""Django's entry for the kernel."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    """The kernel: it draws everything from what processes register."""

    name = "workflow"
    verbose_name = _("Processes")

    def ready(self) -> None:
        """Make the kernel's checks known, and to people what substitutes can be for."""
        from people import scopes
        from workflow import checks, registry  # noqa: F401 - checks register on import, once models are loaded
        from workflow.approvals import vacancies  # noqa: F401 - it listens to who leaves

        scopes.supply(lambda: [(process.kind, process.plural) for process in registry.all_processes()])
