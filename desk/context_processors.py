"""What every page of the desk shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock
from desk.middleware import preferred_theme
from desk.visitors import visitor, waiting
from workflow import registry

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Place:
    """A place of the house, as the side bar shows it. `key` is what the keyboard calls it, after g."""

    label: str
    url: str
    icon: str
    here: bool
    key: str = ""
    count: str = ""


def desk(request: HttpRequest) -> dict[str, Any]:
    """Language, look, and (only when a page shows them) the places of the house and what waits."""
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "theme": preferred_theme(request),
        "house": SimpleLazyObject(lambda: _House(request)),
    }


class _House:
    """The frame of a page for somebody who is logged in."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        found = waiting(visitor(request))
        self.unread, self.work, self.newest = found.unread, found.work, found.newest
        self.now = int(clock.now().timestamp())
        self.words = words()

    @property
    def work_places(self) -> list[Place]:
        """Home and notices, then every process that has been registered."""
        own = [
            self._place(_("My work"), "home", "home", key="home", count="work"),
            self._place(_("Notices"), "notices", "bell", key="notices", count="unread"),
        ]
        return own + [
            Place(str(p.plural), url, p.icon, self.request.path.startswith(url), "list" if first == 0 else "")
            for first, p in enumerate(registry.all_processes())
            for url in [reverse("desk:list", args=[p.kind])]
        ]

    @property
    def book_places(self) -> list[Place]:
        """What is looked up rather than worked on."""
        return [
            self._place(_("Customers"), "customers", "building", key="customers"),
            self._place(_("People"), "people", "users"),
            self._place(_("Handbook"), "handbook", "book-2"),
        ]

    def _place(self, label: str, name: str, icon: str, *, key: str = "", count: str = "") -> Place:
        url = reverse(f"desk:{name}")
        here = self.request.path == url or (url != "/" and self.request.path.startswith(url))
        return Place(label, url, icon, here, key, count)


def words() -> dict[str, str]:
    """What the scripts of a page say, by the names that they read from the page."""
    return {
        "day-hour": _("%(days)s d %(hours)s h"),
        "hour-minute": _("%(hours)s h %(minutes)s min"),
        "minute": _("%(minutes)s min"),
        "left": _("%(time)s left"),
        "over": _("%(time)s over"),
        "show": _("Show"),
        "close": _("Close"),
        "draft-restored": _("Draft restored: what you had written here is back."),
        "draft-discard": _("Discard draft"),
        "logged-out": _("You are no longer logged in. What you have written here is kept in this browser."),
        "log-in": _("Log in"),
        "not-allowed": _("This is not allowed."),
        "failed": _("That did not work; nothing has changed. Please try again."),
        "offline": _("The server cannot be reached; nothing has changed."),
    }
