"""Short codes that a document's pages bear: sixty random bits, read aloud and typed without mistaking a letter."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O, U."""
LENGTH, GROUP = 12, 4
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
_drawn_from: ContextVar[Random | None] = ContextVar("codes_drawn_from", default=None)


def new() -> str:
    """A code that nobody can guess; inside `drawn_from` the next of those."""
    chance = _drawn_from.get() or secrets.SystemRandom()
    return "".join(chance.choice(ALPHABET) for _ in range(LENGTH))


@contextmanager
def drawn_from(chance: Random) -> Iterator[None]:
    """Draw the codes inside from a seeded chance: for demonstration data, which are the same each time."""
    token = _drawn_from.set(chance)
    try:
        yield
    finally:
        _drawn_from.reset(token)


def shown(code: str) -> str:
    """As it is printed: 7K3M-Q9TX-2B4D."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read(typed: str) -> str:
    """What somebody typed, as it is stored; empty if it cannot be a code."""
    code = typed.strip().upper().translate(_MISREAD)
    return code if len(code) == LENGTH and all(letter in ALPHABET for letter in code) else ""
