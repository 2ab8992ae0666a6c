"""What tests of the kernel ask again and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from workflow import sweep
from workflow.engine import perform
from workflow.explain import BY_CLOCK
from workflow.models import (
    Deadline,
    DeadlinePolicy,
    Entry,
    Involvement,
    OutboxMessage,
    Record,
    WorkItem,
)

if TYPE_CHECKING:
    from people.actors import Actor
    from workflow.refusals import Refused

HOUR = timedelta(hours=1)
TIMERS = ["errand.answer", "errand.work", "errand.news", "errand.date", "errand.away"]
TABLES: tuple[Any, ...] = (Record, Entry, Deadline, WorkItem, Involvement, OutboxMessage)


def edit(policy: DeadlinePolicy, **values: Any) -> None:
    """Edit a policy as an administrator does."""
    for name, value in values.items():
        setattr(policy, name, value)
    policy.save()


def deadline(errand: Record, timer: str, cycle: int | None = None) -> Deadline:
    """The newest deadline of a timer, or that of a cycle."""
    rows = Deadline.objects.filter(record=errand.pk, timer=f"errand.{timer}").order_by("-cycle")
    return rows.get(cycle=cycle) if cycle else rows[0]


def swept(at: datetime) -> sweep.SweepReport:
    """Sweep at a moment."""
    with clock.held(at):
        return sweep.run()


def fired(errand: Record) -> list[tuple[str, bool]]:
    """The levels that have fired, in the timeline's words: kind, and whether it was late."""
    rows = Entry.objects.filter(record=errand.pk, verb__in=BY_CLOCK).order_by("seq")
    return [(row.verb.removeprefix("deadline."), row.data["late"]) for row in rows]


def footprint() -> list[Any]:
    """Everything that an act could have left behind."""
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def refused(kind: type[Refused], errand: Record, verb: str, actor: Actor, **rest: Any) -> Any:
    """Perform, expect that refusal, and expect that nothing has changed."""
    before = footprint()
    with pytest.raises(kind) as caught:
        perform(errand, verb, actor=actor, **rest)
    assert footprint() == before
    assert all(str(reason) for reason in caught.value.reasons)
    return caught.value
