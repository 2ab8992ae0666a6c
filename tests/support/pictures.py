"""Pictures of every page of a running demonstration, for people to look at.

`python -m tests.support.pictures FOLDER [URL]` takes each page at 1440 and at 390 pixels, in both languages, light and
dark. It asks nothing of the project but its addresses, and changes nothing but the reader's language and look.
"""

from __future__ import annotations

import re
import shutil
import sys
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from demo.logins import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
WIDTHS = {1440: 900, 390: 844}
LANGUAGES = ("zh-hans", "en")
THEMES = ("light", "dark")
STAFF = {
    "home": "/",
    "list": "/ticket/",
    "list-filtered": "/ticket/?show=all&overdue=on&q=平台",
    "list-empty": "/ticket/?show=all&q=nothing-has-this-name",
    "new": "/ticket/new/",
    "notices": "/notices/",
    "preferences": "/preferences/",
    "substitutes": "/substitutes/",
    "customers": "/customers/",
    "people": "/people/",
    "handbook": "/handbook/",
    "rule": "/handbook/TKT-17/",
    "search": "/search/?q=大学",
    "not-found": "/nothing-here/",
}
CUSTOMER = {"portal": "/portal/", "portal-all": "/portal/?show=all", "portal-new": "/portal/new/ticket/"} | {
    "portal-profile": "/portal/profile/",
    "portal-not-found": "/portal/issues/TK-20200101-0001/",
}
WHO = {"specialist": "demo.specialist", "engineer": "demo.engineer", "director": "demo.director"}
_STATES = ("recorded", "in_progress", "waiting_customer", "resolved", "closed")


def _records(page: Page) -> dict[str, str]:
    """One record in each state that matters, and the forms of the acts that are open on the one in progress."""
    found = {}
    for state in _STATES:
        page.goto(f"/ticket/?show=all&state={state}")
        link = page.locator("tbody a[href^='/ticket/']").first
        if link.count():
            found[f"record-{state}"] = str(link.get_attribute("href"))
    if working := found.get("record-in_progress"):
        found["print"] = f"{working}print/"
        page.goto(working)
        for verb in page.locator(".verbs [data-verb]").all():
            code = verb.get_attribute("data-verb")
            found[f"verb-{code}"] = f"{working}{code}/"
        why = re.search(r"/deadlines/\d+/", page.content())
        if why:
            found["why"] = why.group()
    page.goto("/customers/")
    if page.locator("tbody a[href^='/customers/']").count():
        found["customer"] = str(page.locator("tbody a[href^='/customers/']").first.get_attribute("href"))
    return found


def _issues(page: Page) -> dict[str, str]:
    page.goto("/portal/?show=all")
    links = page.locator("ul.issues a").all()[:3]
    return {f"portal-issue-{n}": str(link.get_attribute("href")) for n, link in enumerate(links)}


def _log_in(page: Page, name: str) -> None:
    page.goto("/login/")
    page.locator("input[name=username]").first.fill(name)
    page.locator("input[name=password][type=password]").fill(PASSWORD)
    page.locator("button.btn-main").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)


def _choose(page: Page, language: str, theme: str, inside: str) -> None:
    """By the same form that people use."""
    page.goto(inside)
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    said: dict[str, str | float | bool] = {"csrfmiddlewaretoken": str(token), "language": language, "theme": theme}
    said["next"] = "/healthz/"
    page.request.post("/look/", form=said, headers={"Referer": page.url})


def _looks(only: str) -> Iterator[tuple[int, str, str]]:
    for width, language, theme in product(WIDTHS, LANGUAGES, THEMES):
        if not only or only in f"{width}-{language}-{theme}":
            yield width, language, theme


def take(browser: Browser, site: str, folder: Path, only: str = "", people: str = "") -> int:
    """Take all pictures (or those whose look contains `only`); returns how many."""
    count = 0
    for who, login in (WHO | {"customer": "demo.customer"}).items():
        if people and who not in people.split(","):
            continue
        context = browser.new_context(base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai")
        page = context.new_page()
        if who == "specialist":
            page.goto("/login/")
            page.screenshot(path=folder / "login.png", full_page=True)
        _log_in(page, login)
        pages = CUSTOMER | _issues(page) if who == "customer" else STAFF | _records(page)
        for width, language, theme in _looks(only):
            _choose(page, language, theme, "/portal/" if who == "customer" else "/people/")
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            for name, address in pages.items():
                page.goto(address)
                page.screenshot(path=folder / f"{who}-{name}-{width}-{language}-{theme}.png", full_page=True)
                count += 1
        context.close()
    return count


def main() -> int:
    """Take them; returns the exit code."""
    folder = Path(sys.argv[1])
    site = sys.argv[2] if len(sys.argv) > 2 else "http://localhost:8000"
    more = dict(word.split("=", 1) for word in sys.argv[3:])
    folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        count = take(browser, site, folder, more.get("look", ""), more.get("people", ""))
        browser.close()
    sys.stdout.write(f"{count} pictures in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
