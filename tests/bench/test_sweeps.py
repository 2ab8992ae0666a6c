"""The ground on which sweeps are measured: exactly what should be due is due."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from bench.sweeps import Ground
from core import clock
from demo import year
from workflow import sweep
from workflow.models import Deadline, Firing, Record


@pytest.mark.django_db
def test_of_many_open_deadlines_exactly_the_ripe_ones_fire_each_level_once(held_clock: object, printer: object) -> None:
    call_command("seed", verbosity=0)
    year.make(4, seed=7)
    ground = Ground.prepared()
    ground.fill(50)
    start = ground.ripen(30)
    assert Deadline.objects.open().filter(due_at__gt=start + timedelta(weeks=52)).count() == 50
    for after, kind in ((18, "warned"), (24, "missed"), (48, "escalated")):
        before = Firing.objects.count()
        with clock.held(start + timedelta(hours=after, seconds=5)):
            assert Record.objects.filter(wake_at__lte=clock.now()).count() == 30
            assert sweep.run().fired == 30
        assert set(Firing.objects.order_by("-pk")[:30].values_list("kind", "late")) == {(kind, False)}
        assert Firing.objects.count() == before + 30
