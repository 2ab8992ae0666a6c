"""Browsers of the cast, each of which fails its test when anything on a page goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.house import House, furnish
from tests.support.browser import AXE, Window, open_window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket


@pytest.fixture
def window(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Callable[..., Window]]:
    """Open somebody's browser; at the end every one of them must have been calm."""
    opened: list[Window] = []

    def open_one(user: User | None = None, *, axe: bool = False, language: str = "", **options: Any) -> Window:
        if user is not None and language:
            type(user).objects.filter(pk=user.pk).update(language=language)
        made = open_window(browser, live_server.url, user, **options)
        if user is None and language:
            made.look(language=language)
        if axe:
            made.context.add_init_script(path=AXE)
        opened.append(made)
        return made

    yield open_one
    try:
        for each in opened:
            each.calm()
    finally:
        for each in opened:
            each.context.close()


@pytest.fixture
def house(cast: Cast, new_ticket: Callable[..., Ticket]) -> House:
    """A house with work in it."""
    return furnish(cast, new_ticket)
