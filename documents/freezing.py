"""Printing what was finalised: once, whole, and kept for ever (FRM-13).

A worker takes a document for a while, prints it outside of any transaction, puts the files in their places, and
performs `freeze`: only then does the database know of them. Killed before that, it leaves nothing that anybody is
shown; another one begins anew. Of two that print the same, the gate lets one through.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.urls import reverse

from core import clock
from documents import signing, store
from documents.models import Document
from people.actors import SYSTEM
from workflow.engine import perform
from workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

logger = logging.getLogger(__name__)
HELD = timedelta(seconds=30)
"""For so long nobody else prints a document that a worker has taken."""
LATER = timedelta(minutes=10)
"""After so long it is tried again when it could not be printed."""


@dataclass(frozen=True)
class Kept:
    """A PDF that lies in its place, and which of the document's prints it is."""

    copy: int
    for_customer: bool
    kept: Mapping[str, Any]


def freeze_pending(seconds: float = 8.0) -> int:
    """Print what waits for it, for so long at most; returns how many documents were frozen."""
    until, done = time.monotonic() + seconds, 0
    for pk in list(Document.objects.unprinted(clock.now()).values_list("pk", flat=True)[:500]):
        if time.monotonic() > until:
            break
        done += freeze(pk)
    return done


def freeze(pk: int) -> bool:
    """Print one document if nobody else does; whether this call has frozen it."""
    if not Document.objects.unprinted(clock.now()).filter(pk=pk).update(held_until=clock.now() + HELD):
        return False
    document: Any = Document.objects.select_related("letterhead").get(pk=pk)
    try:
        prints = [*_prints(document)]
        master = prints[0].kept
        data = {"sha256": master["sha256"], "pages": master["pages"], "prints": prints}
        perform(document, "freeze", actor=SYSTEM, data=data)
    except Refused:
        return False  # another worker was quicker
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing is wrong with the document
    except Exception as error:
        logger.exception("document %s cannot be printed", document.number)
        _put_off(pk, error)
        return False
    _receive_what_was_signed_on_screen(pk)
    return True


def _prints(document: Document) -> Iterator[Kept]:
    """The master first, then the marked originals, then the customer's copy where it differs."""
    form = document.definition
    private = any(section.private for section in form.sections)
    yield _print(document, 0, for_customer=False)
    if form.copies > 1:
        for copy, holder in enumerate(form.holders, start=1):
            yield _print(document, copy, for_customer=private and holder.key.startswith("customer"))
    if private and not form.internal:
        yield _print(document, 0, for_customer=True)


def _print(document: Document, copy: int, *, for_customer: bool) -> Kept:
    from forms_templates import printing

    made = printing.render(
        document.definition,
        document.letterhead,
        document.values,
        number=document.number,
        state=printing.State.COMPLETE,
        copy=copy,
        verify=printing.Verification(document.code, settings.SITE_URL + reverse("desk:verify", args=[document.code])),
        images=signing.images(document),
        private=not for_customer,
    )
    name, fingerprint = store.put(made.pdf)
    return Kept(copy, for_customer, {"file": name, "sha256": fingerprint, "size": len(made.pdf), "pages": made.pages})


def _put_off(pk: int, error: Exception) -> None:
    """Say why on the document, and try again later: a font may be added meanwhile."""
    words = f"{type(error).__name__}: {error}"[:300]
    Document.objects.filter(pk=pk, frozen_at__isnull=True).update(fault=words, held_until=clock.now() + LATER)


def _receive_what_was_signed_on_screen(pk: int) -> None:
    document = Document.objects.get(pk=pk)
    if not signing.signed_on_screen(document):
        return
    try:
        perform(document, "receive_signed", actor=SYSTEM, data={"how": "online"})
    except Refused:
        logger.info("document %s has gone on meanwhile", document.number)
