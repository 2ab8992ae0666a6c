"""A small year, made once for all tests of a class; what a test does to it is taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.core.management import call_command
from django.test import TestCase

from core import clock
from demo import year
from tests.support.beginnings import Beginning

END = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TICKETS = 40


def _make() -> year.Account:
    call_command("seed", verbosity=0)
    return year.make(TICKETS, seed=7)


_YEAR = Beginning(_make)


class WithAYear(TestCase):
    """Tests in front of the demonstration's data, at the moment at which the year ends."""

    account: ClassVar[year.Account]

    @classmethod
    def setUpTestData(cls) -> None:
        with clock.held(END):
            cls.account = _YEAR.begin()

    def setUp(self) -> None:
        self.enterContext(clock.held(END))
