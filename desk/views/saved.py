"""Saved views of a list: keeping one, changing it, taking it away, and counting those beside the tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk import addresses
from desk.views.lists import process_or_404
from desk.visitors import visitor
from lists import addresses as said
from lists.counting import count, words
from lists.forms import ViewForm
from lists.models import SavedView
from lists.shelf import shelf_of, stand

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workflow.registry import Process


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def of_view(view: SavedView) -> str:
    """The address of the list under a view; it stays the same whatever becomes of the view's filters."""
    return f"{addresses.of_kind(view.kind)}?view={view.pk}"


def _own_or_404(request: HttpRequest, process: Process, pk: int) -> SavedView:
    """A view of the visitor's own: nobody else changes it here. Raises Http404."""
    view = SavedView.objects.filter(pk=pk, kind=process.kind, owner=visitor(request).pk).first()
    if view is None:
        raise Http404
    view.owner = visitor(request)
    return view


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep the list as it stands under a new name."""
    process, user = process_or_404(kind), visitor(request)
    asked = said.parsed(request.POST.get("stands", "")) if request.method == "POST" else request.GET
    stood = stand(process, user, asked)
    view = SavedView(kind=kind, owner=user, query=stood.query.urlencode(), columns=",".join(stood.columns))
    form = ViewForm(request.POST or None, instance=view)
    if request.method == "POST" and form.is_valid() and form.keep():
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
        return _to(request, of_view(view))
    back = f"{addresses.of_kind(kind)}?{asked.urlencode()}"
    return _form(request, process, form, {"stands": asked.urlencode(), "back": back})


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Another name, tab or sharing for a view of one's own."""
    process = process_or_404(kind)
    view = _own_or_404(request, process, pk)
    opens = shelf_of(process, view.owner).opens_with == view.pk
    form = ViewForm(request.POST or None, instance=view, initial={"opens": opens})
    if request.method == "POST" and form.is_valid() and form.keep():
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
        return _to(request, of_view(view))
    return _form(request, process, form, {"view": view, "back": of_view(view)})


def _form(request: HttpRequest, process: Process, form: ViewForm, found: dict[str, Any]) -> HttpResponse:
    template = "desk/view_form.html" if request.headers.get("HX-Request") else "desk/view_page.html"
    response = render(
        request, template, {"process": process, "form": form, **found}, status=422 if form.errors else 200
    )
    response.headers["Vary"] = "HX-Request"
    return response


@require_POST
def keep(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Keep the list as it stands under the view that it comes from."""
    process = process_or_404(kind)
    view = _own_or_404(request, process, pk)
    stood = stand(process, view.owner, said.parsed(request.POST.get("stands", "")))
    view.query, view.columns = stood.query.urlencode(), ",".join(stood.columns)
    try:
        view.clean()
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect(f"{addresses.of_kind(kind)}?{stood.query.urlencode()}")
    view.save()
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return redirect(of_view(view))


@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take a view of one's own away, once that is confirmed."""
    process = process_or_404(kind)
    view = _own_or_404(request, process, pk)
    if request.method == "POST":
        view.delete()
        messages.success(request, _("The view “%(name)s” is gone; the records are not.") % {"name": view.name})
        return redirect("desk:views", kind)
    return render(request, "desk/view_drop.html", {"process": process, "view": view, "back": of_view(view)})


@require_GET
def counts(request: HttpRequest, kind: str) -> JsonResponse:
    """How many records the visitor sees under each view beside the tabs; asked once, after the page stands."""
    process, user = process_or_404(kind), visitor(request)
    views = shelf_of(process, user).bar
    return JsonResponse({"counts": {str(view.pk): words(count(view, user)) for view in views}})
