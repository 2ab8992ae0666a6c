"""Why due then?: a deadline's due time told as the steps that lead to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflow import registry
from workflow.clocks import Standstill, course_of
from workflow.models import Deadline, DeadlinePause, Entry, Firing, PolicyLevel
from workflow.recompute import RECOMPUTED
from workflow.terms import calendar_of, kept, present

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from calendars.algebra import Schedule, Skipped
    from workflow.clocks import Course
    from workflow.terms import Terms

BY_CLOCK = tuple(f"deadline.{kind}" for kind in PolicyLevel.Kind.values)
"""Entries that say that a level fired: they move nothing."""


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
    calendar: str
    calendar_version: int
    calendar_changed: bool
    pauses: Sequence[DeadlinePause]
    skipped: Sequence[Skipped]
    unannounced: Sequence[int]
    moves: Sequence[dict[str, Any]]
    levels: Sequence[LevelLine]
    recomputed: datetime | None
    schedule: Schedule | None = field(default=None)

    @property
    def recomputed_by(self) -> list[dict[str, Any]]:
        """The administrators' decisions that put it under other terms."""
        return [move for move in self.moves if move["event"] == "recomputed"]


def explain(deadline: Deadline) -> Explanation:
    """Explain one deadline by the terms that it runs under, in a handful of queries."""
    policy = deadline.policy
    calendar = calendar_of(policy)
    now = present(policy, list(policy.levels.all()), calendar)
    under = kept(deadline.terms_id) if deadline.terms_id is not None else now
    pauses = list(DeadlinePause.objects.filter(deadline=deadline).order_by("since"))
    course = course_of(deadline, under, [Standstill(p.since, p.until) for p in pauses])
    schedule = under.schedule
    flow: Any = registry.get(deadline.record.kind).model
    return Explanation(
        deadline=deadline,
        label=str(flow.timer(deadline.timer).label),
        started_at=deadline.started_at,
        allowed=deadline.allowed,
        clock=deadline.get_clock_display(),
        policy=str(policy),
        policy_version=deadline.policy_version,
        policy_changed=_without_calendar(under) != _without_calendar(now),
        calendar=str(calendar or "") if schedule else "",
        calendar_version=schedule.version if schedule else 0,
        calendar_changed=now.schedule_id is not None and under.schedule_id != now.schedule_id,
        pauses=pauses,
        skipped=schedule.skipped_between(deadline.started_at, deadline.due_at) if schedule else (),
        unannounced=sorted(schedule.unannounced_between(deadline.started_at, deadline.due_at)) if schedule else (),
        moves=_moves(deadline),
        levels=_levels(deadline, under, course),
        recomputed=course.after(deadline.allowed),
        schedule=schedule,
    )


def _without_calendar(terms: Terms) -> tuple[Any, ...]:
    return terms.minutes, terms.clock, terms.tightening, terms.rule, terms.steps


def _levels(deadline: Deadline, under: Terms, course: Course) -> list[LevelLine]:
    """The levels in their order, each with its moment: those that fired keep theirs."""
    fired = {firing.level: firing for firing in Firing.objects.filter(deadline=deadline)}
    return [
        LevelLine(
            str(PolicyLevel.Kind(step.kind).label),
            step.share,
            fired[step.position].due_at
            if step.position in fired
            else course.after(deadline.allowed * step.share / 100),
            list(step.recipients),
            fired.get(step.position),
        )
        for step in under.steps
    ]


def _moves(deadline: Deadline) -> list[dict[str, Any]]:
    """What has been done to it, as the timeline tells: by acts on the record, and by recomputations."""
    until = deadline.closed_at
    entries = Entry.objects.filter(record_id=deadline.record_id, at__gte=deadline.started_at).exclude(verb__in=BY_CLOCK)
    if until is not None:
        entries = entries.filter(at__lte=until)
    steps = [
        {"at": entry.at, "verb": entry.verb, **step}
        for entry in entries.order_by("seq")
        for step in _steps(entry)
        if (step["timer"], step.get("subject", "")) == (deadline.timer, deadline.subject)
    ]
    # Rounds that began in the same moment are told apart by their order.
    same = Deadline.objects.filter(record=deadline.record_id, timer=deadline.timer, subject=deadline.subject)
    return _round(steps, same.filter(started_at=deadline.started_at, cycle__lt=deadline.cycle).count())


def _steps(entry: Entry) -> list[dict[str, Any]]:
    """What an entry says of deadlines, one table for each."""
    if entry.verb == RECOMPUTED:
        told = {name: entry.data[name] for name in ("timer", "from", "reason")}
        told["subject"] = entry.data.get("subject", "")
        return [{**told, "event": "recomputed", "due": entry.data["due_at"]}]
    return list(entry.data.get("deadlines", ()))


def _round(steps: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """The steps of one round, counted from 0: from its opening to its end.

    The act that ends a round often opens the next; how the one before has ended is no step of this one.
    """
    rounds: list[list[dict[str, Any]]] = []
    for step in steps:
        if step["event"] == "opened":
            rounds.append([step])
        elif rounds and rounds[-1][-1]["event"] not in Deadline.Outcome.values:
            rounds[-1].append(step)
    return rounds[number] if number < len(rounds) else []
