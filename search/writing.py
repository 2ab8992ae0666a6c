"""From what a thing says to its row in the index."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.text import initials
from search.grams import beginnings, grams, initial, numbers, plain
from search.models import Document, mark_of, reach_of

LONGEST = 100_000
"""Characters of one thing that are indexed; what comes after them is not found."""
_MOST_PIECES = 30_000


@dataclass(frozen=True)
class Told:
    """What a thing says: its heading, its text (one fact a line), what of both the customer may know.

    `called` are names that pinyin initials lead to.
    """

    heading: str
    text: str = ""
    public: str = ""
    called: tuple[str, ...] = ()


def document(kind: str, subject: int, told: Told, **belongs: Any) -> Document:
    """The row of a thing, not yet written; `belongs` gives the record or the organisation whose rights are its own."""
    heading, text = told.heading.strip(), told.text.strip()[:LONGEST]
    folded = compared(f"{heading}\n{text}")
    pieces = grams(folded) | beginnings(plain(heading)) | {mark_of(kind), reach_of(kind, subject)}
    for name in told.called:
        pieces |= initial(initials(name))
    if len(pieces) > _MOST_PIECES:
        pieces = set(islice(sorted(pieces), _MOST_PIECES))
    public = compared(told.public[:LONGEST]) if told.public else ""
    return Document(
        kind=kind,
        subject=subject,
        heading=heading,
        text=text,
        folded=folded,
        public=public,
        pieces=pieces,
        **belongs,
    )


def compared(text: str) -> str:
    """A text as it is compared: each line plain, and telephone numbers once more as nothing but digits."""
    lines = [plain(line) for line in text.split("\n")]
    return "\n".join(filter(None, [*lines, *numbers(text)]))
