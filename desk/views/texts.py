"""Canned texts: one's own and the shared ones on a page, and what is offered beside a text field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.text import clean_line
from desk.views import intake
from desk.views.lists import process_or_404
from desk.views.records import record_or_404
from desk.visitors import actor, visitor
from texts import offering
from texts.forms import CannedTextForm
from texts.models import NAME_IS_TAKEN, CannedText, may_share

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_LONGEST = 60
_MOST = 500


@require_GET
def texts(request: HttpRequest) -> HttpResponse:
    """The texts that the visitor may use, those first that are the visitor's own."""
    user = visitor(request)
    rows = list(CannedText.objects.for_actor(user)[:_MOST])
    found = {
        "mine": [row for row in rows if not row.shared],
        "shared": [row for row in rows if row.shared],
        "keeps": may_share(user),
    }
    return render(request, "desk/texts.html", found)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new text, or one that the visitor may change."""
    user = visitor(request)
    row = get_object_or_404(CannedText.objects.kept_by(user), pk=pk) if pk is not None else None
    form = CannedTextForm(request.POST or None, instance=row, writer=user)
    if request.method == "POST" and form.is_valid() and _saved(form):
        kept = form.instance
        messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name}, extra_tags=_draft(pk))
        return redirect("desk:texts")
    found = {"form": form, "row": row, "draft": _draft(pk)}
    return render(request, "desk/text.html", found, status=422 if form.errors else 200)


def _saved(form: CannedTextForm) -> bool:
    """Keep it, unless the same name was given in the same moment."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("name", NAME_IS_TAKEN)
        return False
    return True


def _draft(pk: int | None) -> str:
    return f"texts/{pk or 'new'}"


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a text away; its history stays."""
    if request.method == "POST":
        row = get_object_or_404(CannedText.objects.kept_by(visitor(request)), pk=pk)
        row.delete()
        messages.success(request, _("“%(name)s” is gone.") % {"name": row.name})
    return redirect("desk:texts")


@require_GET
def options(request: HttpRequest, kind: str, number: str, verb: str) -> HttpResponse:
    """What can be put into a text field of an act's form, filled in from the record, as list items."""
    user = visitor(request)
    record = record_or_404(user, kind, number)
    words = clean_line(request.GET.get("q", ""))[:_LONGEST]
    found = {"options": offering.offered(user, record, verb, words), "asked": words}
    return render(request, "desk/text_options.html", found)


@require_GET
def beginnings(request: HttpRequest, kind: str, verb: str) -> HttpResponse:
    """What can be put into a text field of a record that is only being written, filled in from the form so far.

    For those who may make such a record. Raises Http404 for a verb that makes none, PermissionDenied for others.
    """
    process = process_or_404(kind)
    creating = intake.creating(process, verb)
    intake.allowed(process, creating, actor(request))
    record = offering.beginning(process, creating.code, actor(request), request.GET)
    words = clean_line(request.GET.get("q", ""))[:_LONGEST]
    found = {"options": offering.offered(visitor(request), record, creating.code, words), "asked": words}
    return render(request, "desk/text_options.html", found)
