"""The sweep: whatever is due is fired, once, however many sweep at once and whoever dies on the way.

It asks for records by the moment they want to be woken, so its cost grows with what is due and not with what exists.
Each batch is one transaction; a batch that fails is done again record by record, and only the culprit is put off.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Min

from core import clock
from core.bulk import update_many
from people.actors import SYSTEM
from workflow import deadlines, timeline
from workflow.engine import perform
from workflow.kick import kick_after_commit
from workflow.models import Deadline, Firing, Record
from workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.models import Entry

logger = logging.getLogger(__name__)
BATCH = 500
_PUT_OFF = timedelta(minutes=5)


@dataclass
class SweepReport:
    """What one sweep did: levels fired, verbs that the system performed, records put off because of a fault."""

    fired: int = 0
    performed: int = 0
    failed: int = 0


def run(limit: int = 20_000) -> SweepReport:
    """Fire what is due, at most `limit` records of it."""
    report = SweepReport()
    left = limit
    while left > 0:
        size = min(BATCH, left)
        taken = _batch(size, report)
        left -= size
        if taken < size:
            break
    return report


def _batch(size: int, report: SweepReport) -> int:
    try:
        with transaction.atomic():
            records = _take(size)
            acting = _fire(records, report)
    except Exception:  # one record's fault must not stop the others
        logger.exception("a batch of deadlines failed and is done one by one")
        return _one_by_one(size, report)
    for record, deadline_id, verb in acting:
        _let_act(record, deadline_id, verb, report)
    return len(records)


def _take(size: int, only: Sequence[int] | None = None) -> list[Record]:
    """Lock records that want to be woken; rows that another sweep or an act holds are left to it.

    Locked first and read after, since one statement would join people and customers as they were before the lock.
    """
    rows = Record.objects.filter(wake_at__lte=clock.now())
    if only is not None:
        rows = rows.filter(pk__in=only)
    locked = rows.select_for_update(no_key=True, skip_locked=True).order_by("wake_at", "pk")
    keys = list(locked.values_list("pk", flat=True)[:size])
    return list(Record.objects.select_related("customer", "handler").filter(pk__in=keys).order_by("wake_at", "pk"))


def _fire(records: list[Record], report: SweepReport) -> list[tuple[Record, int, str]]:
    """Fire all levels due on locked records; returns what the system must then do by itself."""
    if not records:
        return []
    at = clock.now()
    entries: list[Entry] = []
    firings: list[Firing] = []
    changed: list[Deadline] = []
    acting: list[tuple[Record, int, str]] = []
    books = deadlines.open_books(records)
    for book in books.values():
        entries.extend(deadlines.settle(book, at))
        firings.extend(book.firings)
        changed.extend(book.changed)
        acting.extend(_verbs_due(book))
        book.seal()
    if changed:
        update_many(changed, deadlines.CHANGED)
    Firing.objects.bulk_create(firings, batch_size=500)
    update_many(records, ["timeline_length", "timeline_head", "due_at", "wake_at"])
    timeline.write(entries, {record.pk: record for record in records})
    if entries:
        kick_after_commit()
    report.fired += len(firings)
    return acting


def _verbs_due(book: deadlines.Book) -> list[tuple[Record, int, str]]:
    at = clock.now()
    return [
        (book.record, deadline.pk, then)
        for deadline in book.open
        if (then := book.flow.timer(deadline.timer).then) and deadline.next_fire_at and deadline.next_fire_at <= at
    ]


def _let_act(record: Record, deadline_id: int, verb: str, report: SweepReport) -> None:
    """Perform the verb that a deadline asks for; a fault puts it off, and nothing else."""
    try:
        perform(record, verb, actor=SYSTEM, key=f"deadline:{deadline_id}")
        report.performed += 1
    except Exception as error:  # one record's fault must not stop the others
        if not Deadline.objects.open().filter(pk=deadline_id).exists():
            return  # another sweep, or a person, was there first
        if not isinstance(error, Refused):
            logger.exception("%s could not be performed on %s", verb, record.number)
        _put_off(record.pk, report)


def _one_by_one(size: int, report: SweepReport) -> int:
    waiting = Record.objects.filter(wake_at__lte=clock.now()).order_by("wake_at", "pk")
    keys = list(waiting.values_list("pk", flat=True)[:size])
    for key in keys:
        try:
            with transaction.atomic():
                acting = _fire(_take(1, [key]), report)
        except Exception:  # the culprit; the others go on
            logger.exception("the deadlines of record %s failed and are put off", key)
            _put_off(key, report)
            continue
        for record, deadline_id, verb in acting:
            _let_act(record, deadline_id, verb, report)
    return len(keys)


def _put_off(key: int, report: SweepReport) -> None:
    """Wake a record a little later, or when the next of its deadlines has something to do."""
    report.failed += 1
    now = clock.now()
    with transaction.atomic():
        running = Deadline.objects.open().filter(record=key)
        running.filter(next_fire_at__lte=now).update(failures=F("failures") + 1)
        first = running.filter(next_fire_at__gt=now).aggregate(first=Min("next_fire_at"))["first"]
        again = min(filter(None, (now + _PUT_OFF, first)))
        Record.objects.filter(pk=key, wake_at__lte=now).update(wake_at=again)
