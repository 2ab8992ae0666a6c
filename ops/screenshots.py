"""`make screenshots`: the README's two pictures, taken from a running demonstration (`make run`)."""

from __future__ import annotations

import os
import shutil
import sys

from demo.logins import PASSWORD
from ops.setup import ROOT

_SITE = os.environ.get("SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")
_PICTURES = ROOT / "docs" / "images"
_LOGIN = os.environ.get("LOGIN", "demo.specialist")


def main() -> int:
    """Log in as a specialist, take the workbench and the first ticket of the list; returns the exit code."""
    from playwright.sync_api import Error, sync_playwright

    _PICTURES.mkdir(parents=True, exist_ok=True)
    browser_program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program, args=["--no-sandbox"])
        page = browser.new_page(
            base_url=_SITE, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
        )
        try:
            page.goto("/login/")
        except Error:
            print(f"Nobody answers at {_SITE}. Start the demonstration first: make run", file=sys.stderr)
            return 1
        page.locator("input[name=username]").first.fill(_LOGIN)
        page.locator("input[name=password][type=password]").fill(PASSWORD)
        page.locator("button.btn-main").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        page.screenshot(path=_PICTURES / "home.png")
        page.goto("/ticket/")
        page.locator("tbody a[href^='/ticket/']").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=_PICTURES / "ticket.png")
        browser.close()
    print(f"taken: {_PICTURES.relative_to(ROOT)}/home.png, ticket.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
