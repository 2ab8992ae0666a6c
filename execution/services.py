"""Questions about executions, how items follow records, and what is to be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core import clock
from execution.flow.states import BEFORE_SIGNING
from execution.models import Execution, PlanItem
from people.actors import SYSTEM
from workflow.engine import perform
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.models import Contract
    from people.models import User

KIND = "execution"


def execution_of(contract: Contract) -> Execution | None:
    """How a contract is carried out; None before the service department has its copy."""
    found: Any = Execution.objects.filter(carries_out=contract.pk).first()
    return found  # type: ignore[no-any-return] # the manager is declared so


def by_contract(keys: Collection[int]) -> Mapping[int, Execution]:
    """The executions of many contracts, by the contracts' keys; one query."""
    rows: Any = Execution.objects.filter(carries_out__in=keys)
    return {row.carries_out_id: row for row in rows}


def next_items(execution: Execution) -> list[tuple[PlanItem, User]]:
    """What can be done now, with who does it: an execution that is played through asks again after each act."""
    doer: Any = execution.handler
    return [(item, item.owner or doer) for item in execution.plan.ready() if item.owner is not None or doer is not None]


# --- items that are done by records -----------------------------------------------------------------------------------
def followed(keys: Collection[int]) -> frozenset[int]:
    """Which of these records items follow."""
    return frozenset(PlanItem.objects.filter(record__in=keys).values_list("record_id", flat=True))


def follow(record_id: int) -> None:
    """Let the items that a record does be as far as it is now; what stands there already is left alone."""
    record = Record.objects.get(pk=record_id)
    day = clock.local(record.closed_at or record.updated_at).date()
    rows = PlanItem.objects.filter(record=record, execution__state__in=BEFORE_SIGNING)
    for item in rows.select_related("execution").order_by("pk"):
        progress = item.progress_of(record)
        if progress != item.progress:
            said = {"item": item.pk, "progress": progress.value, "number": record.number, "done_on": day}
            perform(item.execution, "follow_item", actor=SYSTEM, data=said)
