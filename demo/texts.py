"""What is said in the demonstration: issues composed from topics and words, and talk for every act."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from demo.sources import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

_SLOT = re.compile(r"{(\w+)}")
_TRIES = 25
_FILES = ("technical", "application", "others")
INTERCHANGEABLE = ("course", "college")
"""Slots whose words may be exchanged for others of their kind in a text that is already written."""


@dataclass(frozen=True)
class Issue:
    """What somebody reports, and how it will be solved."""

    subtype: str
    title: str
    body: str
    severity: str
    method: str
    result: str
    cause: str
    needs_rd: bool


@cache
def _topics() -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for name in _FILES:
        found.update(read(f"topics/{name}"))
    return found


class Author:
    """Writes issues; no two of one author bear the same title as long as there are words left."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def write(self, subtype: str, rng: Random) -> Issue:
        """A new issue of a sub-type (`other` for the type that has none)."""
        issue = _compose(subtype, rng)
        for _attempt in range(_TRIES):
            if issue.title not in self._used:
                break
            issue = _compose(subtype, rng)
        title, number = issue.title, 2
        while issue.title in self._used:
            issue, number = replace(issue, title=f"{title}（{number}）"), number + 1
        self._used.add(issue.title)
        return issue


def _compose(subtype: str, rng: Random) -> Issue:
    topic = rng.choice(_topics()[subtype])
    words = _words(rng)
    said = {name: _filled(topic.get(name, ""), words) for name in ("title", "body", "method", "result", "cause")}
    return Issue(subtype=subtype, severity=topic.get("severity", "general"), needs_rd=topic.get("rd", False), **said)


def _words(rng: Random) -> dict[str, str]:
    words = {name: str(rng.choice(choices)) for name, choices in read("words").items()}
    words["n"] = str(rng.choice((3, 5, 6, 8, 10, 12, 15, 18, 20, 24, 30, 36, 40, 45, 50, 60, 80)))
    return words


def _filled(text: str, words: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda found: words[found[1]], text)


def say(what: str, rng: Random, *, of: str = "") -> str:
    """A phrase for an act; `of` names the group where a phrase bank has several."""
    bank: Any = read("talk")[what]
    phrase: str = rng.choice(bank[of] if of else bank)
    return phrase


def described(issue: Issue, channel: str, *, pressing: bool, rng: Random) -> str:
    """The issue's description as it arrives by a channel."""
    hurry = say("hurry", rng) if pressing else ""
    return "".join((say("opener", rng, of=channel), issue.body, hurry, say("closing", rng)))


@cache
def _exchangeable() -> dict[str, list[str]]:
    return {word: choices for name in INTERCHANGEABLE for choices in [read("words")[name]] for word in choices}


def exchangeable_in(text: str) -> list[str]:
    """The words in a text that may be exchanged for others of their kind; longer ones first."""
    return [word for word in sorted(_exchangeable(), key=len, reverse=True) if word in text]


def exchanges(words: Sequence[str], rng: Random) -> dict[str, str]:
    """For each of the words another of its kind."""
    return {word: rng.choice(_exchangeable()[word]) for word in words}
