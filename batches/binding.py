"""The file of a batch: one PDF, a ZIP, or the index alone, written document by document with the memory of a few."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from batches import places
from batches.models import Batch, Item
from core.text import clean_line
from documents import store
from documents.codes import shown
from documents.models import Printed
from exports import writing
from exports.values import text
from workflow import registry
from workflow.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from documents.models import Document
    from exports.values import Value

_SAYS_SO_EVERY = 5.0
_TOGETHER = 100


def by_hand(document: Document) -> bytes:
    """A document that is not final, printed with what is known, to be filled in by hand."""
    from forms_templates import printing

    made = printing.render(
        document.definition,
        document.letterhead,
        document.values,
        number=document.number,
        state=printing.State.PREFILLED,
        private=False,
    )
    return made.pdf


def write(path: Path, batch: Batch) -> int:
    """Write the file of a batch; returns its pages. Raises LostError if somebody else does by now."""
    with path.open("wb") as out:
        if batch.format == Batch.Format.PDF:
            pages = _pdf(out, batch)
        elif batch.format == Batch.Format.ZIP:
            pages = _zip(out, path, batch)
        else:
            out.close()
            _index(path, batch)
            return 0
        out.flush()
        os.fsync(out.fileno())
    return pages


def _pdf(out: Any, batch: Batch) -> int:
    from batches.merging import Merger  # PDF's own library is slow to load

    merger = Merger(out)
    for item in _done(batch):
        merger.add(_content(batch, item), item.document.number)  # type: ignore[union-attr] # what is done has one
    merger.close()
    return merger.pages


def _zip(out: Any, path: Path, batch: Batch) -> int:
    index = path.with_suffix(".index")
    _index(index, batch)
    # What is within is compressed already.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.write(index, "index.xlsx", zipfile.ZIP_DEFLATED)
        for item in _done(batch):
            document: Any = item.document
            archive.writestr(f"{document.number}.pdf", _content(batch, item))
            for attachment in _attached(batch, document):
                with attachment.file.open("rb") as content, archive.open(_named(document, attachment), "w") as into:
                    for chunk in iter(lambda: content.read(1 << 20), b""):
                        into.write(chunk)
    index.unlink()
    return 0


def _content(batch: Batch, item: Item) -> bytes:
    """The pages of one document: its frozen print, for a campaign the customer's copy; or what was printed by hand."""
    if batch.goal == Batch.Goal.PRINT:
        return places.sheet(item).read_bytes()
    prints = list(Printed.objects.filter(document=item.document_id, copy=0).order_by("for_customer"))
    return store.read(prints[-1] if batch.what == Batch.What.CAMPAIGN else prints[0])


def _attached(batch: Batch, document: Document) -> list[Attachment]:
    """What hangs on a document of the archive: the scans of it that came back, and what was added to them."""
    if batch.what != Batch.What.ARCHIVE:
        return []
    return list(Attachment.objects.filter(record=document.pk))


def _named(document: Document, attachment: Attachment) -> str:
    """Where an attachment lies in the ZIP; no name leads out of its folder, and none comes twice."""
    name = clean_line(PurePath(attachment.name.replace("\\", "/")).name).strip(". ") or "file"
    return f"{document.number}/{attachment.pk}-{name}"


def _done(batch: Batch) -> Iterator[Item]:
    """The items that came to something, some at a time; now and then it is said that somebody still writes."""
    said = time.monotonic()
    for item in _all(batch):
        if time.monotonic() - said > _SAYS_SO_EVERY:
            Batch.objects.keep(batch)
            said = time.monotonic()
        if item.stage == Item.Stage.DONE and item.document is not None:
            yield item


def _all(batch: Batch) -> Iterator[Item]:
    rows = Item.objects.filter(batch=batch).select_related("document__customer", "document__contact", "customer")
    last = 0
    while some := list(rows.filter(position__gt=last).order_by("position")[:_TOGETHER]):
        yield from some
        last = some[-1].position


def _index(path: Path, batch: Batch) -> None:
    """What is in it and what is not, as a sheet in which text is text, whatever it looks like."""
    heads = [_("Place in the row"), _("Number"), _("Form"), _("Customer"), _("Contact"), _("State"), _("Short code")]
    heads += [_("SHA-256"), _("File"), _("Remark")]
    writing.write_xlsx(path, _("Index"), [text(head) for head in heads], _lines(batch))


def _lines(batch: Batch) -> Iterator[list[Value]]:
    flow: Any = registry.get("document").model
    states = dict(flow.State.choices)
    for item in _all(batch):
        document: Any = item.document
        customer = item.customer or (document.customer if document else None)
        line: list[Value] = [item.position, None, None, text(str(customer or "")), None, None, None, None, None]
        if document is not None:
            contact, code = document.contact, document.code
            line[1:3] = [document.number, document.form]
            line[4:7] = [text(str(contact or "")), str(states.get(document.state, "")), shown(code) if code else None]
            line[7] = _print_of(batch, item)
            line[8] = f"{document.number}.pdf" if item.stage == Item.Stage.DONE else None
        yield [*line, text(item.why) or None]


def _print_of(batch: Batch, item: Item) -> str | None:
    if batch.goal == Batch.Goal.PRINT or item.stage != Item.Stage.DONE:
        return None
    customers = batch.what == Batch.What.CAMPAIGN
    prints = Printed.objects.filter(document=item.document_id, copy=0).order_by("for_customer")
    found = list(prints.values_list("sha256", flat=True))
    return (found[-1] if customers else found[0]) if found else None
