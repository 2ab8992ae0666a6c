"""The nightly proof: every open deadline, worked out anew from its own terms, is where it is stored.

Nothing is written to records. What seems to have drifted is looked at again under its lock, since an act may have come
between two of the statements by which it was read.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from core import clock
from core.held import asked_once
from workflow import deadlines, recompute
from workflow.clocks import course_of
from workflow.models import ClockCheck, Deadline, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.deadlines import Book

logger = logging.getLogger(__name__)
BATCH = 500
MOST_SAMPLES = 20


def check() -> ClockCheck:
    """Look at every open deadline, in batches, and store what was found."""
    found = ClockCheck(at=clock.now(), samples=[])
    reached = 0
    while keys := _next_records(reached):
        with asked_once():
            _look(keys, found)
        reached = keys[-1]
    found.save()
    if found.drifted:
        logger.error("%s deadlines have drifted, for instance of %s", found.drifted, ", ".join(found.samples[:5]))
    return found


def _next_records(reached: int) -> list[int]:
    rows = Deadline.objects.open().filter(record__gt=reached).order_by("record").values_list("record", flat=True)
    return list(rows.distinct()[:BATCH])


def _look(keys: Sequence[int], found: ClockCheck) -> None:
    records = recompute.read(keys)
    books = deadlines.open_books(records)
    for key, book in books.items():
        found.examined += len(book.open)
        if _drifted(book) and (really := _under_lock(key)):
            found.drifted += really
            found.samples = [*found.samples, book.record.number][:MOST_SAMPLES]
    worked_out = recompute.worked_out(records, recompute.all_timers(), found.at)
    found.waiting += sum(change.tells for _book, _due, changes in worked_out for change in changes)


def _under_lock(key: int) -> int:
    with transaction.atomic():
        list(Record.objects.filter(pk=key).select_for_update(no_key=True).values_list("pk"))
        (record,) = recompute.read([key])
        return _drifted(deadlines.open_book(record))


def _drifted(book: Book) -> int:
    """How many times of a record are not those that follow from what it is made of."""
    wrong = sum(_is_wrong(book, deadline) for deadline in book.open)
    stored = (book.record.due_at, book.record.wake_at)
    put_off = any(deadline.failures for deadline in book.open)
    book.seal()
    due, wake = book.record.due_at, book.record.wake_at
    # A fault wakes a record later than its deadlines would.
    return wrong or int(stored[0] != due or (not put_off and stored[1] != wake))


def _is_wrong(book: Book, deadline: Deadline) -> bool:
    under = book.policies.of(deadline)
    course = course_of(deadline, under, book.standstills(deadline))
    due = course.after(deadline.allowed)
    if due is not None and due != deadline.due_at:
        return True
    if book.flow.timer(deadline.timer).then:
        return deadline.next_fire_at != due
    step = under.step(deadline.next_level)
    return deadline.next_fire_at != (course.after(deadline.allowed * step.share / 100) if step else None)
