"""Documents: begun from a record or a customer, their pages as PDF, how a draft would look, what hangs on others."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.downloads import pdf as as_pdf
from customers.models import Organisation
from desk import acts, addresses
from desk.views.lists import whole
from desk.views.records import record_or_404
from desk.visitors import actor, visitor
from documents import issuing, panels, previews, store
from documents.models import Document, Printed, Taken
from workflow import registry
from workflow.models import Record
from workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest

    from forms_templates.language import Form
    from people.models import User

SHOWN = 20
WHICH = ("whole", "customer")


def _document_or_404(request: HttpRequest, number: str) -> Document:
    found: Document = record_or_404(visitor(request), "document", number)
    return found


# --- beginning one ----------------------------------------------------------------------------------------------------
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a document of the chosen form about a record, or for a customer, filled in with what is known."""
    user = visitor(request)
    about, customer = _about(user, request.POST.get("about", "")), _customer(user, request.POST.get("customer", ""))
    code = request.POST.get("form", "")
    if about is None and customer is None:
        raise Http404
    _own, key = acts.key_of(request.POST, user.pk)
    try:
        made = issuing.issue(code, about=about, customer=customer, actor=actor(request), key=key)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason.message)
        back = (
            addresses.of(about)
            if about is not None
            else reverse("desk:customer", args=[whole(request.POST["customer"])])
        )
        return HttpResponseRedirect(back)
    messages.success(request, _("%(number)s has been begun, with what is known filled in.") % {"number": made.number})
    return HttpResponseRedirect(addresses.of(made))


def _about(user: User, number: str) -> Record | None:
    if not number:
        return None
    return get_object_or_404(Record.objects.for_actor(user).filter(kind__in=registry.kinds()), number=number)


def _customer(user: User, key: str) -> Organisation | None:
    return get_object_or_404(Organisation.objects.for_actor(user), pk=whole(key)) if key else None


# --- beside others ----------------------------------------------------------------------------------------------------
@require_GET
def about_record(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """The documents about a record, and the forms that it issues."""
    user = visitor(request)
    found = record_or_404(user, kind, number)
    rows = Document.objects.for_actor(user).filter(parent=found.pk)
    alone = issuing.drafts_of(found)
    final = set(rows.filter(finalised_at__isnull=False).values_list("form", flat=True)) if alone else set()
    drafts = [
        (reverse("desk:document-draft", args=[kind, number, form.code]), form.title.in_language())
        for form in alone
        if form.code not in final
    ]
    return _beside(request, rows, issuing.forms_for(found), {"about": found.number}, drafts)


@require_GET
def of_customer(request: HttpRequest, pk: int) -> HttpResponse:
    """The customer's documents, and the forms that a customer is sent."""
    user = visitor(request)
    found = get_object_or_404(Organisation.objects.for_actor(user), pk=pk)
    rows = Document.objects.for_actor(user).filter(customer=found)
    return _beside(request, rows, issuing.forms_for_customers(), {"customer": found.pk})


def _beside(
    request: HttpRequest,
    rows: Any,
    forms: Iterable[Form],
    named: dict[str, Any],
    drafts: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    may = acts.may_create(registry.get("document"), visitor(request))
    listed = list(rows.order_by("-pk")[: SHOWN + 1])
    found = {
        "documents": listed[:SHOWN],
        "more": len(listed) > SHOWN,
        "forms": [(form.code, form.title.in_language()) for form in forms] if may else [],
        "drafts": drafts,
        "named": named,
        "key": acts.new_key(),
    }
    template = "desk/documents_of.html" if request.headers.get("HX-Request") else "desk/documents_of_page.html"
    return render(request, template, found)


# --- the pages --------------------------------------------------------------------------------------------------------
@require_GET
def pdf(request: HttpRequest, number: str, copy: int, which: str) -> HttpResponse:
    """A frozen PDF, byte for byte; that it was taken is written down. A damaged one is said to be so."""
    document = _document_or_404(request, number)
    if which not in WHICH:
        raise Http404
    row = get_object_or_404(Printed, document=document, copy=copy, for_customer=which == "customer")
    try:
        content = store.read(row)
    except store.DamagedError:
        return _damaged(request, document)
    Taken.objects.create(printed=row, by=visitor(request), channel="web", at=clock.now())
    mark = f"-{copy}" if copy else ""
    return as_pdf(content, f"{document.number}{mark}.pdf", etag=row.sha256)


def _damaged(request: HttpRequest, document: Document) -> HttpResponse:
    words = _("The stored PDF of %(number)s is damaged or gone. It is not handed out; tell the administrator.")
    found = {"title": _("The file is damaged"), "text": words % {"number": document.number}, "status": 409}
    return render(request, "errors/error.html", found, status=HTTPStatus.CONFLICT)


@require_GET
def pages(request: HttpRequest, number: str) -> HttpResponse:
    """What stands in the panel of the pages; asked again until they are made."""
    return HttpResponse(panels.pages(_document_or_404(request, number)))


@require_GET
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """How a draft would look on paper: a worker makes it, and this page asks until it is there."""
    document = _document_or_404(request, number)
    if document.is_final:
        return redirect("desk:record", "document", document.number)
    state = previews.BLANK if request.GET.get("state") == previews.BLANK else previews.NOW
    return _previewed(request, document, previews.ask(document, state), document.number)


@require_GET
def draft_about(request: HttpRequest, kind: str, number: str, form: str) -> HttpResponse:
    """How a form that a record fills in alone would look now, marked as a draft; ."""
    found = record_or_404(visitor(request), kind, number)
    if form not in {each.code for each in issuing.drafts_of(found)}:
        raise Http404
    return _previewed(request, found, previews.ask_about(found, form), f"{found.number}-{form}")


def _previewed(request: HttpRequest, record: Record, found: previews.Preview, name: str) -> HttpResponse:
    """The preview once it is there; until then a page that asks again."""
    if found.pdf and not request.headers.get("HX-Request"):
        return as_pdf(found.pdf, f"{name}-preview.pdf")
    if found.made and request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": request.get_full_path()})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "desk/document_preview.html", {"record": record, "fault": found.fault})
