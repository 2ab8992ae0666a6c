"""The sweep: whatever is due fires once; its cost is that of what is due; one fault stops nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from people.actors import SYSTEM, Actor
from tests.workflow.conftest import NOON
from tests.workflow.errands import Errand
from workflow import hooks, sweep, tasks, terms
from workflow.engine import perform
from workflow.models import Deadline, Entry, Firing, KeptTerms, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workflow.conftest import Crew
    from workflow.models import DeadlinePolicy

    Ask = Callable[..., Errand]
    Do = Callable[..., Errand]
    Policy = Callable[..., DeadlinePolicy]

pytestmark = pytest.mark.kernel
HOUR = timedelta(hours=1)


def swept(at: Any, limit: int = 20_000) -> sweep.SweepReport:
    """Sweep at a moment."""
    with clock.held(at):
        return sweep.run(limit)


def test_it_fires_once_however_often_it_runs(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 60)
    for _ in range(3):
        ask()
    assert [swept(NOON + HOUR).fired for _ in range(3)] == [6, 0, 0]
    assert Firing.objects.count() == 6
    assert Entry.objects.filter(verb__startswith="deadline.").count() == 6


def test_the_task_that_celery_executes_is_the_sweep(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 60)
    ask()
    with clock.held(NOON + HOUR):
        tasks.sweep_deadlines()
    assert Firing.objects.count() == 2


def test_it_takes_no_more_than_it_was_asked_to_and_the_oldest_first(
    ask: Ask, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BATCH", 2)
    policy("errand.answer", 60, levels=(("missed", 100, ["handler"]),))
    errands = [ask(at=NOON - timedelta(minutes=n)) for n in range(7)]
    assert swept(NOON + HOUR, limit=3).fired == 3
    assert set(Firing.objects.values_list("deadline__record", flat=True)) == {errand.pk for errand in errands[-3:]}
    assert swept(NOON + HOUR).fired == 4


def queries_of(at: Any) -> int:
    """How many statements a sweep takes, of a process that knows the terms already: it asks for them but once."""
    for key in KeptTerms.objects.values_list("pk", flat=True):
        terms.kept(key)
    with CaptureQueriesContext(connection) as caught:
        swept(at)
    return len(caught)


def test_its_cost_does_not_depend_on_how_many_deadlines_are_open(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 60)
    ask(at=NOON - HOUR)
    alone = queries_of(NOON - HOUR / 4)
    ask(at=NOON - HOUR)
    for _ in range(25):
        ask(at=NOON + 10 * HOUR)
    assert queries_of(NOON - HOUR / 4) == alone


def test_its_statements_do_not_grow_with_what_is_due(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 60)
    ask(at=NOON)
    one = queries_of(NOON + HOUR)
    swept(NOON + 2 * HOUR)
    for _ in range(20):
        ask(at=NOON + 10 * HOUR)
    assert queries_of(NOON + 11 * HOUR) == one


def test_with_nothing_due_it_is_two_statements_at_most(ask: Ask, policy: Policy) -> None:
    policy("errand.answer", 60)
    for _ in range(5):
        ask()
    with CaptureQueriesContext(connection) as caught:
        swept(NOON)
    asked = [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 2


@pytest.mark.django_db
def test_the_database_finds_what_is_due_by_its_index(crew: Crew) -> None:
    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        rows = Record.objects.filter(wake_at__lte=NOON).order_by("wake_at", "pk")
        plan = rows.select_for_update(no_key=True, skip_locked=True).values_list("pk")[:500].explain()
    assert "record_to_wake" in plan
    assert "Seq Scan" not in plan


# --- faults ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def poison() -> Callable[[Record], None]:
    """Have whoever listens to the timeline fail on one record."""

    def name(victim: Record) -> None:
        @hooks.on_entries
        def fail(entries: Any, records: Any) -> None:
            if victim.pk in records:
                msg = "poisoned"
                raise RuntimeError(msg)

    return name


def test_one_poisoned_record_does_not_stop_the_others(
    ask: Ask, policy: Policy, poison: Callable[[Record], None]
) -> None:
    policy("errand.answer", 60)
    errands = [ask() for _ in range(5)]
    poison(errands[2])
    report = swept(NOON + HOUR)
    assert (report.fired, report.failed) == (8, 1)
    assert set(Firing.objects.values_list("deadline__record", flat=True)) == {
        errand.pk for errand in errands if errand != errands[2]
    }


def test_a_poisoned_record_is_put_off_and_leaves_nothing_half_done(
    ask: Ask, policy: Policy, poison: Callable[[Record], None]
) -> None:
    policy("errand.answer", 60)
    errand = ask()
    poison(errand)
    swept(NOON + HOUR)
    record = Record.objects.get(pk=errand.pk)
    assert (record.wake_at, record.timeline_length) == (NOON + HOUR + timedelta(minutes=5), 1)
    assert Deadline.objects.get().failures == 1
    assert not Firing.objects.exists()
    assert swept(NOON + HOUR) == sweep.SweepReport(), "it does not come up again at once"
    hooks._on_entries.pop()
    assert swept(NOON + 2 * HOUR).fired == 3, "once the fault is gone, what was due fires"
    assert [firing.late for firing in Firing.objects.order_by("level")] == [True, True, False]


def test_a_refused_verb_of_the_system_puts_off_no_other_deadline(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.away", 60, levels=())
    policy("errand.answer", 62, levels=(("missed", 100, ["handler"]),))
    errand = act(act(ask(), "start"), "finish")
    other = ask()
    Deadline.objects.filter(record=other).update(record=errand.pk, cycle=9)
    Record.objects.filter(pk=errand.pk).update(wake_at=NOON + HOUR)

    @hooks.on_entries
    def fail(entries: Any, records: Any) -> None:
        if any(entry.verb == "put_away" for entry in entries):
            raise RuntimeError

    report = swept(NOON + HOUR)
    assert (report.performed, report.failed) == (0, 1)
    assert Record.objects.get(pk=errand.pk).wake_at == NOON + timedelta(minutes=62)
    assert swept(NOON + timedelta(minutes=62)).fired == 1


# --- verbs that the system performs ----------------------------------------------------------------------------------
def test_what_nobody_does_the_system_does_when_it_is_time_and_once(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.away", 60, levels=())
    errand = act(act(ask(), "start"), "finish")
    assert swept(NOON + HOUR - timedelta(seconds=1)).performed == 0
    assert [swept(NOON + HOUR).performed for _ in range(3)] == [1, 0, 0]
    record = Record.objects.get(pk=errand.pk)
    assert record.state == "put_away"
    entry = record.entries.get(verb="put_away")
    assert (entry.actor, entry.channel) == (None, "system")
    assert Deadline.objects.get(timer="errand.away").outcome == "met"
    assert not Firing.objects.exists(), "nobody is told that the system was in time"


def test_what_somebody_does_first_the_system_does_not(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.away", 60, levels=())
    errand = act(act(act(ask(), "start"), "finish"), "again")
    assert swept(NOON + 10 * HOUR).performed == 0
    assert errand.state == "under_way"


def test_after_a_new_round_the_system_does_it_again(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.away", 60, levels=())
    errand = act(act(act(ask(), "start"), "finish"), "again")
    errand = act(errand, "finish", at=NOON + HOUR)
    assert swept(NOON + 2 * HOUR).performed == 1


def test_a_verb_of_the_system_that_fails_is_tried_again_and_counts(
    ask: Ask, act: Do, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy("errand.away", 60, levels=())
    errand = act(act(ask(), "start"), "finish")
    bystander = act(act(ask(), "start"), "finish")

    def refuse(record: Record, verb: str, **rest: Any) -> Entry:
        if record.pk == errand.pk:
            raise RuntimeError
        return perform(record, verb, **rest)

    monkeypatch.setattr(sweep, "perform", refuse)
    report = swept(NOON + HOUR)
    assert (report.performed, report.failed) == (1, 1)
    assert Errand.objects.get(pk=bystander.pk).state == "put_away"
    assert Deadline.objects.get(record=errand, timer="errand.away").failures == 1
    monkeypatch.setattr(sweep, "perform", perform)
    assert swept(NOON + HOUR).performed == 0
    assert swept(NOON + HOUR + timedelta(minutes=5)).performed == 1


def test_a_verb_that_another_sweep_has_performed_meanwhile_is_no_fault(
    ask: Ask, act: Do, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy("errand.away", 60, levels=())
    act(act(ask(), "start"), "finish")

    def both(record: Record, verb: str, **rest: Any) -> Entry:
        perform(record, verb, actor=SYSTEM)
        return perform(record, verb, **rest)

    monkeypatch.setattr(sweep, "perform", both)
    assert swept(NOON + HOUR).failed == 0
    assert Entry.objects.filter(verb="put_away").count() == 1


def test_a_person_and_the_sweep_do_not_fire_the_same_level(ask: Ask, policy: Policy, crew: Crew) -> None:
    policy("errand.answer", 60)
    errand = ask()
    with clock.held(NOON + HOUR):
        sweep.run()
        perform(errand, "note", actor=Actor(crew.handler), data={"text": "x"})
    with clock.held(NOON + 2 * HOUR + timedelta(seconds=1)):
        perform(errand, "note", actor=Actor(crew.handler), data={"text": "x"})
        assert sweep.run().fired == 0
    assert Firing.objects.count() == 3
