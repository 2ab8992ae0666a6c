"""A house that stands for a module's tests, and browsers of its people that fail a test when anything goes wrong.

The browser tests work on data that are really committed. To make people and tickets anew for each test would take
longer than most tests do, so they stand for a whole module: a test makes the tickets that it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.browser.house import House, furnish
from tests.cast import Cast, University, enrol, hire, recorder, seed
from tests.support.browser import AXE, Window, open_window
from workflow import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser
    from pytest_django.plugin import DjangoDbBlocker

    from people.models import User
    from tickets.models import Ticket


@dataclass
class Stand:
    """Who and what is there: the cast, the customer, and the way to record a ticket."""

    cast: Cast
    university: University
    new_ticket: Callable[..., Ticket]
    url: str


@pytest.fixture(scope="module")
def stand(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stand]:
    """People and a customer, committed, and a server that answers for them."""
    with django_db_blocker.unblock():
        cache.clear()
        terms._stored.clear()  # of the module before, whose database is gone
        seed()
        cast = hire()
        university = enrol(cast)
        server = LiveServer("localhost")
        try:
            yield Stand(cast, university, recorder(cast, university), server.url)
        finally:
            server.stop()
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def _django_db_helper(stand: Stand) -> None:
    """The stand takes the place of an empty database for each test."""


@pytest.fixture(scope="module")
def house(stand: Stand) -> House:
    """A ticket in every state. To be looked at, not to be changed."""
    return furnish(stand.cast, stand.new_ticket)


@pytest.fixture
def cast(stand: Stand) -> Cast:
    """The people."""
    return stand.cast


@pytest.fixture
def university(stand: Stand) -> University:
    """The customer."""
    return stand.university


@pytest.fixture
def new_ticket(stand: Stand) -> Callable[..., Ticket]:
    """Record a ticket."""
    return stand.new_ticket


@pytest.fixture
def window(browser: Browser, stand: Stand) -> Iterator[Callable[..., Window]]:
    """Open somebody's browser; at the end every one of them must have been calm."""
    opened: list[Window] = []

    def open_one(user: User | None = None, *, axe: bool = False, language: str = "zh-hans", **options: Any) -> Window:
        if user is not None:
            type(user).objects.filter(pk=user.pk).update(language=language, theme="auto")
        made = open_window(browser, stand.url, user, **options)
        if user is None:
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


__all__ = ("House", "Stand")
