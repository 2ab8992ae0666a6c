"""Files that can be found: by name at once, by what they say as soon as they have been read in the background.

Reading is asked of the outbox in the transaction that adds the file. It is tried twice: what cannot be read then is
noted at the file's row and left alone.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from core import clock
from search import reading
from search.models import WRITTEN, Document, forget, put
from search.writing import Told, document
from workflow import outbox, registry
from workflow.models import Attachment, OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ATTACHMENT = "attachment"
TOPIC = "search.read"
TRIES = 2
_AGAIN = timedelta(minutes=5)
"""Longer than a reading may take: a worker that died in the middle of one is then known to be dead."""


@receiver(post_save, sender=Attachment, dispatch_uid="search.attachment")
def attachment_saved(instance: Attachment, *, created: bool, **kwargs: Any) -> None:  # noqa: ARG001 - Django's signature
    """Have a new file found by its name, and ask for its text."""
    if created and registry.get(instance.record.kind).search is not None:
        add([instance])


@receiver(post_delete, sender=Attachment, dispatch_uid="search.attachment_gone")
def attachment_gone(instance: Attachment, **kwargs: Any) -> None:  # noqa: ARG001 - Django's signature
    """What is deleted is found no more."""
    forget(ATTACHMENT, instance.pk)


def add(attachments: Iterable[Attachment]) -> None:
    """Index files by their names, and have those that hold text read."""
    rows = []
    for attachment in attachments:
        made = row(attachment, "")
        made.reading = Document.Reading.WAITING if attachment.content_type in reading.KINDS else ""
        rows.append(made)
    put(rows)
    outbox.enqueue_many(_draft(each.subject, 1) for each in rows if each.reading)


def row(attachment: Attachment, text: str) -> Document:
    """The row of a file that says this."""
    public = f"{attachment.name}\n{text}" if attachment.public else ""
    return document(ATTACHMENT, attachment.pk, Told(attachment.name, text, public), record_id=attachment.record_id)


def unreadable(attachments: Sequence[Attachment]) -> set[int]:
    """The keys of those files whose text could not be read; asked only where there are files."""
    if not attachments:
        return set()
    rows = Document.objects.filter(kind=ATTACHMENT, subject__in=[each.pk for each in attachments])
    return set(rows.filter(reading=Document.Reading.UNREADABLE).values_list("subject", flat=True))


def _draft(attachment: int, attempt: int) -> outbox.Draft:
    again = None if attempt == 1 else clock.now() + _AGAIN
    return outbox.Draft(TOPIC, f"read:{attachment}:{attempt}", {"attachment": attachment, "attempt": attempt}, again)


@outbox.handler(TOPIC)
def read(message: OutboxMessage) -> None:
    """Read a file once this is committed: nothing is held while its content is taken apart."""
    attachment, attempt = message.payload["attachment"], message.payload["attempt"]
    waiting = Document.objects.filter(kind=ATTACHMENT, subject=attachment, reading=Document.Reading.WAITING)
    if attempt > TRIES:
        waiting.update(reading=Document.Reading.UNREADABLE, reason="gave_up")
    elif waiting.exists():
        outbox.enqueue_many([_draft(attachment, attempt + 1)])
        transaction.on_commit(partial(take_in, attachment))


def take_in(pk: int) -> None:
    """Read a file and write what it says into its row, or why it could not. Never raises for the file's sake."""
    attachment = Attachment.objects.filter(pk=pk).first()
    if attachment is None:
        return
    try:
        with attachment.file.open("rb") as file:
            text = reading.text_of(file.read(), reading.KINDS[attachment.content_type])
    except FileNotFoundError:
        _note(pk, "gone")
    except reading.UnreadableError as error:
        _note(pk, error.reason)
    else:
        made = row(attachment, text)
        values = {name: getattr(made, name) for name in WRITTEN}
        _of(pk).update(**values, reading=Document.Reading.DONE, reason="")


def _note(pk: int, reason: str) -> None:
    _of(pk).update(reading=Document.Reading.UNREADABLE, reason=reason)


def _of(pk: int) -> Any:
    return Document.objects.filter(kind=ATTACHMENT, subject=pk)
