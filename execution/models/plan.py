"""The plan of an execution as a whole: what is open, what blocks what, what is due, and since when it stands still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.text import listed
from execution.flow.lanes import Lane, way_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from execution.models.item import PlanItem


@dataclass
class Plan:
    """The items of one execution, in their order."""

    items: list[PlanItem]

    def find(self, key: object) -> PlanItem | None:
        """The item of a primary key, as text or number."""
        return next((item for item in self.items if str(item.pk) == str(key)), None)

    def of(self, lane: str) -> list[PlanItem]:
        """The items of a lane."""
        return [item for item in self.items if item.lane == lane]

    def settled(self) -> list[PlanItem]:
        """What is done or waived."""
        return [item for item in self.items if item.is_settled]

    def unsettled(self, lane: str = "") -> list[PlanItem]:
        """What is neither done nor waived, of one lane or of all."""
        return [item for item in self.items if not item.is_settled and lane in {"", item.lane}]

    def blockers(self, item: PlanItem) -> list[PlanItem]:
        """What an item waits for, unless it may go ahead all the same."""
        if item.is_settled or item.freed:
            return []
        return [other for other in self.items if other is not item and not other.is_settled and item.needs_first(other)]

    def blocked(self) -> list[PlanItem]:
        """What waits for something else."""
        return [item for item in self.items if self.blockers(item)]

    def ready(self, lane: str = "") -> list[PlanItem]:
        """What can be done now."""
        return [item for item in self.unsettled(lane) if not self.blockers(item)]

    def waiting(self, lane: str = "") -> list[PlanItem]:
        """What waits for its owner here; what is done by a record of its own waits there."""
        return [item for item in self.ready(lane) if item.owner_id is not None and item.record_id is None]

    def to_begin(self) -> list[PlanItem]:
        """What is done by a process, and whose record is not there yet."""
        return [item for item in self.unsettled() if item.record_id is None and way_of(item.lane) is not None]

    def dues(self, lane: str = "") -> dict[str, datetime]:
        """By when each item that is still to be done has to be, of one lane or of all, by its key."""
        return {item.key: item.due_at for item in self.unsettled(lane) if item.due_at is not None}

    def asked(self, key: str) -> list[PlanItem]:
        """Who is to hear that an item is due: itself, or what holds it up in the end and can be done now."""
        start = next((item for item in self.items if item.key == key), None)
        found: dict[int, PlanItem] = {}
        seen: set[str] = set()
        todo = [start] if start is not None else []
        while todo:
            item = todo.pop()
            seen.add(item.key)
            before = self.blockers(item)
            if not before:
                found[item.position] = item
            todo += [other for other in before if other.key not in seen]
        return [found[position] for position in sorted(found)]

    @property
    def next_due_on(self) -> date | None:
        """The first day on which something is due."""
        return min((item.due_on for item in self.unsettled() if item.due_on is not None), default=None)

    def stuck_since(self) -> datetime | None:
        """Since when, or from when on, it stands still: what is due, or what could be done and has no time set."""
        moments = [item.due_at for item in self.unsettled() if item.due_at is not None]
        moments += [item.ready_at for item in self.ready() if item.due_at is None and item.ready_at is not None]
        return min(moments, default=None)

    def note_ready(self, at: datetime) -> None:
        """Write down since when each open item waits for nothing else."""
        for item in self.items:
            if item.is_settled or self.blockers(item):
                item.ready_at = None
            elif item.ready_at is None:
                item.ready_at = at

    def date_payments(self) -> None:
        """Give instalments their day that are due so long after something that is done now."""
        for item in self.of(Lane.MONEY):
            days = [other.done_on for other in self.of(item.after)] if item.after else []
            known = [day for day in days if day is not None]
            if item.due_on is None and not item.is_settled and days and len(known) == len(days):
                item.due_on = item.days_after(max(known))

    def merge(self, said: list[PlanItem], number: str) -> list[PlanItem]:
        """Become what an amended contract says: change what it changes, drop what it drops; gives what is new.

        Of a part (lines, promises, instalments) of which the amendment says nothing, nothing is dropped.
        """
        known = {item.key: item for item in self.items}
        for item in said:
            if (old := known.get(item.key)) is not None and not old.is_settled:
                old.take_over(item)
        parts, kept = {item.part for item in said}, {item.key for item in said}
        for item in self.unsettled():
            if item.key not in kept and item.part in parts:
                with override("zh-hans"):
                    item.waive(_("No longer promised since the amendment %(number)s.") % {"number": number})
        new = [item for item in said if item.key not in known]
        for position, item in enumerate(new, start=len(self.items) + 1):
            item.position = position
        self.items.extend(new)
        return new

    def open_words(self) -> str:
        """What is still open, and whose it is, as one sentence."""
        named = listed(f"{item} ({item.owner})" if item.owner is not None else str(item) for item in self.unsettled())
        return _("Not done yet: %(items)s.") % {"items": named}
