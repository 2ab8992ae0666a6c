"""Why due then?: a deadline's due time told as the steps that lead to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from calendars.algebra import Schedule, Skipped
from workflow import registry
from workflow.clocks import Standstill, clock_of, course_of
from workflow.models import Deadline, DeadlinePause, Entry, Firing, PolicyLevel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta


@dataclass(frozen=True)
class LevelLine:
    """A level with its moment, and whether and when it fired."""

    kind: str
    share: int
    at: datetime | None
    recipients: list[str]
    fired: Firing | None


@dataclass(frozen=True)
class Explanation:
    """All that a due time rests on. `recomputed` is the due time worked out anew; it must equal the stored one."""

    deadline: Deadline
    label: str
    started_at: datetime
    allowed: timedelta
    clock: str
    policy: str
    policy_version: int
    policy_changed: bool
    pauses: Sequence[DeadlinePause]
    skipped: Sequence[Skipped]
    unannounced: Sequence[int]
    moves: Sequence[dict[str, Any]]
    levels: Sequence[LevelLine]
    recomputed: datetime | None
    schedule: Schedule | None = field(default=None)


def explain(deadline: Deadline) -> Explanation:
    """Explain one deadline, in a handful of queries."""
    policy = deadline.policy
    pauses = list(DeadlinePause.objects.filter(deadline=deadline).order_by("since"))
    course = course_of(deadline, policy, [Standstill(p.since, p.until) for p in pauses])
    clock = clock_of(deadline, policy)
    schedule = clock if isinstance(clock, Schedule) else None
    fired = {firing.level: firing for firing in Firing.objects.filter(deadline=deadline)}
    levels = [
        LevelLine(
            str(PolicyLevel.Kind(level.kind).label),
            level.share,
            fired[level.position].due_at
            if level.position in fired
            else course.after(deadline.allowed * level.share / 100),
            list(level.recipients),
            fired.get(level.position),
        )
        for level in policy.levels.order_by("position")
    ]
    flow: Any = registry.get(deadline.record.kind).model
    return Explanation(
        deadline=deadline,
        label=str(flow.timer(deadline.timer).label),
        started_at=deadline.started_at,
        allowed=deadline.allowed,
        clock=deadline.get_clock_display(),
        policy=str(policy),
        policy_version=deadline.policy_version,
        policy_changed=policy.version != deadline.policy_version,
        pauses=pauses,
        skipped=schedule.skipped_between(deadline.started_at, deadline.due_at) if schedule else (),
        unannounced=sorted(schedule.unannounced_between(deadline.started_at, deadline.due_at)) if schedule else (),
        moves=_moves(deadline),
        levels=levels,
        recomputed=course.after(deadline.allowed),
        schedule=schedule,
    )


def _moves(deadline: Deadline) -> list[dict[str, Any]]:
    """What acts have done to it, as the timeline tells."""
    until = deadline.closed_at
    entries = Entry.objects.filter(record_id=deadline.record_id, at__gte=deadline.started_at).exclude(
        verb__startswith="deadline."
    )
    if until is not None:
        entries = entries.filter(at__lte=until)
    return [
        {"at": entry.at, "verb": entry.verb, **step}
        for entry in entries.order_by("seq")
        for step in entry.data.get("deadlines", ())
        if step["timer"] == deadline.timer
    ]
