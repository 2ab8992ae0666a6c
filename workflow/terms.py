"""The terms of a deadline: which clock, how long, which levels. What runs keeps the terms that it was set under.

Terms are values made from a policy and its calendar, known by a digest of all that they say. They are kept (`keep`)
with the first deadline that is set under them, so that editing a policy or a calendar changes nothing that runs until
an administrator decides so (`recompute`), and every due time can be explained for ever.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from calendars import schedules
from core import clock
from workflow.clocks import ELAPSED
from workflow.models import KeptTerms
from workflow.models.deadlines import Clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calendars.algebra import Schedule
    from calendars.models import WorkCalendar
    from workflow.clocks import Running
    from workflow.models import DeadlinePolicy, PolicyLevel


@dataclass(frozen=True)
class Step:
    """A level as terms hold it. `position` is its number for ever, whatever comes between."""

    position: int
    kind: str
    share: int
    recipients: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """What a deadline runs under. `schedule` is None for a clock that runs day and night."""

    id: uuid.UUID
    policy_id: int
    version: int
    rule: str
    minutes: int
    clock: str
    tightening: str
    schedule_id: uuid.UUID | None
    steps: tuple[Step, ...]
    schedule: Schedule | None

    @property
    def running(self) -> Running:
        """The clock that it runs by."""
        return self.schedule or ELAPSED

    def step(self, position: int) -> Step | None:
        """The level of a number, if there is one."""
        return next((step for step in self.steps if step.position == position), None)

    def after(self, fired: Sequence[int]) -> Step | None:
        """The level that fires next when those numbers have fired: the first after the last of them."""
        done = [place for place, step in enumerate(self.steps) if step.position in fired]
        rest = self.steps[done[-1] + 1 :] if done else self.steps
        return rest[0] if rest else None


def calendar_of(policy: DeadlinePolicy) -> WorkCalendar | None:
    """The calendar by which a policy counts, if it counts working time: its own, else the company's."""
    if policy.clock == Clock.ELAPSED:
        return None
    return policy.calendar or schedules.default_calendar()


def present(policy: DeadlinePolicy, levels: Sequence[PolicyLevel], calendar: WorkCalendar | None) -> Terms:
    """The terms of a policy as it is now, with its levels and `calendar_of` it."""
    found = schedules.kept_of(calendar) if calendar is not None else None
    ordered = sorted(levels, key=lambda level: (level.share, level.position))
    steps = tuple(Step(each.position, each.kind, each.share, tuple(each.recipients)) for each in ordered)
    said = [
        policy.pk,
        policy.rule,
        policy.minutes,
        policy.clock,
        policy.tightening,
        str(found.id) if found else None,
        [asdict(step) for step in steps],
    ]
    digest = sha256(json.dumps(said, ensure_ascii=False).encode()).digest()
    return Terms(
        id=uuid.UUID(bytes=digest[:16]),
        policy_id=policy.pk,
        version=policy.version,
        rule=policy.rule,
        minutes=policy.minutes,
        clock=policy.clock,
        tightening=policy.tightening,
        schedule_id=found.id if found else None,
        steps=steps,
        schedule=found.schedule if found else None,
    )


@lru_cache(maxsize=512)
def kept(key: uuid.UUID) -> Terms:
    """Terms that were kept; asked of the database once. Raises KeptTerms.DoesNotExist."""
    row = KeptTerms.objects.get(pk=key)
    return Terms(
        id=row.id,
        policy_id=row.policy_id,
        version=row.version,
        rule=row.rule,
        minutes=row.minutes,
        clock=row.clock,
        tightening=row.tightening,
        schedule_id=row.schedule_id,
        steps=tuple(Step(**{**step, "recipients": tuple(step["recipients"])}) for step in row.levels),
        schedule=schedules.kept(row.schedule_id) if row.schedule_id else None,
    )


_stored: set[uuid.UUID] = set()
"""Terms that this process knows to be stored; only what has been committed."""


def keep(terms: Terms, calendar: WorkCalendar | None) -> None:
    """See to it that the terms are stored, together with the schedule of the calendar that they were made from."""
    if terms.id in _stored:
        return
    if calendar is not None:
        schedules.keep(calendar)
    row = KeptTerms(
        id=terms.id,
        policy_id=terms.policy_id,
        version=terms.version,
        rule=terms.rule,
        minutes=terms.minutes,
        clock=terms.clock,
        tightening=terms.tightening,
        schedule_id=terms.schedule_id,
        levels=[asdict(step) for step in terms.steps],
        kept_at=clock.now(),
    )
    KeptTerms.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(lambda: _stored.add(terms.id))
