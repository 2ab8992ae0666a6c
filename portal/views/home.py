"""The first page: what waits for the customer, and the organisation's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.http import require_GET

from portal import faces
from portal.guests import page, visitor
from portal.lists import Row, asked, listed, seen_by

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN_WAITING = 10


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Own records: open or all, found by number or title; those that wait for the customer stand on top."""
    rows = seen_by(visitor(request))
    text = asked(request.GET)
    everything = bool(text) or request.GET.get("show") == "all"
    found = listed(visitor(request), request.GET, everything=everything)
    waiting = []
    if not text and found.number == 1:
        waiting = [Row(r) for r in rows.filter(faces.customers_turn()).order_by("-updated_at", "-pk")[:SHOWN_WAITING]]
    shown = {
        "waiting": waiting,
        "page": found,
        "everything": everything,
        "query": text,
        "starts": [(process.kind, process.portal.raises) for process in faces.faced()],
    }
    return page(request, "portal/home.html", shown)
