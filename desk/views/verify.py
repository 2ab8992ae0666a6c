"""Is this document genuine? A page for everybody who holds one; it tells nothing that is not printed on it."""

from __future__ import annotations

from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from core import rates
from desk import states
from documents import codes, verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]

LARGEST = 50 * 1024 * 1024
LOOKS, UPLOADS = 30, 10
"""So often a minute from one address."""


class Fingerprint(FileUploadHandler):
    """Counts and hashes what comes; nothing of it is kept, in memory or on the disk."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.hashed = sha256()
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's signature
        """Take a piece into account. Raises StopUpload once it is more than is looked at."""
        self.size += len(raw_data)
        if self.size > LARGEST:
            raise StopUpload(connection_reset=True)
        self.hashed.update(raw_data)

    def file_complete(self, file_size: int) -> None:
        """There is no file to give."""


def _not_for_robots(view: View) -> View:
    """Nobody searches or keeps these pages."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered


@login_not_required
@csrf_exempt  # the size is looked at before anything is read; `_compare` asks for the token then
@require_http_methods(["GET", "POST"])
@_not_for_robots
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """The page of a code; without one, the page that asks for it. A file that is sent is compared with what is kept."""
    asked = code or request.GET.get("code", "")
    if request.method == "POST":
        return _weigh(request, asked)
    if rates.too_often("verify", request, LOOKS):
        return _show(request, asked, problem=_too_often(), status=HTTPStatus.TOO_MANY_REQUESTS)
    if not code and asked and codes.read(asked):
        return redirect(reverse("desk:verify", args=[codes.read(asked)]))
    return _show(request, asked)


def _weigh(request: HttpRequest, code: str) -> HttpResponse:
    if rates.too_often("verify-file", request, UPLOADS):
        return _show(request, code, problem=_too_often(), status=HTTPStatus.TOO_MANY_REQUESTS)
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if length.isdigit() and int(length) > LARGEST + 1024 * 1024:  # the form around the file is small
        return _too_large(request, code)
    handler = Fingerprint(request)
    request.upload_handlers = [handler]
    return _compare(request, code, handler)


@csrf_protect
def _compare(request: HttpRequest, code: str, handler: Fingerprint) -> HttpResponse:
    request.POST  # noqa: B018 - reading it is what hashes the file
    if handler.size > LARGEST:
        return _too_large(request, code)
    if not handler.size:
        return _show(request, code, problem=_("Choose the PDF first."), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    document = verification.find(code)
    if document is None:
        return _show(request, code)
    same = verification.is_ours(document, handler.hashed.hexdigest())
    return _show(request, code, file="same" if same else "other")


def _too_large(request: HttpRequest, code: str) -> HttpResponse:
    words = _("The file is larger than 50 MB. No document of ours is; it has not been read.")
    return _show(request, code, problem=words, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _too_often() -> str:
    return _("That was asked very often from your address. Please wait a minute and try again.")


def _show(request: HttpRequest, code: str, *, file: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    refused = status == HTTPStatus.TOO_MANY_REQUESTS
    finding = verification.judge(code) if code and not refused else None
    unknown = finding is not None and finding.document is None
    found = {
        "asked": code,
        "code": codes.shown(codes.read(code)) or code,
        "finding": finding,
        "title": finding.document.definition.title.in_language() if finding and finding.document else "",
        "state": states.label("document", finding.document.state) if finding and finding.document else "",
        "file": file,
        "problem": problem,
    }
    shown = HTTPStatus.NOT_FOUND if unknown and status == HTTPStatus.OK else status
    return render(request, "desk/verify.html", found, status=shown)
