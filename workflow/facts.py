"""Facts: what has happened, in the past tense, told to those who need not be known by the teller."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow.models import OutboxMessage


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that a verb brought about; the values must be what JSON can hold."""

    record_id: int
    entry_id: int


F = TypeVar("F", bound=Fact)
_at_once: dict[type[Fact], list[Callable[[Any], None]]] = defaultdict(list)
_later: dict[type[Fact], dict[str, Callable[[Any], None]]] = defaultdict(dict)
_kinds: dict[str, type[Fact]] = {}
TOPIC = "reaction"


def whenever(fact: type[F]) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
    """Run the function in the same transaction as the verb; if it fails, the verb has not happened."""

    def subscribe(function: Callable[[F], None]) -> Callable[[F], None]:
        _at_once[fact].append(function)
        return function

    return subscribe


def afterwards(fact: type[F]) -> Callable[[Callable[[F], None]], Callable[[F], None]]:
    """Run the function after the commit, exactly once, by way of the outbox."""

    def subscribe(function: Callable[[F], None]) -> Callable[[F], None]:
        _later[fact][f"{function.__module__}.{function.__qualname__}"] = function
        _kinds[f"{fact.__module__}.{fact.__qualname__}"] = fact
        return function

    return subscribe


def announce(fact: Fact) -> None:
    """Tell a fact to all who subscribed; called by the engine inside the verb's transaction."""
    for function in _at_once.get(type(fact), ()):
        function(fact)
    kind = f"{type(fact).__module__}.{type(fact).__qualname__}"
    drafts = [
        outbox.Draft(
            TOPIC, f"{name}:{fact.entry_id}:{type(fact).__name__}", {"function": name, "kind": kind, **asdict(fact)}
        )
        for name in _later.get(type(fact), {})
    ]
    if drafts:
        outbox.enqueue_many(drafts)


@outbox.handler(TOPIC)
def _react(message: OutboxMessage) -> None:
    payload = dict(message.payload)
    name, kind = payload.pop("function"), payload.pop("kind")
    fact = _kinds[kind]
    _later[fact][name](fact(**payload))


def reactions() -> list[tuple[str, str, bool]]:
    """Every subscription as (fact, function, after commit), for the architecture's tests and the handbook page."""
    now = [(fact.__name__, f"{f.__module__}.{f.__qualname__}", False) for fact, fs in _at_once.items() for f in fs]
    then = [(fact.__name__, name, True) for fact, names in _later.items() for name in names]
    return sorted(now + then)
