"""How JIRA is told: claimed in a transaction, carried after its commit, noted in another.

No lock is held while JIRA is spoken to. With the claim the next try is put into the outbox, so that a worker that dies
on the way loses nothing; and whatever is tried again is looked for in JIRA first (`deeds.py`), so that nothing is made
twice. A claim lasts longer than all the calls that are made under it, and ends before the next try.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from core import clock
from jira import deeds, hands, inbound, texts
from jira.client import Client
from jira.faults import FINAL, Fault, JiraError
from jira.models import Connection, Issue, Outgoing
from workflow import outbox
from workflow.models import Attachment, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from workflow.models import OutboxMessage

logger = logging.getLogger(__name__)
TOPIC = "jira.carry"
LEASE = timedelta(seconds=115)
BACKOFF = tuple(timedelta(minutes=m) for m in (2, 5, 15, 30))
"""How long after a try the next one is made; the last of them is repeated until `PATIENCE` is over."""
PATIENCE = timedelta(days=3)
REST = timedelta(minutes=1)
"""How long nobody calls a JIRA that did not answer: else each call would hold up a worker until it times out."""
IN_TURN = timedelta(minutes=1)
SWITCHED_OFF = timedelta(minutes=15)


def escalate(entry_id: int) -> Issue | None:
    """Have an issue made for an escalation; none where no JIRA is switched on, or the record is back already."""
    connection = Connection.objects.on()
    entry = Entry.objects.select_related("record").get(pk=entry_id)
    record = entry.record
    if connection is None or record.state != hands.of(record.kind).away or entry.channel in hands.QUIET:
        return None
    previous = Issue.objects.filter(record=record).order_by("-id").first()
    supersede(record.pk)
    issue = Issue.objects.create(
        connection=connection,
        record=record,
        current_for=record,
        entry=entry,
        previous=previous,
        label=texts.label_of(record, entry),
        asked_at=clock.now(),
    )
    _write([Outgoing(issue=issue, kind=Outgoing.Kind.CREATE, key=f"create:{entry.pk}", entry=entry)])
    tell(list(_since(entry)))
    return issue


def supersede(record_id: int) -> None:
    """Whatever issue spoke for a record until now is history: what is said from now on is not said to it."""
    Issue.objects.filter(current_for=record_id).update(current_for=None)


def _since(entry: Entry) -> Iterator[Entry]:
    """What was added after the escalation and before there was an issue to tell it to."""
    hand = hands.of(entry.record.kind)
    for later in Entry.objects.filter(record=entry.record_id, seq__gt=entry.seq).order_by("seq"):
        if later.from_state not in {"", hand.away}:
            return
        if hand.tells(later):
            yield later


def tell(entries: Sequence[Entry]) -> None:
    """Have acts told as comments of the issues that speak for their records; in the acts' own transaction."""
    current = {
        issue.record_id: issue
        for issue in Issue.objects.filter(current_for__in=[entry.record_id for entry in entries], returned_at=None)
    }
    _write(
        Outgoing(issue=current[e.record_id], kind=Outgoing.Kind.COMMENT, key=f"comment:{e.pk}", entry=e)
        for e in entries
        if e.record_id in current
    )


def _write(rows: Iterable[Outgoing]) -> None:
    """Write what JIRA is to be told, and ask for it; what has been asked for before is left as it is."""
    now = clock.now()
    wanted = list(rows)
    for row in wanted:
        row.created_at = now
    Outgoing.objects.bulk_create(wanted, ignore_conflicts=True)
    keys = [row.key for row in wanted]
    outbox.enqueue_many([_draft(row) for row in Outgoing.objects.filter(key__in=keys).order_by("id")])


def _draft(row: Outgoing, at: datetime | None = None) -> outbox.Draft:
    payload = {"outgoing": row.pk, "series": row.series}
    return outbox.Draft(TOPIC, f"jira:{row.pk}:{row.series}:{row.attempts}", payload, at)


def again(row: Outgoing) -> None:
    """Begin a new series of tries at once; what is left of an earlier one is over. The row is locked."""
    row.series += 1
    # Whoever may be busy with it keeps the claim: two tries at once are what it is for to prevent.
    row.failed_at = row.next_at = None
    row.created_at = clock.now()
    row.save()
    outbox.enqueue_many([_draft(row)])


@outbox.handler(TOPIC)
def carry(message: OutboxMessage) -> None:
    """Claim one thing and carry it out once that is committed. Raises Retry while it must wait."""
    at = clock.now()
    rows = Outgoing.objects.select_for_update(of=("self",)).select_related("issue__connection")
    row = rows.get(pk=message.payload["outgoing"])
    if row.settled or row.series != message.payload["series"]:
        return
    if (wait := _wait(row, at)) > timedelta(0):
        raise outbox.Retry(wait)
    row.attempts += 1
    row.busy_until = at + LEASE
    row.save(update_fields=["attempts", "busy_until"])
    outbox.enqueue_many([_draft(row, at + BACKOFF[min(row.attempts, len(BACKOFF)) - 1])])
    transaction.on_commit(partial(carry_out, row.pk, row.attempts))


def _wait(row: Outgoing, at: datetime) -> timedelta:
    """How long it must wait: for another worker, for JIRA's leave, or for what comes before it."""
    connection = row.issue.connection
    if not connection.active:
        return SWITCHED_OFF
    moments = filter(None, (row.busy_until, row.next_at, connection.rest_until))
    wait = max((moment - at for moment in moments), default=timedelta(0))
    first = row.kind == Outgoing.Kind.CREATE
    if not first and (
        not row.issue.key or Outgoing.objects.unsettled().filter(issue=row.issue, id__lt=row.pk).exists()
    ):
        wait = max(wait, IN_TURN)
    return wait


def carry_out(pk: int, attempt: int) -> None:
    """Do a claimed thing and note what became of it. Never raises: a fault is a row for those who look after it.

    A worker that comes to it too late, or after another has claimed it, leaves it alone.
    """
    carried = ("issue__connection", "issue__record", "issue__entry__record", "issue__previous", "attachment")
    claimed = Outgoing.objects.unsettled().filter(pk=pk, attempts=attempt, busy_until__gt=clock.now())
    row = claimed.select_related(*carried, "entry__record", "entry__actor").first()
    if row is None:
        return
    try:
        remote_id, key = deeds.do(Client(row.issue.connection, row.busy_until), row)
    except JiraError as error:
        _put_off(row, error)
    except Exception as error:  # whatever it is, the next one must not suffer
        logger.exception("JIRA could not be told")
        _put_off(row, JiraError(Fault.INTERNAL, type(error).__name__))
    else:
        _settle(row, remote_id, key)


def _put_off(row: Outgoing, error: JiraError) -> None:
    logger.warning("JIRA was not told (%s): %s", row.key, error)
    at = clock.now()
    noted: dict[str, object] = {"busy_until": None, "fault": error.fault, "detail": error.detail[:300]}
    if error.fault == Fault.LATE:
        noted |= {"ignored_at": at}
    elif error.fault in FINAL or at - row.created_at > PATIENCE:
        noted |= {"failed_at": at}
    rest = REST if error.fault == Fault.UNREACHABLE else error.after
    if rest is not None:
        noted |= {"next_at": at + rest}
        Connection.objects.filter(pk=row.issue.connection_id).update(rest_until=at + rest)
    with transaction.atomic():
        Outgoing.objects.filter(pk=row.pk).update(**noted)
        if error.fault == Fault.LATE:
            Outgoing.objects.unsettled().filter(issue=row.issue).update(ignored_at=at, fault=Fault.LATE)


def _settle(row: Outgoing, remote_id: str, key: str) -> None:
    """It is done: note it, and ask for what follows from it."""
    at = clock.now()
    done = {"sent_at": at, "busy_until": None, "next_at": None, "fault": "", "detail": "", "failed_at": None}
    with transaction.atomic():
        Outgoing.objects.filter(pk=row.pk).update(**done, remote_id=remote_id)
        if row.kind == Outgoing.Kind.CREATE:
            made = {"key": key, "remote_id": remote_id, "made_at": at}
            Issue.objects.filter(pk=row.issue_id, key="").update(**made)
            # Where the first answer was lost, R&D may have been at work on it since.
            inbound.ask(row.issue, "made")
        _write(_following(row))


def _following(row: Outgoing) -> list[Outgoing]:
    """The link to the earlier issue, and the files: of an escalation all that came since the one before."""
    issue, entry = row.issue, row.entry
    if row.kind not in {Outgoing.Kind.CREATE, Outgoing.Kind.COMMENT} or entry is None:
        return []
    found: list[Outgoing] = []
    files = Attachment.objects.filter(entry=entry)
    if row.kind == Outgoing.Kind.CREATE:
        since = issue.previous.entry.seq if issue.previous is not None else 0
        files = Attachment.objects.filter(record=issue.record, entry__seq__gt=since, entry__seq__lte=entry.seq)
        if issue.previous is not None and issue.previous.key:
            found.append(Outgoing(issue=issue, kind=Outgoing.Kind.LINK, key=f"link:{issue.pk}"))
    found += [
        Outgoing(issue=issue, kind=Outgoing.Kind.ATTACH, key=f"file:{issue.pk}:{file.pk}", attachment=file)
        for file in files.order_by("id")
    ]
    return found
