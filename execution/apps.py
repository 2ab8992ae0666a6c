"""Django's entry for the execution of contracts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExecutionConfig(AppConfig):
    """Contracts in force, carried out item by item until the service director signs Serv101."""

    name = "execution"
    verbose_name = _("Execution of contracts")

    def ready(self) -> None:
        """Register the process with the kernel."""
        from execution import documents
        from execution.process import EXECUTIONS
        from workflow import registry

        registry.register(EXECUTIONS)
        registry.keep("EXE-11", _("Contracts in execution"), "desk:execution-portfolio")
        documents.declare()
