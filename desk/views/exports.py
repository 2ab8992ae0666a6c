"""Lists as files: asked for, watched while they are made, fetched by whoever asked and by nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from desk import acts
from desk.exported import Shown
from desk.visitors import visitor
from exports import keeping
from exports.keeping import CannotExportError, Wish
from exports.models import Export
from exports.sheets import sheet_of

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_SHOWN = 50
_TYPES = {
    Export.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Export.Format.CSV: "text/csv; charset=utf-8",
}


@never_cache
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """The visitor's exports, the newest first; or one more of them."""
    if request.method == "POST":
        return _ask(request)
    found = [Shown(export) for export in Export.objects.own(visitor(request))[:MOST_SHOWN]]
    shown = {"exports": found, "moving": any(each.export.is_unfinished for each in found), "key": acts.new_key()}
    part = "HX-Request" in request.headers
    return render(request, "desk/exports_rows.html" if part else "desk/exports.html", shown)


def _ask(request: HttpRequest) -> HttpResponse:
    own, _key = acts.key_of(request.POST, visitor(request).pk)
    kind_of_file = request.POST.get("format", "")
    wish = Wish(
        kind=request.POST.get("kind", ""),
        query=request.POST.get("query", ""),
        format=kind_of_file,
        key=f"{own}-{kind_of_file[:8]}",
        columns=request.POST.getlist("columns"),
    )
    try:
        made = keeping.ask(visitor(request), wish)
    except CannotExportError as refusal:
        return _said(request, None, str(refusal))
    return _said(request, made)


def _said(request: HttpRequest, made: Export | None, fault: str = "") -> HttpResponse:
    if "HX-Request" not in request.headers:
        if fault:
            messages.error(request, fault)
        else:
            messages.success(request, _("Your export has begun."))
        return redirect("desk:exports")
    found = {"each": Shown(made) if made else None, "fault": fault, "key": acts.new_key(), "begun": made is not None}
    return render(request, "desk/export_said.html", found, status=422 if fault else 200)


@never_cache
@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Where one of the visitor's exports stands, for the place where it was asked for. Raises Http404."""
    if "HX-Request" not in request.headers:
        return redirect("desk:exports")
    return render(request, "desk/export_said.html", {"each": Shown(_own(request, pk))})


@never_cache
@require_GET
def fetch(request: HttpRequest, pk: int) -> FileResponse | HttpResponseRedirect:
    """The file itself. Raises Http404 for somebody else's."""
    found = _own(request, pk)
    path = keeping.hand_out(found, visitor(request))
    if path is None:
        messages.error(request, _("This file is not there any more. Export the list again."))
        return redirect("desk:exports")
    with override(found.language):
        name = sheet_of(visitor(request), found.kind, found.query).name_at(found.finished_at or found.asked_at)
    kind = _TYPES[Export.Format(found.format)]
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.{found.format}", content_type=kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an export up."""
    if request.method == "GET":  # where a login leads back to, after a session that ran out
        return redirect("desk:exports")
    if keeping.cancel(_own(request, pk)):
        messages.success(request, _("The export is cancelled."))
    else:
        messages.warning(request, _("This export had come to its end before."))
    return redirect("desk:exports")


@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same list once more, as it is now."""
    if request.method == "GET":  # as above
        return redirect("desk:exports")
    found = _own(request, pk)
    own, _key = acts.key_of(request.POST, visitor(request).pk)
    try:
        keeping.again(visitor(request), found, f"{own}-{found.pk}")
    except CannotExportError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your export has begun."))
    return redirect("desk:exports")


def _own(request: HttpRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.own(visitor(request)).select_related("asked_by"), pk=pk)
