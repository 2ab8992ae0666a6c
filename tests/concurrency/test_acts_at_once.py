"""Many people act at once: one wins, the others are told, nothing is lost and nothing is doubled."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import transaction

from core import clock
from people.actors import Actor
from people.models import User
from tests.concurrency.at_once import PATIENCE, at_once, meanwhile, sorted_out
from tests.workflow.conftest import NOON
from tests.workflow.errands import Errand
from workflow import outbox, sweep
from workflow.engine import perform
from workflow.models import Deadline, Entry, Firing, NumberSeries, OutboxMessage, Record, WorkItem
from workflow.outbox import Draft, drain, enqueue_many
from workflow.refusals import NotAllowed, Stale, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from customers.models import Organisation
    from tests.workflow.conftest import Crew
    from workflow.models import DeadlinePolicy

    Ask = Callable[..., Errand]
    Do = Callable[..., Errand]
    Policy = Callable[..., DeadlinePolicy]

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20
HOUR = timedelta(hours=1)


def whole() -> bool:
    """Whether every timeline is whole. Raises CommandError if not."""
    call_command("verify_timeline", stdout=StringIO())
    return True


def test_of_twenty_who_do_the_same_one_does_it_and_the_others_are_told(ask: Ask, crew: Crew) -> None:
    errand = ask()
    done, refused = sorted_out(at_once(MANY, lambda _: perform(errand, "start", actor=Actor(crew.handler))), WrongState)
    assert (len(done), len(refused)) == (1, MANY - 1)
    assert all(str(refusal) for refusal in refused)
    again = Errand.objects.get(pk=errand.pk)
    assert (again.state, again.version, again.entries.count()) == ("under_way", 2, 2)
    assert WorkItem.objects.open().count() == 1
    assert whole()


def test_the_same_request_twenty_times_is_one_act_and_everybody_gets_its_answer(ask: Ask, crew: Crew) -> None:
    errand = ask()
    done, _ = sorted_out(
        at_once(MANY, lambda _: perform(errand, "start", actor=Actor(crew.handler), key="double click"))
    )
    assert len({entry.pk for entry in done}) == 1
    assert errand.entries.count() == 2


def test_the_same_request_to_create_twenty_times_makes_one_record(crew: Crew, customer: Organisation) -> None:
    data = {"customer": customer.pk, "title": "x"}
    done, _ = sorted_out(
        at_once(MANY, lambda _: perform(Errand(), "ask", actor=Actor(crew.specialist), data=data, key="double click"))
    )
    assert len({entry.record_id for entry in done}) == 1
    assert Record.objects.count() == 1


def test_twenty_who_say_something_at_once_are_all_heard_in_one_order(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(ask(), "start")
    done, _ = sorted_out(
        at_once(MANY, lambda n: perform(errand, "note", actor=Actor(crew.handler), data={"text": f"n{n}"}))
    )
    assert sorted(entry.seq for entry in done) == list(range(3, 3 + MANY))
    texts = {entry.data["said"]["text"] for entry in Entry.objects.filter(verb="note")}
    assert texts == {f"n{n}" for n in range(MANY)}
    record = Record.objects.get()
    assert (record.version, record.timeline_length) == (2 + MANY, 2 + MANY)
    assert whole()


def test_twenty_rounds_at_once_are_twenty_rounds_and_one_is_open(ask: Ask, act: Do, policy: Policy, crew: Crew) -> None:
    policy("errand.news", 60)
    errand = act(ask(), "start", at=clock.now())
    sorted_out(at_once(MANY, lambda _: perform(errand, "tell", actor=Actor(crew.specialist))))
    rows = Deadline.objects.filter(timer="errand.news").order_by("cycle")
    assert [row.cycle for row in rows] == list(range(1, MANY + 2))
    assert [row.outcome for row in rows] == ["met"] * MANY + ["open"]
    assert WorkItem.objects.open().filter(verb="tell").count() == 2


def test_of_two_forms_that_were_opened_at_once_the_second_is_told_of_the_first(ask: Ask, crew: Crew) -> None:
    errand = ask()

    def send(number: int) -> Entry:
        data = {"title": f"slow {number}"}
        return perform(errand, "judge", actor=Actor(crew.specialist), data=data, expected_version=errand.version)

    done, refused = sorted_out(at_once(MANY, send), Stale)
    assert (len(done), len(refused)) == (1, MANY - 1)
    title = Record.objects.get().title
    assert all(("title", "slow bread", title) in _told(refusal) for refusal in refused)


def _told(refusal: Any) -> list[tuple[str, Any, Any]]:
    return [(difference.label, difference.before, difference.after) for difference in refusal.differences]


def test_numbers_given_at_once_are_unique_and_without_a_gap(crew: Crew, customer: Organisation) -> None:
    data = {"customer": customer.pk, "title": "x"}

    def create(_: int) -> Entry:
        with clock.held(NOON):
            return perform(Errand(), "ask", actor=Actor(crew.specialist), data=data)

    sorted_out(at_once(MANY, create))
    numbers = sorted(Record.objects.values_list("number", flat=True))
    assert numbers == [f"ER-20260304-{n:04d}" for n in range(1, MANY + 1)]
    assert NumberSeries.objects.get().last == MANY
    assert whole()


# --- who waits sees what the other has done --------------------------------------------------------------------------
def test_who_waited_for_a_lock_acts_on_what_the_other_has_left(ask: Ask, crew: Crew) -> None:
    errand = ask()
    boss = User.objects.create_user("boss", display_name="boss")
    User.objects.filter(pk=crew.colleague.pk).update(supervisor=boss)

    def take_over() -> Entry:
        return perform(errand, "hand_over", actor=Actor(boss), data={"handler": crew.supervisor.pk})

    with pytest.raises(NotAllowed):
        take_over()
    with transaction.atomic():
        perform(errand, "hand_over", actor=Actor(crew.handler), data={"handler": crew.colleague.pk})
        waiting = meanwhile(take_over)
    assert waiting.result(PATIENCE).record.handler_id == crew.supervisor.pk


# --- sweeps ----------------------------------------------------------------------------------------------------------
def test_sweeps_and_acts_on_the_same_records_neither_lock_each_other_out_nor_fire_twice(
    ask: Ask, policy: Policy, crew: Crew
) -> None:
    policy("errand.answer", 60)
    errands = [ask() for _ in range(10)]

    def one(number: int) -> Any:
        with clock.held(NOON + 3 * HOUR):
            if number < 4:
                return sweep.run()
            return [perform(errand, "note", actor=Actor(crew.handler), data={"text": "x"}) for errand in errands]

    sorted_out(at_once(8, one))
    with clock.held(NOON + 3 * HOUR):
        sweep.run()
    assert sorted(Firing.objects.values_list("deadline__record", "level")) == sorted(
        (errand.pk, level) for errand in errands for level in (1, 2, 3)
    )
    assert Entry.objects.filter(verb__startswith="deadline.").count() == 30
    assert Entry.objects.filter(verb="note").count() == 40
    assert whole()


def test_a_sweep_does_not_wait_for_a_record_that_somebody_holds(ask: Ask, policy: Policy, crew: Crew) -> None:
    policy("errand.answer", 60)
    held, free = ask(), ask()

    def swept(_: int) -> sweep.SweepReport:
        with clock.held(NOON + HOUR):
            return sweep.run()

    with transaction.atomic():
        Record.objects.select_for_update(no_key=True).get(pk=held.pk)
        (report,) = at_once(1, swept)
        assert report.fired == 2
        assert set(Firing.objects.values_list("deadline__record", flat=True)) == {free.pk}
    (report,) = at_once(1, swept)
    assert report.fired == 2


def test_what_the_system_does_by_itself_it_does_once_however_many_sweep(ask: Ask, act: Do, policy: Policy) -> None:
    policy("errand.away", 60, levels=())
    errands = [act(act(ask(), "start"), "finish") for _ in range(5)]

    def swept(_: int) -> sweep.SweepReport:
        with clock.held(NOON + HOUR):
            return sweep.run()

    reports, _ = sorted_out(at_once(6, swept))
    reports.append(swept(0))
    assert Entry.objects.filter(verb="put_away").count() == len(errands)
    assert sum(report.failed for report in reports) == 0
    assert set(Record.objects.values_list("state", flat=True)) == {"put_away"}


# --- the outbox ------------------------------------------------------------------------------------------------------
def test_many_who_drain_share_the_work_and_each_message_is_done_once(crew: Crew) -> None:
    @outbox.handler("test")
    def note(message: OutboxMessage) -> None:
        OutboxMessage.objects.create(
            topic="done", key=f"done {message.key}", created_at=NOON, available_at=NOON + timedelta(days=999)
        )

    with clock.held(NOON):
        enqueue_many([Draft("test", f"k{n}") for n in range(60)])
        done, _ = sorted_out(at_once(6, lambda _: drain(200)))
    assert sum(done) == 60
    assert OutboxMessage.objects.filter(topic="test", done_at__isnull=False).count() == 60
    assert OutboxMessage.objects.filter(topic="done").count() == 60


def test_the_same_message_asked_for_by_many_at_once_is_one(crew: Crew) -> None:
    sorted_out(at_once(MANY, lambda _: enqueue_many([Draft("test", "the same"), Draft("test", "another")])))
    assert OutboxMessage.objects.filter(topic="test").count() == 2
