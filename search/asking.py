"""What somebody types, as a question to the index."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from core.text import clean_line, digits
from search.grams import START, exact, grams, needed, plain, short

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 100
"""Characters of a question that are looked at."""
MOST_TERMS = 6
_MOST_WAYS = 8
_FEWEST_DIGITS = 3
_NUMBER = re.compile(r"[+(]?\d[\d()+\-./]*\d")


@dataclass(frozen=True)
class Asked:
    """A question: `said` as it was typed, `terms` of which each must be in what is found. `cut` says what was left."""

    said: str
    terms: tuple[str, ...] = ()
    cut: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.terms

    @property
    def short(self) -> bool:
        """Whether it is so short that headings alone are looked through."""
        return bool(self.terms) and not any(map(needed, self.terms))

    @property
    def marks(self) -> list[str]:
        """What is marked in what was found, the longest first."""
        found = dict.fromkeys([*self.terms, *(number for term in self.terms if (number := _digits(term)))])
        return sorted(found, key=len, reverse=True)


def asked(typed: str) -> Asked:
    """Read what was typed; whatever it is, it is looked for as text."""
    line = clean_line(typed[: LONGEST * 4])
    said = line[:LONGEST]
    words = [word for word in plain(said).split() if grams(word) or short(word)]
    terms = tuple(dict.fromkeys(words))
    return Asked(said, terms[:MOST_TERMS], cut=len(typed.strip()) > LONGEST or len(terms) > MOST_TERMS)


@dataclass(frozen=True)
class _Way:
    """One way in which a term can be in a row: the pieces that the row holds, the text that it has as a part."""

    pieces: frozenset[str]
    text: str = ""


@dataclass(frozen=True)
class Need:
    """What a row must have: the pieces, and each of the texts as a part of its own."""

    pieces: frozenset[str]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """A question's terms, ready to be put to rows of a kind: `initials` for kinds that are found by them.

    For a customer (`public`) every term must stand in the public text, whatever else the pieces say.
    """

    terms: Sequence[str]
    initials: bool = False
    public: bool = False
    ways: list[tuple[_Way, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found = [self._ways(term) for term in self.terms]
        combined = list(product(*found))
        if len(combined) > _MOST_WAYS:
            combined = [tuple(ways[0] for ways in found)]
        object.__setattr__(self, "ways", combined)

    def _ways(self, term: str) -> list[_Way]:
        pieces = needed(term)
        if not pieces:
            return [_Way(frozenset(short(term)), term if self.public else "")]
        found = [_Way(frozenset(pieces), "" if exact(term) and not self.public else term)]
        if number := _digits(term):
            found.append(_Way(frozenset(needed(number)), number))
        if self.initials and not self.public and term.isascii() and term.isalpha():
            found.append(_Way(frozenset({START + term})))
        return found

    def needs(self) -> list[Need]:
        """What a row must have; one of these is enough."""
        return [
            Need(frozenset().union(*(way.pieces for way in ways)), tuple(way.text for way in ways if way.text))
            for ways in self.ways
        ]


def _digits(term: str) -> str:
    """The digits of a number that is written with signs; nothing for any other term."""
    found = digits(term) if _NUMBER.fullmatch(term) else ""
    return found if len(found) >= _FEWEST_DIGITS and found != term else ""
