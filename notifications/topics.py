"""What a tiding can be about: each topic declared by whoever has it to tell, with the function that finds its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notifications.kinds import Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notifications.models import Tiding

    Writer = Callable[[Mapping[str, Any]], "Words"]


@dataclass(frozen=True)
class Words:
    """A tiding in the active language. `path` is the page on which one sees how it stands now."""

    title: str
    lines: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class Topic:
    """What a tiding can be about, and how it is told."""

    code: str
    kind: Kind
    write: Writer
    rule: str = ""
    urgency: Urgency = Urgency.NORMAL


_topics: dict[str, Topic] = {}


def topic(code: str, *, kind: Kind, rule: str = "", urgency: Urgency = Urgency.NORMAL) -> Callable[[Writer], Writer]:
    """Declare what is told under a code; the function puts what was said of it into words."""

    def declare(write: Writer) -> Writer:
        _topics[code] = Topic(code, kind, write, rule, urgency)
        return write

    return declare


def get(code: str) -> Topic:
    """A topic by its code. Raises KeyError."""
    return _topics[code]


def words_of(tiding: Tiding) -> Words:
    """A tiding in the active language. Raises KeyError for a topic that nobody declares any more."""
    return _topics[tiding.topic].write(tiding.said)
