"""The measure of all pages: a bare view behind the same login and server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from workflow.models import Record

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROWS = 25


def bare(request: HttpRequest) -> HttpResponse:
    """Session, user, the newest 25 records, a plain template.

    Whatever their kind: of one alone the database would have to look past all newer ones of other kinds, and the
    measure would grow with the data beside which it stands.
    """
    rows = Record.objects.order_by("-pk").values("number", "title", "state", "created_at")[:ROWS]
    return render(request, "bench/bare.html", {"rows": rows, "user": request.user})
