"""Attachments: to those who may see the record, in a cage of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from desk.visitors import visitor
from workflow.models import Attachment, Record

if TYPE_CHECKING:
    from django.http import HttpRequest

# Whatever a file holds, a browser shows it alone: no scripts, no frames, no forms, nothing from elsewhere.
_CAGE = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"
)
# A browser's own viewer of PDF does not start inside a sandbox; the type is fixed and never guessed.
_CAGE_OF_PDF = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"
)


@require_GET
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself: shown if a browser can show it without running anything, else handed over for keeping."""
    seen = Record.objects.for_actor(visitor(request))
    found = get_object_or_404(Attachment.objects.filter(record__in=seen), pk=pk)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    shown = found.previewable and request.GET.get("keep") is None
    response = FileResponse(content, as_attachment=not shown, filename=found.name, content_type=found.content_type)
    response.headers["Content-Security-Policy"] = _CAGE_OF_PDF if found.content_type == "application/pdf" else _CAGE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
