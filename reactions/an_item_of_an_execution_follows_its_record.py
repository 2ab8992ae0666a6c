"""An item that is done by a record of its lane's process is as far as that record is, whoever moves it on.

EXE-02 to EXE-07. The records' processes do not know of executions. After the record's act, by way of the outbox:
nothing is lost, nothing is done twice, and what was told late finds the record as it is then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from execution.flow.lanes import kinds
from execution.services import follow, followed
from workflow import outbox
from workflow.hooks import on_entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow.models import Entry, OutboxMessage, Record

TOPIC = "execution.follow"


@on_entries
def tell(entries: Sequence[Entry], records: Mapping[int, Record]) -> None:
    """Note which of the records that have changed their state items follow."""
    of_lanes = kinds()
    if not of_lanes:
        return
    moved = [e for e in entries if e.from_state != e.to_state and records[e.record_id].kind in of_lanes]
    waited_for = followed([entry.record_id for entry in moved]) if moved else frozenset()
    drafts = [
        outbox.Draft(TOPIC, f"{TOPIC}:{entry.record_id}:{entry.seq}", {"record": entry.record_id})
        for entry in moved
        if entry.record_id in waited_for
    ]
    if drafts:
        outbox.enqueue_many(drafts)


@outbox.handler(TOPIC)
def go_on(message: OutboxMessage) -> None:
    """Let its items go on."""
    follow(message.payload["record"])
