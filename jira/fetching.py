"""Files that R&D attaches in JIRA, onto the record: claimed in a transaction, fetched after it, kept in another.

As with what JIRA is told (`outbound.py`): no lock is held while JIRA is spoken to, and the next try waits in the outbox
before one begins. A file is judged by its content like everybody's; one that is not taken is told of on the timeline.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock
from core.text import clean_line
from jira import texts
from jira.client import UPLOAD_SECONDS, Client
from jira.comments import JIRA
from jira.faults import FINAL, Fault, JiraError
from jira.models import Incoming
from jira.models.incoming import LONGEST_URL
from workflow import locks, outbox
from workflow.common_forms import HearForm
from workflow.engine import perform
from workflow.models import Attachment
from workflow.refusals import InvalidData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jira.answers import Found
    from jira.models import Issue
    from workflow.models import OutboxMessage, Record

logger = logging.getLogger(__name__)
TOPIC = "jira.fetch"
LEASE = timedelta(seconds=2 * UPLOAD_SECONDS)
BACKOFF = tuple(timedelta(minutes=m) for m in (3, 10, 30, 120))
"""How long after a try the next one is made; the last of them is repeated until `PATIENCE` is over."""
PATIENCE = timedelta(days=3)
SWITCHED_OFF = timedelta(minutes=15)


def look(issue: Issue, found: Found) -> None:
    """Note the files that are new in an issue, and ask for them; what was sent from here is known by its name."""
    known = set(Incoming.objects.filter(issue=issue).values_list("remote_id", flat=True))
    new = [file for file in found.files if file.id not in known]
    ours = _ours(issue, [file.name for file in new]) if new else set()
    at = clock.now()
    rows = [
        Incoming(
            issue=issue,
            remote_id=file.id,
            name=file.name or "file",
            author=file.author,
            size=file.size,
            url=file.url if len(file.url) <= LONGEST_URL else "",
            found_at=at,
        )
        for file in new
        if file.name not in ours
    ]
    Incoming.objects.bulk_create(rows)
    outbox.enqueue_many([_draft(row) for row in rows])


def _ours(issue: Issue, names: Sequence[str]) -> set[str]:
    """Of names of files, those that were given from here."""
    keys = {key for name in names if (key := texts.file_key(name)) is not None}
    sent = Attachment.objects.filter(pk__in=keys, record=issue.record_id)
    return {texts.file_name(attachment) for attachment in sent}


def _draft(row: Incoming, after: timedelta | None = None) -> outbox.Draft:
    at = clock.now() + after if after is not None else None
    payload = {"incoming": row.pk, "series": row.series}
    return outbox.Draft(TOPIC, f"jira-file:{row.pk}:{row.series}:{row.attempts}", payload, at)


def again(row: Incoming) -> None:
    """Begin a new series of tries at once; what is left of an earlier one is over. The row is locked."""
    row.series += 1
    row.failed_at = None
    row.found_at = clock.now()
    row.save()
    outbox.enqueue_many([_draft(row)])


@outbox.handler(TOPIC)
def fetch(message: OutboxMessage) -> None:
    """Claim a file and fetch it once that is committed. Raises Retry while it must wait."""
    at = clock.now()
    rows = Incoming.objects.select_for_update(of=("self",)).select_related("issue__connection")
    row = rows.get(pk=message.payload["incoming"])
    if row.settled or row.series != message.payload["series"]:
        return
    connection = row.issue.connection
    if not connection.active:
        raise outbox.Retry(SWITCHED_OFF)
    moments = [moment for moment in (row.busy_until, connection.rest_until) if moment is not None and moment > at]
    if moments:
        raise outbox.Retry(max(moments) - at)
    row.attempts += 1
    row.busy_until = at + LEASE
    row.save(update_fields=["attempts", "busy_until"])
    outbox.enqueue_many([_draft(row, BACKOFF[min(row.attempts, len(BACKOFF)) - 1])])
    transaction.on_commit(partial(bring, row.pk, row.attempts))


def bring(pk: int, attempt: int) -> None:
    """Fetch a claimed file and put it onto the record. Never raises: a fault is a row for those who look after it."""
    claimed = Incoming.objects.unsettled().filter(pk=pk, attempts=attempt, busy_until__gt=clock.now())
    row = claimed.select_related("issue__connection").first()
    if row is None:
        return
    try:
        # What is too large is not fetched: the form says so of as many bytes as it takes to be too large.
        too_large = row.size > settings.ATTACHMENT_MAX_BYTES
        content = b"" if too_large else Client(row.issue.connection, row.busy_until).fetch(row)
        _keep(row, content, too_large=too_large)
    except JiraError as error:
        _put_off(row, error)
    except Exception as error:  # whatever it is, the next one must not suffer
        logger.exception("a file could not be taken over from JIRA")
        _put_off(row, JiraError(Fault.INTERNAL, type(error).__name__))


def _keep(row: Incoming, content: bytes, *, too_large: bool) -> None:
    """Put a file onto its record through the gate, or say on the timeline why not; once, whoever comes later."""
    at = clock.now()
    with transaction.atomic():
        record = locks.take(row.issue.record)
        held = Incoming.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if held.settled:
            return
        upload = SimpleUploadedFile(held.name, content)
        if too_large:
            upload.size = held.size
        held.busy_until, held.fault, held.detail = None, "", ""
        if _attached(held, record, upload):
            held.taken_at = at
        else:
            held.refused_at = at
        held.save()


def _attached(row: Incoming, record: Record, upload: SimpleUploadedFile) -> bool:
    key = f"{row.issue.label}:file:{row.remote_id}"
    person = row.author or "JIRA"
    try:
        files: MultiValueDict[str, SimpleUploadedFile] = MultiValueDict({"files": [upload]})
        perform(record, "hear", actor=JIRA, data={"person": person}, files=files, key=key)
    except InvalidData as refusal:
        with override(row.issue.connection.language):
            why = "; ".join(str(fault) for faults in refusal.form.errors.values() for fault in faults)
            text = _("%(file)s: %(fault)s") % {"file": clean_line(row.name), "fault": why}
        said = {"person": person, "change": HearForm.REFUSED, "text": text}
        perform(record, "hear", actor=JIRA, data=said, key=key)
        return False
    return True


def _put_off(row: Incoming, error: JiraError) -> None:
    logger.warning("a file did not come from JIRA (%s): %s", row.pk, error)
    at = clock.now()
    noted: dict[str, object] = {"busy_until": None, "fault": error.fault, "detail": error.detail[:300]}
    if error.fault in FINAL or at - row.found_at > PATIENCE:
        noted |= {"failed_at": at}
    Incoming.objects.filter(pk=row.pk).update(**noted)
