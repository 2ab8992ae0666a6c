"""Workers that recompute at once share the work, and neither they nor people at work undo one another."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from core import clock
from people.actors import Actor
from tests.concurrency.at_once import at_once, sorted_out
from tests.workflow.conftest import NOON
from tests.workflow.told import HOUR, deadline
from workflow import drift, recompute
from workflow.engine import perform
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workflow.conftest import Crew
    from tests.workflow.errands import Errand
    from workflow.models import DeadlinePolicy

pytestmark = pytest.mark.django_db(transaction=True)
TIMERS = ["errand.answer"]


def test_workers_and_people_at_once_change_each_record_once(
    ask: Callable[..., Errand],
    policy: Callable[..., DeadlinePolicy],
    crew: Crew,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recompute, "BATCH", 3)
    edited = policy("errand.answer", 240)
    errands = [ask() for _ in range(10)]
    edited.minutes = 600
    edited.save()
    assert recompute.order(TIMERS, "x", crew.director, recompute.survey(TIMERS, 100).rules)

    def one(number: int) -> Any:
        with clock.held(NOON + HOUR):
            if number < 4:
                return recompute.run()
            return [perform(errand, "note", actor=Actor(crew.handler), data={"text": "x"}) for errand in errands]

    sorted_out(at_once(8, one))
    with clock.held(NOON + HOUR):
        recompute.run()
        assert drift.check().drifted == 0
    assert {deadline(errand, "answer").due_at for errand in errands} == {NOON + 10 * HOUR}
    told = Entry.objects.filter(verb="deadline.recomputed").values_list("record", flat=True)
    assert sorted(told) == sorted(errand.pk for errand in errands)
    assert Entry.objects.filter(verb="note").count() == 40
    call_command("verify_timeline", stdout=StringIO())
