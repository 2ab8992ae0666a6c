"""What the browser tests share: a browser that tolerates no fault, logins without typing, and the check by axe.

A `Window` is one person's browser. It notes every error on the console, every breach of the content security policy,
every request to another host and every answer of 400 or above, and `calm()` fails when there was one that the test
did not announce with `expects`.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from ops.setup import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, ViewportSize

    from people.models import User

AXE = ROOT / "var" / "assets" / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
_LOADING = re.compile(r"^Failed to load resource")
_CHECK = """async ([tags, rules, exclude]) => {
  const only = rules.length ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const where = exclude.length ? { exclude } : document;
  const found = await axe.run(where, { runOnly: only, resultTypes: ["violations"], preload: false });
  const told = (node) => `${node.target.join(" ")} :: ${node.failureSummary}`;
  return found.violations.map((each) => ({ rule: each.id, help: each.help, where: each.nodes.slice(0, 4).map(told) }));
}"""
_WIDER = """() => {
  const room = window.innerWidth, page = document.scrollingElement;
  if (page.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > room + 1
    && !each.closest(".unseen"));
  return [`${page.scrollWidth} > ${room}`, ...wide.slice(0, 6).map((each) => `${each.tagName}.${each.className}`)];
}"""


class Window:
    """One person's browser, and everything that went wrong in it."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        """`home` is the address of the server; nothing else may be asked."""
        self.context = context
        self.home = home
        self.faults: list[str] = []
        self.expected: set[int] = set()
        self.page: Page = context.new_page()
        self.page.set_default_timeout(8000)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # That a load failed is told by its answer, which says more.
        if message.type in {"error", "warning"} and not _LOADING.match(message.text):
            self.faults.append(f"console on {self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.faults.append(f"foreign request: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.status} for {response.request.method} {response.url}")

    @contextmanager
    def expects(self, *statuses: int) -> Iterator[None]:
        """Answers that are right here although they are refusals."""
        before = set(self.expected)
        self.expected |= set(statuses)
        yield
        self.expected = before

    def calm(self) -> None:
        """Nothing went wrong."""
        faults, self.faults = self.faults, []
        assert not faults, "\n".join(faults)

    def go(self, address: str) -> Page:
        """Open a page of the house."""
        self.page.goto(self.home + address if address.startswith("/") else address)
        return self.page

    def at(self, address: str) -> None:
        """Wait until the page is the one at an address (a path, or the beginning of one with its query)."""
        self.page.wait_for_url(lambda url: _path(url).startswith(address))

    def look(self, *, language: str = "", theme: str = "") -> None:
        """Choose language and look as this browser's cookies keep them for whoever is not logged in."""
        given = {"language": language, "theme": theme}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.home} for name, value in given.items() if value]
        )

    def axe(self, rules: Sequence[str] = (), but: Sequence[str] = ()) -> list[str]:
        """What axe finds on the page as it stands, `but` in the parts that these selectors name."""
        found: list[dict[str, Any]] = self.page.evaluate(_CHECK, [TAGS, list(rules), list(but)])
        path = _path(self.page.url)
        return [f"{path} {each['rule']}: {each['help']}\n    " + "\n    ".join(each["where"]) for each in found]

    def wider_than_the_screen(self) -> list[str]:
        """What stands out to the side, so that the whole page would have to be pushed about."""
        return list(self.page.evaluate(_WIDER))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def logged_in(user: User, home: str) -> dict[str, Any]:
    """The storage of a browser in which somebody is logged in, without a login page."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    host = str(urlsplit(home).hostname)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": host, "path": "/"}
    return {"cookies": [cookie | {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}], "origins": []}


def open_window(browser: Browser, home: str, user: User | None = None, **options: Any) -> Window:
    """A new browser, on a desk unless said otherwise, of somebody who is logged in."""
    given: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESK} | options
    if user is not None:
        given["storage_state"] = logged_in(user, home)
    context = browser.new_context(**given)
    return Window(context, home)


__all__ = ("AXE", "DESK", "PHONE", "Window", "open_window")
