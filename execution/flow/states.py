"""Where an execution and the items of its plan can stand, and who has to do with one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.parties import role


class State(models.TextChoices):
    """Where an execution stands."""

    STARTED = "started", _("Started")
    IN_PROGRESS = "in_progress", _("Under way")
    CONFIRMING = "confirming", _("Being confirmed")
    SIGNED = "signed", _("Signed")
    ARCHIVED = "archived", _("Archived")
    TERMINATED = "terminated", _("Terminated")


class Progress(models.TextChoices):
    """How far an item has come."""

    OPEN = "open", _("to be done")
    IN_PROGRESS = "in_progress", _("being done")
    DONE = "done", _("completed")
    WAIVED = "waived", _("waived")


AT_WORK = (State.STARTED, State.IN_PROGRESS)
"""In which items are worked on."""
BEFORE_SIGNING = (*AT_WORK, State.CONFIRMING)
DIRECTOR = role("service_director")
LEADERS = role("service_director", "vice_president")
