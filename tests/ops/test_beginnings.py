"""What many tests begin with: put back, it is what was made, and where it would not be, it is made anew."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from core import clock
from people.models import Region, User
from tests.cast import Cast, hire, seed
from tests.support import beginnings
from tests.support.beginnings import Beginning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]


class Maker:
    """An installation with its people, and how often it was made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Cast:
        """Make it."""
        self.times += 1
        seed()
        return hire()


@contextmanager
def one_test() -> Iterator[None]:
    """What is done within is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, list[str]]:
    return {table.name: sorted(map(repr, table.rows())) for table in beginnings._tables()}


def test_what_is_put_back_is_what_was_made() -> None:
    make = Maker()
    beginning = Beginning(make)
    with one_test():
        first, was = beginning.begin(), everything()
    with one_test():
        again = beginning.begin()
        assert everything() == was
        assert (again, again.engineer.supervisor) == (first, first.engineer.supervisor)
        assert User.objects.get(username="engineer").check_password("correct horse battery")
        assert Region.objects.create(code="new", name_zh="新", name_en="New").pk > max(
            Region.objects.exclude(code="new").values_list("pk", flat=True)
        )
    assert make.times == 1


def test_at_another_moment_or_beside_other_rows_it_is_made_anew(held_clock: Callable[..., Any]) -> None:
    make = Maker()
    beginning = Beginning(make)
    with one_test():
        beginning.begin()
    with one_test():
        Region.objects.create(code="new", name_zh="新", name_en="New")
        beginning.begin()
        assert make.times == 2
    held_clock(clock.now() + timedelta(days=1))
    with one_test():
        beginning.begin()
    assert make.times == 3


def test_nothing_that_was_there_may_be_changed_by_it(seeded: None) -> None:
    with pytest.raises(AssertionError, match="rows that were there"):
        Beginning(lambda: Region.objects.filter(code="north").update(name_en="Changed")).begin()
