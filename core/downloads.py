"""Handing out what somebody uploaded, in a cage of its own."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse

# Whatever a file holds, a browser shows it alone: no scripts, no frames, no forms, nothing from elsewhere.
CAGE = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"
# A browser's own viewer of PDF does not start inside a sandbox; the type is fixed and never guessed.
_CAGE_OF_PDF = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"
)


def caged(attachment: Any, *, keep: bool = False) -> FileResponse:
    """An attachment: shown if a browser can show it without running anything, else (or to `keep`) downloaded.

    Whether the reader may have it is for the caller to ask. Raises Http404 if the file itself is gone.
    """
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    shown = attachment.previewable and not keep
    response = FileResponse(
        content, as_attachment=not shown, filename=attachment.name, content_type=attachment.content_type
    )
    pdf = attachment.content_type == "application/pdf"
    response.headers["Content-Security-Policy"] = _CAGE_OF_PDF if pdf else CAGE
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def pdf(content: bytes, name: str, *, etag: str = "") -> HttpResponse:
    """A PDF of our own making, shown in the browser under its name."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = _CAGE_OF_PDF
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    if etag:
        response.headers["ETag"] = f'"{etag}"'
    return response
