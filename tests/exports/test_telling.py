"""Whoever asked for a file reads that it is ready, or that it has failed; once, and nobody else does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils.translation import override

from exports import keeping, making, places
from notifications.inbox import inbox
from notifications.models import Notice, Sending
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.exports.conftest import Ask
    from tickets.models import Ticket

    New = Callable[..., Ticket]

pytestmark = pytest.mark.django_db


def test_a_file_that_is_ready_is_told_to_whoever_asked_and_leads_to_it(cast: Cast, new_ticket: New, made: Ask) -> None:
    new_ticket()
    made(cast.specialist, kind_of_file="xlsx")
    making.run()
    with override("en"):
        (item,) = inbox(cast.specialist)
    assert item.message.title == "The export of “Tickets” is ready."
    assert item.message.lines == ("XLSX · 1 row", "It is kept for a week.")
    assert (item.message.path, Notice.objects.filter(tiding__isnull=False).count()) == ("/exports/", 1)


def test_no_mail_is_written_of_it_unless_somebody_wants_it(cast: Cast, new_ticket: New, made: Ask) -> None:
    made(cast.specialist)
    outbox.drain()
    assert not Sending.objects.filter(notice__tiding__isnull=False).exists()


def test_a_file_that_failed_is_told_with_the_reason_and_one_that_was_given_up_is_not(
    cast: Cast, new_ticket: New, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.cancel(ask(cast.specialist, "show=all"))
    assert inbox(cast.specialist) == []

    def full(*_: Any) -> int:
        raise OSError

    monkeypatch.setattr(places, "write_keys", full)
    ask(cast.specialist, "show=open")
    making.run()
    with override("en"):
        (item,) = inbox(cast.specialist)
    assert item.message.title == "The export of “Tickets” has failed."
    assert "no room for the file" in item.message.lines[0]


def test_the_window_that_waits_for_the_file_does_not_say_it_twice(cast: Cast, new_ticket: New, made: Ask) -> None:
    client = Client()
    client.force_login(cast.specialist, backend="django.contrib.auth.backends.ModelBackend")
    first = made(cast.specialist)
    before = Notice.objects.get(tiding__isnull=False).pk - 1

    def told(query: str) -> list[bool]:
        return [each["quiet"] for each in client.get(f"/live/?since={before or 1}{query}").json()["notices"]]

    made(cast.specialist, "show=open")
    assert set(told(f"&export={first.pk}")) == {True}
    assert set(told("")) == {False}
