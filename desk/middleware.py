"""In which language a page speaks: the person's own, else the browser's last choice, else the house's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")


class PreferredLanguageMiddleware:
    """Speak the reader's language for the length of one request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the preferred language."""
        language = preferred_language(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def preferred_language(request: HttpRequest) -> str:
    """The language of a person who is logged in, or the one that this browser chose last."""
    return _person(request, "language") or language_by_cookie(request)


def language_by_cookie(request: HttpRequest) -> str:
    """The language that this browser chose last; asks no database, so that even a broken house can speak."""
    return _known_language(request.COOKIES.get(LANGUAGE_COOKIE, "")) or settings.LANGUAGE_CODE


def preferred_theme(request: HttpRequest) -> str:
    """How pages look to this reader: auto, light or dark."""
    return _person(request, "theme") or theme_by_cookie(request)


def theme_by_cookie(request: HttpRequest) -> str:
    """The look that this browser chose last; asks no database."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def _person(request: HttpRequest, name: str) -> str:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    value = str(getattr(user, name))
    return _known_language(value) if name == "language" else value


def _known_language(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else ""
