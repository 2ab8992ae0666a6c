"""Many documents at once: asked for, watched while they are made, fetched by whoever asked and by nobody else."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from batches import asking, keeping
from batches.asking import Campaign, CannotAskError, Fetch
from batches.forms import CampaignForm, FetchForm, common_form, preview
from batches.models import Batch, Item
from core.downloads import pdf as as_pdf
from desk import acts
from desk.papers import Many
from desk.views.lists import whole
from desk.visitors import visitor
from documents import previews
from forms_templates import versions

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_SHOWN = 50
ITEMS = 50
_PREFIX = "campaign"
_TYPES = {
    Batch.Format.PDF: "application/pdf",
    Batch.Format.ZIP: "application/zip",
    Batch.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """The visitor's batches, the newest first."""
    found = [Many(batch) for batch in Batch.objects.own(visitor(request))[:MOST_SHOWN]]
    shown = {"batches": found, "moving": any(each.batch.is_unfinished for each in found)}
    shown["may_ask"] = asking.may_ask(visitor(request))
    part = "HX-Request" in request.headers
    return render(request, "desk/batches_rows.html" if part else "desk/batches.html", shown)


@never_cache
@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the visitor's batches with what became of each document. Raises Http404."""
    found = _own(request, pk)
    rows = Item.objects.filter(batch=found).select_related("customer", "document__customer")
    if request.GET.get("show") == "refused":
        rows = rows.filter(stage=Item.Stage.REFUSED)
    start = whole(request.GET.get("from", ""))
    items = list(rows.filter(position__gt=start)[: ITEMS + 1])
    shown: dict[str, Any] = {"each": Many(found), "items": items[:ITEMS], "show": request.GET.get("show", "")}
    shown["next"] = items[ITEMS - 1].position if len(items) > ITEMS else None
    part = "HX-Request" in request.headers
    return render(request, "desk/batch_part.html" if part else "desk/batch.html", shown)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A campaign: its form first, then for whom and how far; looked at beforehand, then begun."""
    if not asking.may_ask(visitor(request)):
        raise PermissionDenied(_("Campaigns are begun by the service department."))
    data = request.POST if request.method == "POST" else None
    code = (data or request.GET).get("form", "")
    forms = asking.forms_of()
    if code not in {form.code for form in forms}:
        return render(request, "desk/batch_forms.html", {"forms": forms})
    definition = versions.in_force(code).definition
    form, common = CampaignForm(data, prefix=_PREFIX), common_form(definition, data)
    found: dict[str, Any] = {"form": form, "common": common, "definition": definition, "key": acts.new_key()}
    if data is not None and (form.is_valid() & common.is_valid()):
        wish = _wish(request, code, form, common.answers())
        found["key"] = wish.key
        if "begin" in data:
            begun = _begun(request, form, wish)
            if begun is not None:
                return begun
        else:
            found["preview"] = preview(visitor(request), definition, form, common.answers())
    failed = bool(form.errors or common.errors)
    return render(request, "desk/batch_new.html", found, status=422 if failed else 200)


def _wish(request: HttpRequest, code: str, form: CampaignForm, values: dict[str, Any]) -> Campaign:
    said = form.cleaned_data
    own, _key = acts.key_of(request.POST, visitor(request).pk)
    return Campaign(code, form.customers, said["goal"], said["format"] or Batch.Format.PDF, own, values, said["until"])


def _begun(request: HttpRequest, form: CampaignForm, wish: Campaign) -> HttpResponse | None:
    try:
        made = asking.begin_campaign(visitor(request), wish)
    except CannotAskError as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _("The work has begun. It goes on whether or not this page stays open."))
    return redirect("desk:batch", made.pk)


@never_cache
@require_GET
def preview_page(request: HttpRequest, name: str) -> HttpResponse:
    """How the first document would look on paper: a worker makes it, and this page asks until it is there."""
    found = previews.ask_proposed(name, visitor(request))
    if found is None:
        raise Http404
    asks_again = "HX-Request" in request.headers
    if found.pdf and not asks_again:
        return as_pdf(found.pdf, "preview.pdf")
    if asks_again:
        headers = {"HX-Redirect": request.get_full_path()} if found.made else {}
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=headers)
    return render(request, "desk/batch_preview.html", {"fault": found.fault})


@never_cache
@require_http_methods(["GET", "POST"])
def fetch(request: HttpRequest) -> HttpResponse:
    """Documents of the archive, chosen on their list or all of it, as one file."""
    data = request.POST if request.method == "POST" else request.GET
    numbers = [value.partition(".")[0] for value in data.getlist("chosen")]
    query = data.get("list") if "list" in data else None
    own, _key = acts.key_of(request.POST, visitor(request).pk)
    form = FetchForm(request.POST if request.method == "POST" else None)
    fault, count = "", 0
    try:
        wish = Fetch(form.data.get("format", Batch.Format.ZIP), own, numbers, query)
        if request.method == "POST" and form.is_valid():
            made = asking.begin_fetch(visitor(request), wish)
            messages.success(request, _("The work has begun. It goes on whether or not this page stays open."))
            return redirect("desk:batch", made.pk)
        count = len(asking.documents_of(visitor(request), wish))
    except CannotAskError as refusal:
        fault = str(refusal)
    found = {"form": form, "count": count, "fault": fault, "numbers": numbers, "query": query, "key": own}
    status = 422 if fault and request.method == "POST" else 200
    return render(request, "desk/batch_fetch.html", found | {"most": asking.MOST}, status=status)


@never_cache
@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse | HttpResponseRedirect:
    """The file itself. Raises Http404 for somebody else's."""
    found = _own(request, pk)
    path = keeping.hand_out(found, visitor(request))
    if path is None:
        messages.error(request, _("This file is not there any more."))
        return redirect("desk:batch", pk)
    name = f"{found.form or 'documents'}-{found.asked_at:%Y%m%d}-{found.pk}.{found.format}"
    kind = _TYPES[Batch.Format(found.format)]
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a batch up: nothing more is begun; what was made, stays."""
    if request.method == "POST":
        if keeping.cancel(_own(request, pk)):
            messages.success(request, _("The batch is cancelled. What was made before, stays as it is."))
        else:
            messages.warning(request, _("This batch had come to its end before."))
    return redirect("desk:batch", pk)


def _own(request: HttpRequest, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.own(visitor(request)).select_related("asked_by"), pk=pk)
