"""The customers' side of the archive: what is final of their own organisation, and the customer's copy of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core import clock
from core.downloads import pdf
from core.faces import Page, Shown
from documents import store
from documents.models import Document, Printed, Taken
from documents.states import State

if TYPE_CHECKING:
    from django.http import HttpRequest

AT_ONCE = 25


def _final(request: HttpRequest) -> Any:
    user: Any = request.user
    rows = Document.objects.for_actor(user).filter(frozen_at__isnull=False)
    return rows.exclude(state=State.CANCELLED).order_by("-finalised_at", "-pk")


@require_GET
def archive(request: HttpRequest) -> Shown:
    """The organisation's final documents, the newest first."""
    page = Paginator(_final(request), AT_ONCE).get_page(request.GET.get("page"))
    rows = [(row, row.definition.title.in_language(), State(row.state).label) for row in page]
    return Shown("documents/portal.html", {"rows": rows, "page": page})


@require_GET
def customers_copy(request: HttpRequest, number: str) -> HttpResponse:
    """The PDF without the company's own parts; that it was taken is written down."""
    document = get_object_or_404(_final(request), number=number)
    prints = Printed.objects.filter(document=document, copy=0).order_by("-for_customer")
    private = any(section.private for section in document.definition.sections)
    printed = get_object_or_404(prints.filter(for_customer=True) if private else prints)
    try:
        content = store.read(printed)
    except store.DamagedError:
        words = _("This file cannot be had at the moment. Please call the service department.")
        return HttpResponse(words, status=HTTPStatus.CONFLICT, content_type="text/plain; charset=utf-8")
    Taken.objects.create(printed=printed, by_id=request.user.pk, channel="portal", at=clock.now())
    return pdf(content, f"{document.number}.pdf", etag=printed.sha256)


PORTAL_PAGES = (
    Page("documents/", "documents", archive, gettext_lazy("Documents"), "file-text"),
    Page("documents/<str:number>/pdf/", "document-pdf", customers_copy),
)
