"""What an item of a plan is called and how it stands, whether the whole of it was read or only what a list shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import PaymentTerm
from core import clock
from execution.flow.lanes import Lane
from execution.flow.states import Progress
from reports.periods import closes

if TYPE_CHECKING:
    from datetime import date, datetime

SETTLED = (Progress.DONE, Progress.WAIVED)
CALLED = {"line:services": gettext_lazy("Services"), "line:development": gettext_lazy("custom development")}
"""What is said of a whole contract, by the keys of its items."""


class Look:
    """An item as it is looked at; whoever is one has these columns of it."""

    if TYPE_CHECKING:
        key = lane = title = instalment = progress = due_on = cast("Any", None)

    @property
    def words(self) -> str:
        """What it is: its kind of work, and what of it."""
        lane, name = str(Lane(self.lane).label), self.name
        return lane if name == lane else _("%(lane)s: %(item)s") % {"lane": lane, "item": name}

    @property
    def name(self) -> str:
        """What it is called: as somebody wrote it, or what it was drawn from, in the reader's language."""
        if self.instalment:
            return f"{PaymentTerm.Kind(self.instalment).label} {self.title}".strip()
        return str(self.title or CALLED.get(self.key) or Lane(self.lane).label)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be done of it any more."""
        return self.progress in SETTLED

    @property
    def due_at(self) -> datetime | None:
        """The end of the day on which it is due."""
        return closes(self.due_on) if self.due_on is not None else None

    def is_overdue(self, at: datetime) -> bool:
        """Whether its time has passed and it is still to be done."""
        return self.is_late(clock.local(at).date())

    def is_late(self, today: date) -> bool:
        """The same, asked of a day."""
        return self.due_on is not None and bool(self.due_on < today) and not self.is_settled
