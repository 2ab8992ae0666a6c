"""How a state looks, worked out from the flow alone: word, colour, shape; and the line of where a record stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from core import markup
from workflow import registry
from workflow.tones import tone

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.utils.safestring import SafeString

    from workflow.models import Record

SHAPES = {
    "new": "circle-dashed",
    "active": "circle-half-2",
    "aside": "hourglass",
    "nearly": "circle-dot",
    "done": "circle-check",
    "void": "ban",
}


def label(kind: str, state: str) -> str:
    """The word for a state in the reader's language."""
    return _words(kind, get_language() or "").get(state, state)


def badge(record: Record) -> SafeString:
    """The state of a record as word, colour and shape."""
    return _badge(record.kind, record.state, get_language() or "")


def badge_of(kind: str, state: str) -> SafeString:
    """A state of a process as word, colour and shape."""
    return _badge(kind, state, get_language() or "")


@lru_cache(maxsize=512)
def _words(kind: str, language: str) -> dict[str, str]:  # noqa: ARG001 - remembered for each language
    flow: Any = registry.get(kind).model
    return {value: str(word) for value, word in flow.State.choices}


@lru_cache(maxsize=1024)
def _badge(kind: str, state: str, language: str) -> SafeString:
    found = tone(registry.get(kind).model, state)
    return markup.badge(_words(kind, language).get(state, state), found, SHAPES[found])


@dataclass(frozen=True)
class Stop:
    """A stop on the line: `past`, `here`, `next` (possible now) or `later`; `aside` if it is off the straight path."""

    label: str
    when: str
    aside: bool
    icon: str


def line(record: Record, been: Collection[str]) -> list[Stop]:
    """The straight path of the flow, and the asides that were taken (`been`) or may be taken now, where they branch.

    Before where the record stands there is only what it has been: what was skipped is not drawn, and a way back to it
    is not what comes next.
    """
    flow: Any = registry.get(record.kind).model
    reachable = {target for verb in flow.verbs.values() if verb.possible_in(record.state) for target in verb.leads_to}
    order = list(flow.path)
    asides = [s for s in flow.State.values if s not in order and (s in been or s == record.state or s in reachable)]
    for state in asides:
        if state in flow.final and state != record.state:
            continue
        order.insert(_branch(flow, order, state), state)
    at = order.index(record.state) if record.state in order else -1
    return [
        _stop(flow, record, state, i < at, state in reachable)
        for i, state in enumerate(order)
        if i >= at or state in been
    ]


def _branch(flow: Any, order: list[str], state: str) -> int:
    sources = {s for verb in flow.verbs.values() if state in verb.leads_to for s in verb.sources}
    if state in flow.final:
        return len(order)
    return max((i + 1 for i, s in enumerate(order) if s in sources), default=len(order))


def _stop(flow: Any, record: Record, state: str, past: bool, reachable: bool) -> Stop:  # noqa: FBT001 - private
    when = "here" if state == record.state else "past" if past else "next" if reachable else "later"
    shape = {"past": "check", "here": SHAPES[tone(flow, state)], "next": "arrow-right", "later": "circle"}[when]
    return Stop(label(record.kind, state), when, state not in flow.path, shape)
