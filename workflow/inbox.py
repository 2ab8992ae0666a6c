"""Keeping work items in step: what a record waits for now, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.adding import add
from core.prepared import fetch
from workflow.models import WorkItem
from workflow.parties import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from workflow.deadlines import Book
    from workflow.flow import Flow, Wait


@dataclass(frozen=True)
class _Wanted:
    key: str
    verb: str
    slot: Slot
    due_at: datetime | None


def sync(book: Book, at: datetime, *, creates: bool = False) -> None:
    """Close the work items that nothing waits for any more, and open those that something now waits for."""
    wanted = {(want.key, want.slot): want for want in _wanted(book)}
    waiting = () if creates else fetch("waiting", lambda pk: WorkItem.objects.open().filter(record=pk), book.record.pk)
    done: list[int] = []
    for item in waiting:
        want = wanted.pop((item.key, Slot(item.user_id, item.role)), None)
        if want is None:
            done.append(item.pk)
        elif item.due_at != want.due_at:
            item.due_at = want.due_at
            item.save(update_fields=["due_at"])
    if done:
        WorkItem.objects.filter(pk__in=done).update(done_at=at)
    add(
        WorkItem(
            record=book.record,
            key=want.key,
            verb=want.verb,
            user_id=want.slot.user_id,
            role=want.slot.role,
            since=at,
            due_at=want.due_at,
        )
        for want in wanted.values()
    )


def _wanted(book: Book) -> Iterator[_Wanted]:
    """What the state waits for, and what running deadlines ask beside it; the same act of the same person once."""
    flow: type[Flow] = book.flow
    found: list[_Wanted] = []
    for wait in flow.waits_in(book.record.state):
        if wait.when is not None and not wait.when(book.record):
            continue
        # One that depends on the record follows another within a state: each is a piece of work of its own.
        key = f"state:{book.record.state}" + (f":{wait.verb}" if wait.when is not None else "")
        found.extend(_slots(book, key, wait))
    for timer in flow.timers:
        if timer.work is not None and book.find(timer.code) is not None:
            found.extend(_slots(book, f"timer:{timer.code}", timer.work))
    asked: set[tuple[str, Slot]] = set()
    for want in found:
        if (want.verb, want.slot) not in asked:
            asked.add((want.verb, want.slot))
            yield want


def _slots(book: Book, key: str, wait: Wait) -> Iterator[_Wanted]:
    deadline = book.find(wait.due) if wait.due else None
    for slot in wait.for_.slots(book.record):
        yield _Wanted(key, wait.verb, slot, book.due(deadline) if deadline else slot.due_at)
