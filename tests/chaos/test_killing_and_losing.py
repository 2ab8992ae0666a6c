"""Workers are killed, the broker is emptied, beats stop or come twice: every level still fires exactly once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.support.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.chaos.conftest import Due
    from tests.support.processes import Stage

    Making = Callable[..., Due]

pytestmark = [pytest.mark.timeout(600), pytest.mark.chaos, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_worker_killed_in_the_middle_of_a_sweep_costs_no_level_and_doubles_none(stage: Stage, due: Making) -> None:
    promises = due(2500)
    stage.start_broker()
    stage.beat()
    worker = stage.worker(concurrency=1)
    wait_until(lambda: promises.fired > 0, 60, "the sweep has not begun")
    worker.kill()
    left = promises.count * 2 - promises.fired
    assert left > 0, "it was killed too late to prove anything"
    stage.worker("second")
    promises.wait()
    promises.verify()


def test_an_emptied_broker_loses_nothing(stage: Stage, due: Making) -> None:
    promises = due(600)
    stage.start_broker()
    stage.beat()
    stage.worker()
    stage.empty_broker()
    promises.wait()
    stage.empty_broker()
    promises.settle()
    promises.verify()


def test_a_broker_killed_and_started_again_loses_nothing(stage: Stage, due: Making) -> None:
    stage.start_broker()
    stage.beat()
    stage.worker()
    assert stage.broker is not None
    stage.broker.kill()
    promises = due(300)
    stage.start_broker()
    promises.wait()
    promises.verify()


def test_two_hours_without_a_beat_are_made_up_for_once_and_said_to_be_late(stage: Stage, due: Making) -> None:
    promises = due(300, ago=timedelta(hours=2))
    stage.start_broker()
    stage.worker()
    assert promises.fired == 0
    stage.beat()
    promises.wait()
    promises.settle()
    promises.verify(late=True)


def test_two_beats_at_once_fire_no_level_twice(stage: Stage, due: Making) -> None:
    promises = due(600)
    stage.start_broker()
    beats = [stage.beat(), stage.beat()]
    stage.worker(concurrency=2)
    promises.wait()
    promises.settle()
    assert all(beat.alive for beat in beats)
    promises.verify()


def test_four_workers_at_once_share_the_work_and_fire_no_level_twice(stage: Stage, due: Making) -> None:
    promises = due(2500)
    stage.start_broker()
    stage.beat()
    stage.beat()
    stage.worker("one", concurrency=2)
    stage.worker("two", concurrency=2)
    promises.wait()
    promises.verify()
