"""The measure of all pages: a bare view behind the same login and server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from workflow.models import Record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROWS = 25


def bare(request: HttpRequest) -> HttpResponse:
    """Session, user, 25 rows by an index, a plain template."""
    rows = Record.objects.filter(kind="ticket").order_by("-id").values("number", "title", "state", "created_at")[:ROWS]
    return render(request, "bench/bare.html", {"rows": rows, "user": request.user})
