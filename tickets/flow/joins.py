"""How tickets join and part: a duplicate is merged into another, a second issue becomes a ticket of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from tickets.events import TicketMerged, TicketSplit
from tickets.flow.states import DESK, UNRESOLVED, State
from workflow.beside import BESIDE, acting_beside
from workflow.flow import Flow, Need, verb
from workflow.parties import HANDLER, SPECIALIST, SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.flow import Act

RESPONSE = "ticket.response"
ENDS_BY_ITSELF = Need(
    lambda ticket: not ticket.emergency,
    _("An emergency is not merged: whoever called is told its result, and followed up."),
    rule="OFH-08",
)


class JoinActs(Flow):
    """A duplicate ends as merged, and the other ticket goes on for both; what is split off goes on by itself."""

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        merged_into = took_in = cast("Any", None)

    @verb(
        UNRESOLVED,
        State.MERGED,
        by=SPECIALIST | HANDLER | DESK,
        label=_("Merge"),
        needs=(ENDS_BY_ITSELF,),
        tone="quiet",
        public=True,
        icon="git-merge",
    )
    def merge(self, act: Act, merged_into: Any, text: str = "") -> None:
        """It is the same as another ticket of the customer, which goes on for both."""
        self.merged_into = merged_into
        act.announce(TicketMerged, into_id=merged_into.pk)

    @verb(
        UNRESOLVED,
        None,
        by=BESIDE | SYSTEM,
        when=acting_beside,
        label=_("Take in a duplicate"),
        public=True,
        icon="git-merge",
    )
    def take_in(  # the other side of a merge
        self,
        act: Act,
        merged: str,
        title: str,
        body: str,
        contact: str = "",
        phone: str = "",
        waiting_since: datetime | None = None,
    ) -> None:
        """What a duplicate has brought; whoever has waited longer there is answered in that time (TKT-16 to TKT-18)."""
        self.took_in += 1
        if waiting_since is not None:
            act.count_from(RESPONSE, waiting_since)

    @verb(
        (*UNRESOLVED, State.RESOLVED),
        None,
        by=SPECIALIST | HANDLER | DESK,
        label=_("Split"),
        tone="quiet",
        public=True,
        icon="arrows-split",
    )
    def split(self, act: Act, **said: Any) -> None:
        """A second issue becomes a ticket of its own, with a clock of its own, and is routed like any other."""
        act.announce(TicketSplit, said=_as_typed(said))


def _as_typed(said: dict[str, Any]) -> dict[str, Any]:
    """Answers as a form takes them: rows by their keys, a contact who is new by the name."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        if not isinstance(value, Model):
            found[name] = value
        elif value.pk is None:
            found[f"{name}_text"] = getattr(value, "name", str(value))
        else:
            found[name] = value.pk
    return found


__all__ = ("JoinActs",)
