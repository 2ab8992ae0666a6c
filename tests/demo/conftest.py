"""A small year, made once for all tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from core import clock
from demo import year

if TYPE_CHECKING:
    from collections.abc import Iterator

END = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TICKETS = 40


@pytest.fixture(scope="module")
def _year(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[year.Account]:
    with django_db_blocker.unblock(), clock.held(END), transaction.atomic():  # type: ignore[attr-defined]
        call_command("seed", verbosity=0)
        yield year.make(TICKETS, seed=7)
        transaction.set_rollback(True)
    connection.close()


@pytest.fixture
def a_year(_year: year.Account) -> Iterator[year.Account]:
    """The year; what a test does to it is taken back."""
    with transaction.atomic():
        yield _year
        transaction.set_rollback(True)
