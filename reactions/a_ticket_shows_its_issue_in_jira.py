"""TKT-24: whoever may see a ticket sees its issue in JIRA beside it, with its state and the way there."""

from __future__ import annotations

from jira.panels import ISSUE
from tickets.services import KIND
from workflow import registry

registry.add_panel(KIND, ISSUE)
