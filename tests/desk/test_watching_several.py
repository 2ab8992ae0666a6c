"""Watching several records at once: one press for all that one sees, no act on any of them, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.browser.house import worked_on
from tests.cast import act
from tests.desk.test_several import named, send
from workflow import watching
from workflow.models import Entry, Involvement

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    BrowserOf = Callable[[User], Client]
    New = Callable[..., Ticket]

pytestmark = pytest.mark.django_db


def watched(user: User) -> set[int]:
    return set(Involvement.objects.reading_along(user).values_list("record_id", flat=True))


def test_all_that_are_chosen_are_watched_and_nothing_of_them_changes(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    tickets = [new_ticket(), new_ticket(), new_ticket()]
    entries = Entry.objects.count()
    for _time in range(2):
        found = send(browser_of(cast.specialist), "watch", named(*tickets))
        assert "3 records are done." in found
    assert watched(cast.specialist) == {ticket.pk for ticket in tickets}
    versions = {ticket.pk: ticket.version for ticket in tickets}
    for ticket in tickets:
        ticket.refresh_from_db()
    assert (Entry.objects.count(), {ticket.pk: ticket.version for ticket in tickets}) == (entries, versions)


def test_watching_several_ends_as_it_began_also_where_one_was_copied_in(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    first, second = new_ticket(), new_ticket()
    act(first, "copy_to", cast.specialist, people=[cast.engineer.pk])
    watching.watch(second, cast.engineer)
    browser = browser_of(cast.engineer)
    send(browser, "unwatch", named(first, second))
    assert watched(cast.engineer) == set()
    send(browser, "watch", named(first))
    assert watched(cast.engineer) == {first.pk}


def test_the_bar_offers_to_watch_those_that_are_not_watched_and_to_stop_with_the_others(
    cast: Cast, browser_of: BrowserOf, new_ticket: New
) -> None:
    first, second = new_ticket(), new_ticket()
    browser = browser_of(cast.specialist)
    chosen = {"chosen": named(first, second)}
    page = browser.get("/ticket/several/", chosen, headers={"HX-Request": "true"}).content.decode()
    assert 'formaction="/ticket/several/watch/"' in page
    assert "several/unwatch/" not in page
    watching.watch(first, cast.specialist)
    page = browser.get("/ticket/several/", chosen, headers={"HX-Request": "true"}).content.decode()
    assert page.count("1 of 2") >= 2
    assert "several/unwatch/" in page


def test_nobody_watches_what_they_do_not_see(cast: Cast, browser_of: BrowserOf, new_ticket: New) -> None:
    hidden = worked_on(new_ticket(), cast)
    answer = browser_of(cast.finance).post("/ticket/several/watch/", {"chosen": named(hidden)})
    assert answer.status_code == 302
    assert watching.watch_all([hidden], cast.finance) == []
    assert watching.watch_all([hidden], cast.contact) == []
    assert watched(cast.finance) | watched(cast.contact) == set()


def test_a_hundred_cost_as_much_as_one(cast: Cast, new_ticket: New) -> None:
    tickets = [new_ticket() for _n in range(4)]

    def cost(*chosen: Ticket) -> int:
        with CaptureQueriesContext(connection) as asked:
            watching.watch_all(chosen, cast.specialist)
        return len(asked)

    assert cost(*tickets[:1]) == cost(*tickets)
