"""Watching a record, and no longer: one press, no form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from desk import addresses
from desk.views.records import record_or_404
from desk.visitors import visitor
from workflow.watching import unwatch, watch

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def watching(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Be told how a record goes on (`on` is 1), or no longer; in place by htmx, or back on the record's page."""
    user = visitor(request)
    record = record_or_404(user, kind, number)
    if request.method == "GET":  # where a login leads back to, after a session that ran out
        return HttpResponseRedirect(addresses.of(record))
    on = request.POST.get("on") == "1"
    (watch if on else unwatch)(record, user)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(addresses.of(record))
    return render(request, "desk/watch.html", {"record": record, "watching": on, "just_now": True})
