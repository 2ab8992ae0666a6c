"""Who has to do with the items of a plan: the owners of all or of a lane, and whoever confirms that all is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from execution.flow.lanes import Lane
from workflow import registry
from workflow.parties import Part, Party, PersonPart, Slot, introduce

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from people.models import User
    from workflow.models import Record


def _plan(record: Record) -> Any:
    """The plan of an execution, also where only its parent row is at hand; None of any other record."""
    return getattr(record if hasattr(record, "plan") else record.concrete, "plan", None)


@dataclass(frozen=True)
class OwnersPart(Part):
    """Whoever owns an item that is still to be done, of one lane or of any."""

    lane: str = ""

    def includes(self, user: User, record: Record) -> bool:
        """Whether one of those items is the person's."""
        plan = _plan(record) if record.pk is not None and not user.is_customer else None
        return plan is not None and any(item.owner_id == user.pk for item in plan.unsettled(self.lane))

    def slots(self, record: Record) -> list[Slot]:
        """The lists of the owners of what can be done now, each with the time of the first of it."""
        plan = _plan(record)
        firsts: dict[int, Any] = {}
        for item in plan.waiting(self.lane) if plan is not None else ():
            due, known = item.due_at, firsts.get(item.owner_id)
            if item.owner_id not in firsts or (due is not None and (known is None or due < known)):
                firsts[item.owner_id] = due
        return [Slot(user_id=owner, due_at=due) for owner, due in firsts.items()]

    def named(self, record: Record) -> str:
        """The label with the owners' names."""
        plan = _plan(record) if record.pk is not None else None
        owners = [str(item.owner) for item in plan.unsettled(self.lane) if item.owner is not None] if plan else []
        return f"{self.label} ({', '.join(dict.fromkeys(owners))})" if owners else str(self.label)

    def of_records(self, records: Sequence[Record]) -> Mapping[int, list[int]]:
        """The owners in many executions at once."""
        execution: Any = registry.get("execution").model
        found: Mapping[int, list[int]] = execution.owners_of([record.pk for record in records], self.lane)
        return found

    def of_subjects(self, subjects: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], list[int]] | None:
        """What is said of one item is said to its owner, or to those whose items hold it up."""
        execution: Any = registry.get("execution").model
        found: Mapping[tuple[int, str], list[int]] = execution.asked_for(subjects)
        return found


ITEM_OWNERS = introduce(Party((OwnersPart("item_owners", _("owners of what is to be done")),)))
LANE_OWNERS = {
    lane: introduce(Party((OwnersPart(f"owners_{lane}", format_lazy(_("owner of “{lane}”"), lane=lane.label), lane),)))
    for lane in Lane
}
CONFIRMER = introduce(
    Party(
        (
            PersonPart(
                "confirmer",
                _("account manager, once all is done"),
                lambda record: record.handler_id if _is_all_done(record) else None,
                lambda record: record.handler,
            ),
        )
    )
)


def _is_all_done(record: Record) -> bool:
    plan = _plan(record)
    return plan is not None and not plan.unsettled()
