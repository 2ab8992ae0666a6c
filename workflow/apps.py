"""Django's entry for the kernel."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    """The kernel: it draws everything from what processes register."""

    name = "workflow"
    verbose_name = _("Processes")

    def ready(self) -> None:
        """Make the kernel's checks known."""
        from workflow import checks  # noqa: F401 - registers on import, once models are loaded
