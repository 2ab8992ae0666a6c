"""What a process passes on to R&D, declared from above, so that the way to JIRA knows no process by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workflow.models import Entry


QUIET = frozenset({"import", "demo"})
"""Channels of history and of demonstration data: nothing of it leaves the house."""


@dataclass(frozen=True)
class Hand:
    """How records of a kind go to R&D and come back.

    `away` is the state in which R&D has them, `back` the verb by which they come back, whose form asks for what R&D
    records. Of the acts in `told` JIRA hears while R&D has the record. `about` gives what else R&D must know, as label
    and text in the active language.
    """

    kind: str
    away: str
    back: str
    told: tuple[str, ...]
    about: Callable[[Any], Iterable[tuple[Any, str]]]

    def tells(self, entry: Entry) -> bool:
        """Whether JIRA hears of an act; what came from there is known there."""
        quiet = entry.channel in {*QUIET, "jira"}
        return entry.verb in self.told and entry.from_state == self.away and not quiet


_hands: dict[str, Hand] = {}


def declare(hand: Hand) -> Hand:
    """Make known how a process's records go to R&D."""
    _hands[hand.kind] = hand
    return hand


def of(kind: str) -> Hand:
    """How records of a kind go to R&D. Raises KeyError for kinds that never do."""
    return _hands[kind]


def every() -> list[Hand]:
    """All that have been declared."""
    return list(_hands.values())
