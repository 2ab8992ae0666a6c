"""What was counted within the last minute is shown again to the same person under the same rights, with its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Role
from reports import boards, periods
from reports.recent import LASTS, Recent
from tickets.measures import REPORTS
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def test_it_lasts_for_a_minute_and_not_longer(held_clock: Callable[[datetime], Any]) -> None:
    known: Recent[int] = Recent()
    assert known.get("a", lambda: 1).value == 1
    held_clock(TEN + LASTS - timedelta(seconds=1))
    again = known.get("a", lambda: 2)
    assert (again.value, again.at) == (1, TEN)
    held_clock(TEN + LASTS)
    assert known.get("a", lambda: 3).value == 3
    held_clock(TEN)
    assert known.get("a", lambda: 4).value == 4, "a clock that was set back makes nothing young"


def test_it_is_counted_anew_for_another_key_and_when_asked() -> None:
    known: Recent[int] = Recent()
    known.get("a", lambda: 1)
    assert known.get("b", lambda: 2).value == 2
    assert known.get("a", lambda: 3, fresh=True).value == 3
    assert known.get("a", lambda: 4).value == 3


def test_the_longest_unused_are_forgotten() -> None:
    known: Recent[int] = Recent()
    for n in range(100):
        known.get(n, lambda: 1)
    assert known.get(99, lambda: 2).value == 1
    assert known.get(0, lambda: 2).value == 2


def accepted(user: User, *, fresh: bool = False) -> int:
    period = periods.named("month", periods.today())
    return boards.draw(registry.get("ticket"), user, REPORTS.boards[-1], period, (), fresh=fresh).whole.numbers[0].value


@pytest.mark.django_db
def test_a_dashboard_looked_at_again_asks_nothing_until_it_is_told_to(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    new_ticket()
    assert accepted(cast.director) == 1
    new_ticket()
    with CaptureQueriesContext(connection) as asked:
        assert accepted(cast.director) == 1
    assert len(asked) == 0
    assert accepted(cast.director, fresh=True) == 2


@pytest.mark.django_db
def test_nobody_is_shown_what_was_counted_for_somebody_else_or_under_rights_that_are_gone(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    new_ticket()
    assert accepted(cast.director) == 1
    assert accepted(cast.finance) == 0
    cast.finance.roles.add(Role.objects.get(code="service_director"))
    raised = type(cast.finance).objects.get(pk=cast.finance.pk)
    assert accepted(raised) == 1
    raised.roles.clear()
    assert accepted(type(raised).objects.get(pk=raised.pk)) == 0
