"""Very many tickets whose time has come, made in bulk, and what must be there when all is done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection

from core import clock
from notifications.models import Notice, Sending
from tests.support.processes import wait_until
from workflow.models import Deadline, DeadlinePolicy, Entry, Firing, OutboxMessage, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast, University

LEVELS = (1, 2)
"""Warned and missed: both are due, the escalation is not."""


@dataclass(frozen=True)
class Due:
    """Deadlines that are due, and the people who must hear of each."""

    count: int
    recipients: dict[int, set[int]]

    @property
    def fired(self) -> int:
        """How many levels have fired so far."""
        # A statement of its own each time: nothing here may hold a transaction open.
        return Firing.objects.count()

    def wait(self, seconds: float = 120) -> None:
        """Wait until everything that is due has fired."""
        wait_until(lambda: self.fired >= self.count * len(LEVELS), seconds, "not everything that was due has fired")

    def settle(self, seconds: float = 120) -> None:
        """Wait until the outbox has nothing left to do."""
        left = OutboxMessage.objects.filter(done_at__isnull=True, failed_at__isnull=True)
        wait_until(lambda: not left.filter(available_at__lte=clock.now()).exists(), seconds, "the outbox is not empty")

    def verify(self, *, late: bool = True) -> None:
        """Everything has happened once: the levels, what the timeline says of them, and who was told."""
        deadlines = list(Deadline.objects.values_list("pk", flat=True))
        fired = Counter(Firing.objects.values_list("deadline", "level"))
        assert fired == Counter((deadline, level) for deadline in deadlines for level in LEVELS)
        said = Counter(
            (e.data["deadline"], e.data["level"]) for e in Entry.objects.filter(verb__startswith="deadline.")
        )
        assert said == fired
        self._verify_notices()
        assert set(Firing.objects.values_list("late", flat=True)) == {late}
        assert Record.objects.filter(wake_at__lte=clock.now()).count() == 0
        call_command("verify_timeline", stdout=StringIO())

    def _verify_notices(self) -> None:
        told = Counter(Notice.objects.values_list("entry__record", "entry__data__level", "recipient"))
        expected = Counter(
            (record, level, person)
            for record in Record.objects.values_list("pk", flat=True)
            for level in LEVELS
            for person in self.recipients[level]
        )
        assert told == expected
        sent = Counter(Sending.objects.values_list("notice", "way"))
        assert set(sent.values()) <= {1}


@pytest.fixture
def due(cast: Cast, university: University) -> Callable[..., Due]:
    """Make so many dispatched tickets whose response was due at a moment: `due(2000, ago=timedelta(hours=2))`."""

    def make(count: int, *, ago: timedelta = timedelta(hours=2)) -> Due:
        policy = DeadlinePolicy.objects.filter(timer="ticket.response", match={"severity": "general"}).get()
        due_at = clock.now() - ago
        started = due_at - timedelta(hours=24)
        records = Record.objects.bulk_create(_record(n, started, cast, university) for n in range(count))
        Deadline.objects.bulk_create(_deadline(record, policy, started, due_at) for record in records)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE workflow_record, workflow_deadline")
        meant = {
            "handler": cast.engineer.pk,
            "specialist": cast.specialist.pk,
            "account_owner": cast.account_manager.pk,
            "supervisor": cast.supervisor.pk,
        }
        levels = {level.position: level.recipients for level in policy.levels.filter(position__in=LEVELS)}
        return Due(count, {position: {meant[code] for code in codes} for position, codes in levels.items()})

    return make


def _record(n: int, started: datetime, cast: Cast, university: University) -> Record:
    return Record(
        kind="ticket",
        number=f"TK-20260101-{n + 1:04d}",
        title=f"{n}",
        customer=university.organisation,
        state="dispatched",
        handler=cast.engineer,
        specialist=cast.specialist,
        created_at=started,
        updated_at=started,
        wake_at=started + timedelta(hours=18),
    )


def _deadline(record: Record, policy: DeadlinePolicy, started: datetime, due_at: datetime) -> Deadline:
    return Deadline(
        record=record,
        timer=policy.timer,
        rule=policy.rule,
        policy=policy,
        policy_version=policy.version,
        clock=policy.clock,
        allowed=timedelta(hours=24),
        started_at=started,
        due_at=due_at,
        next_level=1,
        next_fire_at=started + timedelta(hours=18),
    )
