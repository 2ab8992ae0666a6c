"""The life of pages that found no document by themselves: waiting → assigned or discarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from scans.events import PageTurned, ScanAssigned
from workflow.common import Common
from workflow.flow import Wait, verb
from workflow.models.record import NEW
from workflow.parties import DEPARTMENT, SYSTEM, role

if TYPE_CHECKING:
    from workflow.flow import Act


class State(models.TextChoices):
    """Where they stand."""

    WAITING = "waiting", _("Waits for somebody")
    ASSIGNED = "assigned", _("With its document")
    DISCARDED = "discarded", _("Discarded")


class ScanFlow(Common):
    """waiting → assigned to a document, or discarded with a reason."""

    State = State
    final = (State.ASSIGNED, State.DISCARDED)
    path = (State.WAITING, State.ASSIGNED)
    waits = {State.WAITING: Wait("assign", role("customer_specialist"))}

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        about = cast("Any", None)
        pk = cast("int", None)
        title = why = cast("str", None)

    @verb(NEW, State.WAITING, by=SYSTEM, label=_("Pages without a document"), icon="inbox")
    def arrive(self, act: Act, title: str, why: str, pages: str, about: Any = None) -> None:
        """Pages have come that belong to no document, as far as the software can tell."""
        self.title, self.why, self.about = title, why, about

    @verb(
        State.WAITING,
        State.ASSIGNED,
        by=DEPARTMENT,
        label=_("Assign to a document"),
        rules=("FRM-13",),
        tone="primary",
        icon="file-search",
    )
    def assign(self, act: Act, document: Any) -> None:
        """Say to which document the pages belong; they are attached to it, and it counts as signed."""
        self.about = document
        act.announce(ScanAssigned, document_id=document.pk)

    @verb(State.WAITING, None, by=DEPARTMENT, label=_("Turn a page"), tone="quiet", icon="refresh")
    def turn(self, act: Act, page: int, turn: int) -> None:
        """Turn a page upright, clockwise."""
        act.announce(PageTurned, page=page, turn=turn)

    @verb(State.WAITING, State.DISCARDED, by=DEPARTMENT, label=_("Discard"), tone="danger", icon="ban")
    def discard(self, act: Act, reason: str) -> None:
        """The pages are none that are kept; why stands on record."""
