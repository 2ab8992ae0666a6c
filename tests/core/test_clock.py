"""The one clock: aware, in UTC, and still when it is held."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.usefixtures("real_clock")
def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)  # architecture: the clock itself is tested


def test_a_held_clock_stands_still_and_tells_utc() -> None:
    with clock.held(NOON):
        assert clock.now() == NOON
        assert clock.now().tzinfo is UTC
        assert clock.now() == clock.now()
    assert clock.now() != NOON


def test_holding_nests_and_ends_also_after_a_fault() -> None:
    with clock.held(NOON):
        with pytest.raises(LookupError), clock.held(NOON + timedelta(days=1)):
            raise LookupError
        assert clock.now() == NOON
    assert clock.now() != NOON


def test_nobody_can_hold_it_at_a_moment_without_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"), clock.held(NOON.replace(tzinfo=None)):
        pass


def test_it_is_held_for_one_thread_alone() -> None:
    seen: list[datetime] = []
    with clock.held(NOON):
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0] != NOON


def test_local_is_the_departments_wall_clock() -> None:
    assert clock.local(datetime(2026, 3, 4, 16, 30, tzinfo=UTC)).isoformat() == "2026-03-05T00:30:00+08:00"
