"""What every page of the desk shows around its content."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import clock, markup
from core.text import clean_line
from desk.duty_strip import strip
from desk.middleware import preferred_theme
from desk.standing import oversees_jira, waiting
from desk.visitors import visitor
from notifications import inbox
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, Any]:
    """Language, look, and (only when a page shows them) the places of the house and what waits."""
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "theme": preferred_theme(request),
        "house": SimpleLazyObject(lambda: _House(request)),
    }


@dataclass(frozen=True)
class Place:
    """A place of the house, as the side bar shows it. `key` is what the keyboard calls it, after g."""

    label: str
    url: str
    icon: str
    key: str = ""
    count: str = ""


class _House:
    """The frame of a page for somebody who is logged in. Its fixed parts are made once for each language."""

    def __init__(self, request: HttpRequest) -> None:
        found = waiting(visitor(request))
        language = get_language() or ""
        self.unread, self.newest = found.unread, found.newest
        self.now = int(clock.now().timestamp())
        user = visitor(request)
        shape = (language, *registry.kinds())
        counts = {"unread": _count("unread", found.unread), "work": _count("work", found.work, "count-quiet")}
        self.places = _filled(_side(*shape, jira=oversees_jira(user), here=_here(request.path, *shape)), counts)
        # The same places in the small screen's menu; the keyboard needs to know each once.
        small = _KEY.sub("", self.places)
        bar = _bar(language, preferred_theme(request), str(user), staff=user.is_staff)
        filled = {"places": small, "unread": counts["unread"], "token": get_token(request)}
        filled["here"] = html.escape(request.get_full_path())
        self.duty = strip(user)
        self.bar = _filled(bar, filled)
        self.fixed = _fixed(language)
        self.head = _head()


def _filled(frame: str, parts: Mapping[str, str]) -> SafeString:
    return mark_safe(_HOLE.sub(lambda hole: parts[hole[1]], frame))  # noqa: S308 - each part was escaped


_HOLE = re.compile("\x01([a-z]+)\x01")
_KEY = re.compile(r' data-key="\w+"')


def _count(name: str, number: int, css: str = "") -> SafeString:
    shown = "99+" if number > inbox.MANY - 1 else number
    hidden = mark_safe(" hidden") if not number else ""
    return format_html('<span class="count {}" data-count="{}"{}>{}</span>', css, name, hidden, shown)


def _here(path: str, language: str, *kinds: str) -> str:
    """The address of the place on whose page somebody is; none where it is no place of the side bar."""
    work, books = _places(language, *kinds, jira=True)
    around = (place.url for place in (*work, *books) if place.url != "/" and path.startswith(place.url))
    return "/" if path == "/" else max(around, key=len, default="")


@lru_cache(maxsize=256)
def _side(language: str, *kinds: str, jira: bool, here: str) -> str:
    """The places as the side bar lists them, with holes for what is counted."""
    return "".join(_list(places, here) for places in _places(language, *kinds, jira=jira))


def _list(places: list[Place], here: str) -> SafeString:
    lines = []
    for place in places:
        current = mark_safe(' aria-current="page"') if place.url == here else ""
        key = format_html(' data-key="{}"', place.key) if place.key else ""
        count = f"\x01{place.count}\x01" if place.count else ""
        parts = (place.url, current, key, markup.icon(place.icon), place.label, count)
        lines.append(format_html('<li><a href="{}"{}{}>{}{}{}</a></li>', *parts))
    return format_html("<ul>{}</ul>", mark_safe("".join(lines)))  # noqa: S308 - each line was made by format_html


@lru_cache(maxsize=8)
def _places(language: str, *kinds: str, jira: bool) -> tuple[list[Place], list[Place]]:  # noqa: ARG001 - remembered for each language
    """What is worked on (own work, notices, every process that has been registered), and what is looked up."""
    work = [
        Place(_("My work"), reverse("desk:home"), "home", "home", "work"),
        Place(_("Notices"), reverse("desk:notices"), "bell", "notices", "unread"),
    ]
    for first, process in enumerate(map(registry.get, kinds)):
        url = reverse(f"desk:{process.front}") if process.front else reverse("desk:list", args=[process.kind])
        work.append(Place(str(process.plural), url, process.icon, "" if first else "list"))
    if any(registry.get(kind).reports is not None for kind in kinds):
        work.append(Place(_("Dashboards"), reverse("desk:dashboard"), "chart-bar"))
    books = [
        Place(str(page.label), reverse(f"desk:{page.name}"), page.icon)
        for process in map(registry.get, kinds)
        for page in process.pages
        if page.label
    ]
    books += [
        Place(_("Customers"), reverse("desk:customers"), "building", "customers"),
        Place(_("People"), reverse("desk:people"), "users"),
        Place(_("Duty roster"), reverse("desk:duty"), "calendar-time"),
        Place(_("Forms"), reverse("desk:gallery"), "clipboard-check"),
        Place(_("Document batches"), reverse("desk:batches"), "copy"),
        Place(_("Handbook"), reverse("desk:handbook"), "book-2"),
    ]
    if jira:
        books.append(Place(_("R&D in JIRA"), reverse("desk:jira"), "flask"))
    return work, books


@lru_cache(maxsize=256)
def _bar(language: str, theme: str, name: str, *, staff: bool) -> str:
    """The bar of a person, with holes for what differs from page to page. A name cannot hold what marks a hole."""
    found: dict[str, Any] = {"language": language, "theme": theme, "csrf_token": "\x01token\x01"}
    found |= {"name": clean_line(name), "staff": staff, "request": {"get_full_path": "\x01here\x01"}}
    return render_to_string("components/bar.html", found | {"places": "\x01places\x01", "unread": "\x01unread\x01"})


@lru_cache(maxsize=1)
def _head() -> SafeString:
    """The style sheets and scripts of every page."""
    return render_to_string("components/head.html")


@lru_cache(maxsize=8)
def _fixed(language: str) -> SafeString:  # noqa: ARG001 - remembered for each language
    """The keyboard's help and the words of the scripts, which are the same on every page."""
    return render_to_string("components/fixed.html", {"words": words()})


def words() -> dict[str, str]:
    """What the scripts of a page say, by the names that they read from the page."""
    return {
        "day-hour": _("%(days)s d %(hours)s h"),
        "day-minute": _("%(days)s d %(minutes)s min"),
        "hour": _("%(hours)s h"),
        "hour-minute": _("%(hours)s h %(minutes)s min"),
        "minute": _("%(minutes)s min"),
        "left": _("%(time)s left"),
        "over": _("%(time)s over"),
        "show": _("Show"),
        "close": _("Close"),
        "draft-restored": _("Draft restored: what you had written here is back."),
        "draft-discard": _("Discard draft"),
        "texts-insert": _("Insert text"),
        "texts-find": _("Find a text by its name or words"),
        "logged-out": _("You are no longer logged in. What you have written here is kept in this browser."),
        "log-in": _("Log in"),
        "not-allowed": _("This is not allowed."),
        "failed": _("That did not work; nothing has changed. Please try again."),
        "offline": _("The server cannot be reached; nothing has changed."),
    }
