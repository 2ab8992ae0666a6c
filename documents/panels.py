"""What a document's page shows of its own: content, pages, proof, signatures, originals; and what hangs on others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import markup
from core.faces import Fetched, Panel, Sheet
from core.prepared import fetch
from documents import codes, reading
from documents.models import Original, Printed, Signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.models import Document


# --- the pages --------------------------------------------------------------------------------------------------------
def _pages(document: Any) -> SafeString:
    """The frozen PDF, its marked originals and the customer's copy; before, the preview; or why there is none."""
    if not document.is_final:
        return _draft_pages(document)
    if document.frozen_at is None:
        return _waiting(document)
    rows = fetch("prints", lambda pk: Printed.objects.filter(document=pk), document.pk)
    items = format_html_join("", "<li>{}</li>", ((_link(document, row),) for row in rows))
    return format_html('<ul class="files doc-prints">{}</ul>', items)


def _draft_pages(document: Any) -> SafeString:
    address = reverse("desk:document-preview", args=[document.number])
    links = [(f"{address}?state=now", _("As it is now"), "eye"), (f"{address}?state=blank", _("Blank"), "file")]
    return format_html_join(
        "",
        '<a class="btn btn-small" href="{}" target="_blank">{}{}</a> ',
        ((u, markup.icon(i), w) for u, w, i in links),
    )


def _waiting(document: Any) -> SafeString:
    if document.fault:
        words = _("It cannot be printed: %(fault)s. It is tried again every ten minutes.") % {"fault": document.fault}
        return format_html('<p class="fault">{}{}</p>', markup.icon("alert-triangle"), words)
    url = reverse("desk:document-pages", args=[document.number])
    words = _("The pages are being made…")
    return format_html('<p class="faint" hx-get="{}" hx-trigger="load delay:2s" hx-swap="outerHTML">{}</p>', url, words)


def pages(document: Document) -> SafeString:
    """What stands in the panel of the pages; asked again until they are made."""
    return _pages(document)


def _link(document: Any, row: Printed) -> SafeString:
    url = reverse("desk:document-pdf", args=[document.number, row.copy, "customer" if row.for_customer else "whole"])
    said = (markup.icon("file-text"), _print_name(document, row), _size(row))
    return format_html('<a href="{}" target="_blank">{}<span>{}</span>{}</a>', url, *said)


def _print_name(document: Any, row: Printed) -> str:
    if row.copy:
        holders = dict(enumerate(document.definition.holders, start=1))
        holder = holders[row.copy].in_language() if row.copy in holders else ""
        return _("Original no. %(copy)s – %(holder)s") % {"copy": row.copy, "holder": holder}
    return _("Customer's copy") if row.for_customer else _("The frozen document")


def _size(row: Printed) -> SafeString:
    words = _("%(pages)s pages") % {"pages": row.pages}
    return format_html("<small>{} · {} kB</small>", words, round(row.size / 1024))


# --- proof ------------------------------------------------------------------------------------------------------------
def _proof(document: Any) -> Iterator[tuple[Any, Any]]:
    if not document.code:
        return
    url = reverse("desk:verify", args=[document.code])
    yield _("Short code"), format_html('<a class="mono" href="{}">{}</a>', url, codes.shown(document.code))
    yield _("Finalised"), markup.moment(document.finalised_at)
    if document.frozen_at is not None:
        rows = fetch("prints", lambda pk: Printed.objects.filter(document=pk), document.pk)
        master = next((row for row in rows if not row.copy and not row.for_customer), None)
        if master is not None:
            yield _("Fingerprint (SHA-256)"), format_html('<span class="doc-hash">{}</span>', master.sha256)
    yield _("Anybody can check it at"), f"{settings.SITE_URL}{reverse('desk:verify-code')}"
    yield _("QR code"), _qr(settings.SITE_URL + url)


def _qr(address: str) -> SafeString:
    drawn = segno.make(address, error="m").svg_data_uri(scale=3, border=2, dark="#000", light="#fff")
    return format_html('<img class="doc-qr" src="{}" alt="{}">', drawn, _("QR code of the address"))


def _versions(document: Any) -> Iterator[tuple[Any, Any]]:
    version = document.form_version.number
    named = {"form": document.form, "title": document.definition.title.in_language(), "number": version}
    yield _("Form"), _("%(form)s %(title)s, version %(number)s") % named
    yield _("Letterhead"), _("version %(number)s") % {"number": document.letterhead.number}
    if document.contact is not None:
        yield _("Contact"), f"{document.contact.name} {document.contact.reach}"
    if document.replaces is not None:
        yield _("In place of"), _number(document.replaces)
    if document.successor is not None:
        yield _("Replaced by"), _number(document.successor)
    yield _("Archive number"), document.archive_no
    yield _("Place"), " / ".join(filter(None, (document.archive_place, document.archive_box)))


def _number(record: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("desk:record", args=[record.kind, record.number]), record.number)


# --- who signed, and where the originals are --------------------------------------------------------------------------
def _signatures(document: Any) -> Iterator[tuple[Any, Any]]:
    names = {item.key: item.in_language() for item in document.definition.items() if item.kind == "signature"}
    rows = Signature.objects.filter(document=document.pk).defer("image").select_related("user", "contact")
    for row in fetch("signatures", lambda pk: rows.filter(document=pk), document.pk):
        void = markup.badge(_("void"), "void", "ban") if row.void_since else SafeString()
        who = row.user or row.contact or ""
        said = format_html(
            '<bdi>{}</bdi> {} · {}<br><span class="faint">{} {}</span>',
            *(row.name, void, row.get_how_display(), markup.moment(row.signed_at), who),
        )
        yield names.get(row.item, row.item), said


def _originals(document: Any) -> Iterator[tuple[Any, Any]]:
    """ACC-12: each original with its holder, and where it is."""
    holders = {holder.key: holder.in_language() for holder in document.definition.holders}
    for row in fetch("originals", lambda pk: Original.objects.filter(document=pk), document.pk):
        label = _("No. %(copy)s – %(holder)s") % {"copy": row.copy, "holder": holders.get(row.holder, row.holder)}
        if not row.received_by:
            yield label, format_html('<span class="faint">{}</span>', _("not handed over yet"))
            continue
        where = format_html("<br>{}", row.place) if row.place else SafeString()
        yield label, format_html("<bdi>{}</bdi> {}{}", row.received_by, markup.moment(row.received_at), where)


PANELS = (
    Sheet(
        gettext_lazy("Content"),
        content=reading.content,
        related=("form_version", "letterhead", "contact", "replaces", "replaced_by"),
    ),
    Sheet(gettext_lazy("PDF"), content=_pages, place="side"),
    Panel(gettext_lazy("Proof"), _proof, place="side"),
    Panel(gettext_lazy("Signatures on the screen"), _signatures, place="side"),
    Panel(gettext_lazy("Originals"), _originals, place="side"),
    Panel(gettext_lazy("Document"), _versions, place="side"),
)


# --- on the pages of other records ------------------------------------------------------------------------------------
def _address(record: Any) -> str:
    return reverse("desk:documents-of", args=[record.kind, record.number])


BESIDE_RECORDS = Fetched(gettext_lazy("Documents"), place="side", address=_address, lists="document")
"""The documents about a record, and the forms that it can issue."""
