"""Facts reach whoever listens: in the same transaction, or after it exactly once, whatever fails on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction

from core import clock
from people.actors import Actor
from tests.workflow.conftest import NOON
from tests.workflow.errands import Errand, ErrandAsked, ErrandDone
from workflow import facts, kick, outbox
from workflow.engine import perform
from workflow.facts import afterwards, whenever
from workflow.models import OutboxMessage, Record
from workflow.outbox import MAX_ATTEMPTS, Draft, Retry, drain, enqueue, enqueue_many
from workflow.refusals import InvalidData

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.workflow.conftest import Crew

    Ask = Callable[..., Errand]
    Do = Callable[..., Errand]

pytestmark = pytest.mark.kernel


def drained(at: Any, limit: int = 200) -> int:
    """Drain at a moment."""
    with clock.held(at):
        return drain(limit)


@pytest.fixture
def emptied() -> Callable[[], None]:
    """Leave out of the outbox what notices have put there."""

    def empty() -> None:
        OutboxMessage.objects.exclude(topic__in=["reaction", "test"]).delete()

    return empty


# --- in the same transaction -----------------------------------------------------------------------------------------
def test_who_listens_at_once_hears_the_fact_with_record_and_entry(ask: Ask) -> None:
    heard: list[ErrandAsked] = []
    whenever(ErrandAsked)(heard.append)
    errand = ask("fast bread")
    assert heard == [ErrandAsked(record_id=errand.pk, entry_id=errand.entries.get().pk, title="fast bread")]


def test_who_listens_at_once_and_fails_undoes_the_act(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(ask(), "start")

    @whenever(ErrandDone)
    def fail(fact: ErrandDone) -> None:
        msg = "no"
        raise LookupError(msg)

    with pytest.raises(LookupError):
        perform(errand, "finish", actor=Actor(crew.handler))
    again = Errand.objects.get(pk=errand.pk)
    assert (again.state, again.entries.count()) == ("under_way", 2)
    assert not OutboxMessage.objects.filter(topic="reaction").exists()


def test_what_listeners_do_is_undone_with_the_act(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(ask(), "start")

    @whenever(ErrandDone)
    def write(fact: ErrandDone) -> None:
        enqueue("test", f"written:{fact.record_id}", {})

    @whenever(ErrandDone)
    def fail(fact: ErrandDone) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        perform(errand, "finish", actor=Actor(crew.handler))
    assert not OutboxMessage.objects.filter(topic="test").exists()


def test_a_reaction_may_perform_acts_of_its_own(ask: Ask, act: Do, crew: Crew) -> None:
    other = ask("slow sequel")

    @whenever(ErrandDone)
    def the_next_begins_when_one_is_done(fact: ErrandDone) -> None:
        perform(other, "start", actor=Actor(crew.handler))

    act(act(ask(), "start"), "finish")
    assert Errand.objects.get(pk=other.pk).state == "under_way"


def test_nobody_hears_of_a_refused_act(ask: Ask, crew: Crew) -> None:
    heard: list[ErrandAsked] = []
    whenever(ErrandAsked)(heard.append)
    with pytest.raises(InvalidData):
        perform(Errand(), "ask", actor=Actor(crew.specialist), data={})
    assert heard == []


# --- after the commit, exactly once ----------------------------------------------------------------------------------
@pytest.fixture
def calls() -> list[int]:
    """The records that the reaction below was called for."""
    return []


@pytest.fixture
def thanks(crew: Crew, calls: list[int]) -> dict[str, Any]:
    """A reaction after the commit, which fails as long as it is told to."""
    mood: dict[str, Any] = {"fails": False}

    @afterwards(ErrandDone)
    def say_thanks(fact: ErrandDone) -> None:
        enqueue("test", f"effect:{fact.entry_id}:{len(calls)}", {})
        calls.append(fact.record_id)
        if mood["fails"]:
            msg = "the line is dead"
            raise ConnectionError(msg)

    return mood


def test_it_is_done_after_the_commit_and_once(
    ask: Ask, act: Do, thanks: dict[str, Any], calls: list[int], emptied: Callable[[], None]
) -> None:
    errand = act(act(ask(), "start"), "finish")
    emptied()
    assert calls == []
    assert drained(NOON) == 1
    assert drained(NOON + timedelta(days=1)) == 0
    assert calls == [errand.pk]


def test_each_time_it_happens_is_a_time_of_its_own(
    ask: Ask, act: Do, thanks: dict[str, Any], calls: list[int], emptied: Callable[[], None]
) -> None:
    errand = act(act(ask(), "start"), "finish")
    act(act(errand, "again"), "finish")
    emptied()
    assert drained(NOON) == 2
    assert calls == [errand.pk, errand.pk]


def test_a_failure_undoes_what_it_did_and_is_tried_again_later_and_later(
    ask: Ask, act: Do, thanks: dict[str, Any], calls: list[int], emptied: Callable[[], None]
) -> None:
    act(act(ask(), "start"), "finish")
    emptied()
    thanks["fails"] = True
    at, waits = NOON, []
    for _ in range(4):
        assert drained(at) == 0
        assert drained(at) == 0, "not before its time"
        message = OutboxMessage.objects.get(topic="reaction")
        waits.append((message.available_at - at).total_seconds())
        at = message.available_at
    assert waits == [5, 15, 60, 300]
    assert message.last_error == "ConnectionError: the line is dead"
    assert not OutboxMessage.objects.filter(topic="test").exists(), "what a failed try wrote is undone"
    thanks["fails"] = False
    assert drained(at) == 1
    assert len(calls) == 5
    assert OutboxMessage.objects.filter(topic="test").count() == 1


def test_it_is_given_up_after_twelve_tries_and_shown(
    ask: Ask, act: Do, thanks: dict[str, Any], calls: list[int], emptied: Callable[[], None]
) -> None:
    act(act(ask(), "start"), "finish")
    emptied()
    thanks["fails"] = True
    for day in range(20):
        drained(NOON + timedelta(days=day))
    assert len(calls) == MAX_ATTEMPTS == 12
    message = OutboxMessage.objects.get(topic="reaction")
    assert message.failed_at is not None
    assert message.done_at is None


def test_subscriptions_can_be_listed_for_the_handbook(thanks: dict[str, Any]) -> None:
    whenever(ErrandAsked)(test_subscriptions_can_be_listed_for_the_handbook)  # type: ignore[arg-type]
    found = {(fact, name.rpartition(".")[2], later) for fact, name, later in facts.reactions()}
    assert ("ErrandDone", "say_thanks", True) in found
    assert ("ErrandAsked", "test_subscriptions_can_be_listed_for_the_handbook", False) in found


# --- the outbox itself -----------------------------------------------------------------------------------------------
@pytest.fixture
def box(crew: Crew) -> list[str]:
    """A topic whose messages are noted by key; `retry…` asks for more time, `fail…` fails."""
    done: list[str] = []

    @outbox.handler("test")
    def note(message: OutboxMessage) -> None:
        if message.key.startswith("retry"):
            raise Retry(timedelta(minutes=7))
        if message.key.startswith("fail"):
            msg = "x" * 5000
            raise ValueError(msg)
        done.append(message.key)

    return done


def test_messages_are_done_in_the_order_of_their_time(box: list[str]) -> None:
    with clock.held(NOON):
        enqueue("test", "second", {}, NOON - timedelta(minutes=1))
        enqueue("test", "third", {})
        enqueue("test", "fourth", {})
        enqueue("test", "first", {}, NOON - timedelta(minutes=2))
        enqueue("test", "tomorrow", {}, NOON + timedelta(days=1))
    assert drained(NOON) == 4
    assert box == ["first", "second", "third", "fourth"]
    assert drained(NOON + timedelta(days=1)) == 1


def test_the_same_key_is_asked_once_for_ever(box: list[str]) -> None:
    with clock.held(NOON):
        enqueue("test", "k", {"first": True})
        enqueue_many([Draft("test", "k", {"first": False}), Draft("test", "k2"), Draft("test", "k2")])
    assert drained(NOON) == 2
    with clock.held(NOON):
        enqueue("test", "k", {})
    assert drained(NOON) == 0
    assert box == ["k", "k2"]
    assert OutboxMessage.objects.get(key="k").payload == {"first": True}


def test_asking_for_more_time_is_no_failure(box: list[str]) -> None:
    with clock.held(NOON):
        enqueue("test", "retry", {})
    for minute in (0, 7, 14):
        assert drained(NOON + timedelta(minutes=minute)) == 0
    message = OutboxMessage.objects.get(key="retry")
    assert (message.attempts, message.failed_at, message.available_at) == (0, None, NOON + timedelta(minutes=21))


def test_one_messages_fault_does_not_stop_the_others(box: list[str]) -> None:
    with clock.held(NOON):
        for key in ("a", "fail 1", "retry 1", "b", "fail 2", "c"):
            enqueue("test", key, {})
    assert drained(NOON) == 3
    assert box == ["a", "b", "c"]


def test_a_topic_that_nobody_handles_is_kept_and_does_not_stop_the_others(box: list[str]) -> None:
    with clock.held(NOON):
        enqueue("nobody", "n", {})
        enqueue("test", "a", {})
    assert drained(NOON) == 1
    assert "KeyError" in OutboxMessage.objects.get(key="n").last_error


def test_a_drain_does_at_most_what_it_was_asked_for(box: list[str]) -> None:
    with clock.held(NOON):
        enqueue_many([Draft("test", f"k{n}") for n in range(7)])
    assert [drained(NOON, 3) for _ in range(4)] == [3, 3, 1, 0]


def test_an_error_message_of_any_length_is_kept_in_part(box: list[str]) -> None:
    with clock.held(NOON):
        enqueue("test", "fail", {})
    drained(NOON)
    assert len(OutboxMessage.objects.get(key="fail").last_error) == 2000


def test_an_error_with_nul_in_it_can_be_kept(crew: Crew) -> None:
    @outbox.handler("test")
    def fail(message: OutboxMessage) -> None:
        msg = "a\x00b"
        raise ValueError(msg)

    with clock.held(NOON):
        enqueue("test", "k", {})
    assert drained(NOON) == 0
    assert OutboxMessage.objects.get(key="k").attempts == 1


def test_what_is_rolled_back_was_never_asked(box: list[str]) -> None:
    with clock.held(NOON), transaction.atomic():
        enqueue("test", "k", {})
        transaction.set_rollback(True)
    assert drained(NOON) == 0


# --- waking a worker -------------------------------------------------------------------------------------------------
@pytest.fixture
def kicks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a worker was woken."""
    found: list[int] = []
    monkeypatch.setattr(kick, "current_app", Mock(send_task=lambda *_args, **_options: found.append(1)))
    return found


def test_an_act_wakes_a_worker_once_and_only_when_it_has_committed(
    ask: Ask, act: Do, kicks: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ask()
        assert kicks == []
    assert kicks == [1]


def test_a_message_wakes_a_worker(box: list[str], kicks: list[int], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("test", "a", {})
        enqueue("test", "b", {})
    assert kicks == [1]


@pytest.fixture
def answering() -> Iterator[None]:
    """A request may begin and end inside a test: its connection is not closed over that, as Django's client does it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("answering")
def test_while_a_request_is_answered_a_worker_is_woken_only_afterwards_and_once(kicks: list[int]) -> None:
    request_started.send(sender=None)
    kick.wake("workflow.drain_outbox")
    kick.wake("workflow.drain_outbox")
    assert kicks == []
    request_finished.send(sender=None)
    assert kicks == [1]
    request_finished.send(sender=None)
    assert kicks == [1]


def test_an_import_wakes_nobody(ask: Ask, kicks: list[int], django_capture_on_commit_callbacks: Any) -> None:
    with kick.nobody_is_woken(), django_capture_on_commit_callbacks(execute=True):
        ask()
    assert kicks == []


def test_a_broker_that_is_away_costs_one_try_and_loses_nothing(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from kombu.exceptions import OperationalError

    tries: list[int] = []

    def refuse(*args: Any, **kwargs: Any) -> None:
        tries.append(1)
        raise OperationalError

    monkeypatch.setattr(kick, "current_app", Mock(send_task=refuse))
    monkeypatch.setattr(kick, "_away_until", 0.0)
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            ask()
    assert tries == [1]
    assert Record.objects.count() == 3
