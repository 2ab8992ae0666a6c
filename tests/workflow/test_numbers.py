"""Numbers count up by prefix and by the day on the department's wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from tests.workflow.conftest import NOON
from workflow.models import Record
from workflow.numbers import next_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workflow.errands import Errand

pytestmark = [pytest.mark.kernel, pytest.mark.django_db]


def test_they_count_up_by_prefix() -> None:
    given = [next_number(prefix, NOON) for prefix in ("TK", "TK", "ER", "TK")]
    assert given == ["TK-20260304-0001", "TK-20260304-0002", "ER-20260304-0001", "TK-20260304-0003"]


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    last = datetime(2026, 3, 4, 15, 59, 59, tzinfo=UTC)
    assert next_number("TK", last) == "TK-20260304-0001"
    assert next_number("TK", last + timedelta(seconds=1)) == "TK-20260305-0001"


def test_a_day_with_more_than_four_digits_goes_on() -> None:
    from workflow.models import NumberSeries

    next_number("TK", NOON)
    NumberSeries.objects.update(last=9999)
    assert next_number("TK", NOON) == "TK-20260304-10000"


def test_what_is_rolled_back_leaves_no_gap() -> None:
    next_number("TK", NOON)
    with transaction.atomic():
        next_number("TK", NOON)
        transaction.set_rollback(True)
    assert next_number("TK", NOON) == "TK-20260304-0002"


def test_a_record_keeps_its_number(ask: Callable[..., Errand], act: Callable[..., Errand]) -> None:
    errand = ask()
    assert act(errand, "start", at=NOON + timedelta(days=3)).number == errand.number
    assert Record.objects.get().number.startswith("ER-20260304-")
