"""What the house says when it cannot do what was asked: plainly, in the reader's language, without a database."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from desk.middleware import language_by_cookie, theme_by_cookie

if TYPE_CHECKING:
    from django.http import HttpRequest


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - not for readers
    """400: the browser sent something that makes no sense here."""
    return _page(
        request,
        HTTPStatus.BAD_REQUEST,
        _("This request cannot be understood"),
        _("Something in it is too long, damaged or not what this page expects. Nothing has changed."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: with the reason, if one was given."""
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        _("This is not open to you"),
        str(exception or "") or _("Your roles do not include this. Your supervisor or an administrator can tell more."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - it tells too much
    """404: also for what exists but is not for this reader."""
    return _page(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is nothing here"),
        _("The address may be mistyped, or what it names is not open to you."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks neither the database nor the session; the language is the browser's last choice."""
    with translation.override(language_by_cookie(request)):
        return _page(
            request,
            HTTPStatus.INTERNAL_SERVER_ERROR,
            _("Something went wrong on our side"),
            _("Nothing has changed. The fault has been written down; please try again in a while."),
        )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - it is for developers
    """403 for a form that this browser did not get from us, or got too long ago."""
    return _page(
        request,
        HTTPStatus.FORBIDDEN,
        _("This form is no longer valid"),
        _(
            "You may have logged in or out in another window. Go back, reload the page and send it again; "
            "drafts are kept."
        ),
    )


def _page(request: HttpRequest, status: HTTPStatus, title: str, text: str) -> HttpResponse:
    language = translation.get_language() or language_by_cookie(request)
    content = {
        "status": int(status),
        "title": title,
        "text": text,
        "language": language,
        "theme": theme_by_cookie(request),
    }
    template = "errors/part.html" if request.headers.get("HX-Request") else "errors/error.html"
    return HttpResponse(render_to_string(template, content), status=status)
