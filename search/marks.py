"""Showing why something was found: the words that were looked for, marked in the text as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.text import fold
from search.grams import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Sequence

AROUND = 36
LENGTH = 130
_LOOKED_AT = 20_000


def marked(text: str, terms: Sequence[str]) -> SafeString:
    """A text with the terms marked in it, everything escaped."""
    parts: list[Any] = []
    at = 0
    for start, end in _spans(text, terms):
        parts += [text[at:start], format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return format_html_join("", "{}", ((part,) for part in [*parts, text[at:]]))


def excerpt(text: str, terms: Sequence[str]) -> SafeString:
    """The place in the line of a text where the first of the terms stands, marked; nothing if none of them does."""
    places = [place for term in terms if (place := _place(text, term)) is not None]
    if not places:
        return SafeString()
    at = min(places)
    begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line, at = text[begin : end if end >= 0 else None], at - begin
    start = max(0, at - AROUND)
    before, after = "…" if start else "", "…" if start + LENGTH < len(line) else ""
    return format_html("{}{}{}", before, marked(line[start : start + LENGTH], terms), after)


def _place(text: str, term: str) -> int | None:
    """Where a plain term stands in a text, nearly; texts are looked through as they are before they are folded."""
    at = text.lower().find(term)
    if at >= 0:
        return at
    folded, places = _folded(text[:_LOOKED_AT])
    at = folded.find(term)
    return places[at] if at >= 0 else None


def _spans(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """The parts of a text that are one of the terms; they do not overlap."""
    folded, places = _folded(text)
    taken: list[tuple[int, int]] = []
    for term in terms:
        at = folded.find(term)
        while term and at >= 0:
            start, end = places[at], places[at + len(term) - 1] + 1
            if all(end <= other or start >= stop for other, stop in taken):
                taken.append((start, end))
            at = folded.find(term, at + len(term))
    return sorted(taken)


def _folded(text: str) -> tuple[str, list[int]]:
    """A text as it is compared, and for each of its characters the place from which it came."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if UNSEEN.match(character):
            continue
        for letter in fold(character):
            letters.append(" " if letter.isspace() else letter)
            places.append(place)
    return "".join(letters), places
