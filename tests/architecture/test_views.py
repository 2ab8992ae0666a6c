"""Every address asks for a login, but those that must not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN = {
    "login/": "where one logs in",
    "logout/": "whose session has ended meanwhile is out already",
    "look/": "language and theme are chosen before one logs in",
    "healthz/": "a machine asks whether the house stands",
    "verify/": "whoever holds a document may have it checked",
    "verify/<str:code>": "whoever holds a document may have it checked",
    "admin/login/": "where administrators log in",
    "f/<token:token>/": "a personal link is all that a customer has",
    "f/<token:token>/copy/": "the copy of what was filled in behind it",
    "hooks/jira/": "JIRA has no login; it signs what it says",
}


def _views(resolver: URLResolver, route: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        here = f"{route}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _views(entry, here)
        else:
            yield here, entry


def test_whatever_does_not_say_otherwise_asks_for_a_login() -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    found = {route for route, entry in _views(get_resolver()) if not getattr(entry.callback, "login_required", True)}
    assert found - set(OPEN) == set()
    assert set(OPEN) - found == set(), "exceptions that nobody needs any more"


def test_every_address_has_a_name() -> None:
    nameless = [route for route, entry in _views(get_resolver()) if not entry.name and not route.startswith("admin/")]
    assert nameless == []
