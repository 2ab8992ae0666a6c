"""Bringing pages to their documents, and those that have none to the people who look for it.

A part is one transaction: its row, the acts on the document or on the waiting scan, and the pages' own rows. Whoever
goes on after a killed worker finds it done or not begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents.flow import State
from documents.models import Document
from people.actors import SYSTEM, Actor
from scans import paper
from scans.door import SHELF
from scans.events import PageTurned, ScanAssigned
from scans.forms import TAKING
from scans.models import Page, Part, Scan, Upload, Why
from scans.sorting import Group, Seen, sort
from workflow.engine import perform
from workflow.facts import whenever
from workflow.models import Attachment, Entry
from workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.models import Record


def deliver(upload: Upload) -> None:
    """Bring every part of a file that has been read to where it belongs; what is there already stays as it is."""
    pages = list(upload.pages.all())
    codes = {code for page in pages for code in page.codes}
    seen: Any = Document.objects.for_actor(upload.uploaded_by).filter(code__in=codes)
    documents: dict[str, Document] = {document.code: document for document in seen}
    by_key = {document.pk: document for document in documents.values()}
    done = set(upload.parts.values_list("first", flat=True))
    for group in sort([_seen(page, documents) for page in pages]):
        if group.first not in done:
            _bring(upload, group, by_key.get(group.document or 0))


def _seen(page: Page, documents: dict[str, Document]) -> Seen:
    known = {documents[code].pk for code in page.codes if code in documents}
    if len(known) > 1:
        return Seen(page.number, why=Why.SEVERAL)
    if page.codes and not known:
        return Seen(page.number, why=Why.UNKNOWN)
    return Seen(page.number, next(iter(known), None), page.sheet, blank=page.blank)


def _bring(upload: Upload, group: Group, document: Document | None) -> None:
    try:
        if document is None:
            _wait(upload, group, group.why)
        elif document.state not in TAKING:
            gone = Why.SUPERSEDED if document.state == State.SUPERSEDED else Why.CANCELLED
            _wait(upload, group, gone, document)
        else:
            _hand_over(upload, group, document)
    except Refused:
        _wait(upload, group, Why.REFUSED, document)
    except IntegrityError:
        # Another worker, which was thought dead, has brought it meanwhile.
        if not upload.parts.filter(first=group.first).exists():
            raise


@transaction.atomic
def _hand_over(upload: Upload, group: Group, document: Document) -> None:
    part = Part.objects.create(upload=upload, first=group.first, document=document, sheets=group.sheets)
    numbers = [page.number for page in group.pages]
    upload.pages.filter(number__in=numbers).update(part=part)
    _attach(part, numbers, document, Actor(upload.uploaded_by, channel="web"))


def _attach(part: Part, numbers: Sequence[int], document: Document, actor: Actor) -> None:
    """One attachment of the pages in their order, and the signature received, unless it has been before."""
    pages = {page.number: page for page in part.pages.all()}
    folder = SHELF.at(part.upload_id)
    images = (paper.turned((folder / pages[n].image).read_bytes(), pages[n].turned) for n in numbers)
    content = paper.pdf(images, settings.ATTACHMENT_MAX_BYTES)
    part.of = document.printed.pages if document.printed else 0
    file = SimpleUploadedFile(f"{document.number}.pdf", content, "application/pdf")
    said = {"text": words(part, len(numbers))}
    entry = perform(document, "attach", actor=actor, data=said, files=MultiValueDict({"files": [file]}))
    part.attachment = Attachment.objects.filter(entry=entry).first()
    # Locked by the act before: what it is now, it stays until the end.
    now = Document.objects.get(pk=document.pk)
    part.outcome = Part.Outcome.ADDED
    if now.state == State.TO_SIGN:
        perform(now, "receive_signed", actor=actor, data={"how": "scan"})
        part.outcome = Part.Outcome.RECEIVED
    part.save()


def words(part: Part, count: int) -> str:
    """What came, in words: how many pages of how many, and which are missing."""
    said = [_("Scan “%(name)s”") % {"name": part.upload.name}]
    if part.of and part.sheets:
        came = {"came": len(set(part.sheets)), "of": part.of}
        said.append(_("%(came)s of %(of)s pages") % came)
        if part.missing:
            said.append(_("missing: %(pages)s") % {"pages": ", ".join(map(str, part.missing))})
        if twice := sorted({sheet for sheet in part.sheets if part.sheets.count(sheet) > 1}):
            said.append(_("twice: %(pages)s") % {"pages": ", ".join(map(str, twice))})
    else:
        said.append(ngettext("%(count)s page", "%(count)s pages", count) % {"count": count})
    return " · ".join(said)


@transaction.atomic
def _wait(upload: Upload, group: Group, why: str, document: Document | None = None) -> None:
    numbers = [page.number for page in group.pages]
    pages = ", ".join(map(str, numbers))
    title = _("%(name)s, page %(pages)s") % {"name": upload.name[:100], "pages": pages[:60]}
    scan = Scan()
    said = {"title": title, "why": why, "pages": pages[:200], "about": document.pk if document else None}
    perform(scan, "arrive", actor=SYSTEM, data=said, key=f"scan:{upload.pk}:{group.first}")
    waiting = Part.Outcome.WAITING
    part = Part.objects.create(upload=upload, first=group.first, scan=scan, outcome=waiting, sheets=group.sheets)
    upload.pages.filter(number__in=numbers).update(part=part)


@whenever(ScanAssigned)
def _assigned(fact: ScanAssigned) -> None:
    """Somebody has said whose the pages are: they go the way that they had gone with a code."""
    part = Part.objects.select_related("upload", "scan").get(scan=fact.record_id)
    entry = Entry.objects.select_related("actor", "on_behalf_of").get(pk=fact.entry_id)
    numbers = list(part.pages.values_list("number", flat=True))
    document = Document.objects.get(pk=fact.document_id)
    with translation.override(translation.get_language() or part.upload.language):
        _attach(part, numbers, document, Actor(entry.actor, entry.on_behalf_of, entry.channel))


@whenever(PageTurned)
def _turned(fact: PageTurned) -> None:
    page = Page.objects.select_for_update(no_key=True).get(part__scan=fact.record_id, number=fact.page)
    Page.objects.filter(pk=page.pk).update(turned=(page.turned + fact.turn) % 360)


def pages_of(scan: Record) -> list[Page]:
    """The pages of a waiting scan."""
    return list(Page.objects.filter(part__scan=scan.pk).select_related("upload"))
