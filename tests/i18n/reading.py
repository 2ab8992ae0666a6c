"""What somebody reads, or is read aloud, of a page: its text without markup, addresses and what is hidden from all."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
_SILENT = {"script", "style", "kbd", "template"}
_SPOKEN = {"title", "aria-label", "aria-description", "placeholder", "alt", "data-label", "data-confirm"}
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_NO_PROSE = re.compile(
    r"%\(\w+\)s"  # places for numbers, filled in by scripts
    r"|https?://\S*"  # addresses
    r"|[\w.+-]+@[\w.-]+"
    r"|\b[A-Z]{2,4}-[\d-]+"  # numbers of records and rules
    r"|\.?\b\w+\.(?:png|pdf|txt)\b"  # names of files
)


class _Reader(HTMLParser):
    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.said: list[str] = []
        self.skipped: list[str] = []
        """The open elements from the outermost one on that is not read; empty while reading."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if self.skipped or self._foreign(tag, known):
            if tag not in _EMPTY:
                self.skipped.append(tag)
            return
        spoken = [value for name, value in attrs if value and (name in _SPOKEN or _is_word(known, name))]
        if tag == "input" and known.get("type") in {"submit", "button"}:
            spoken.append(known.get("value") or "")
        self.said += spoken

    def handle_endtag(self, tag: str) -> None:
        if tag in self.skipped:
            while self.skipped.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.said.append(data)

    def _foreign(self, tag: str, known: dict[str, str | None]) -> bool:
        """Whether an element is not prose, or says itself that it speaks another language than the page."""
        language = known.get("lang")
        return tag in _SILENT or bool(tag != "html" and language and language.lower() != self.language)


def _is_word(known: dict[str, str | None], name: str) -> bool:
    """Whether an attribute is one of the words that a page hands to its scripts."""
    return known.get("id") == "words" and name.startswith("data-")


def heard(html: str, language: str, data: Iterable[str] = ()) -> str:
    """The prose of a page, without the pieces of data given (names, titles), addresses and numbers."""
    reader = _Reader(language)
    reader.feed(html)
    text = "\n".join(piece.strip() for piece in reader.said if piece.strip())
    for piece in sorted({piece for piece in data if piece}, key=len, reverse=True):
        text = text.replace(piece, " ")
    return _NO_PROSE.sub(" ", text)


def chinese_in(text: str) -> set[str]:
    """The runs of Chinese characters in a text."""
    return set(HAN.findall(text))


def english_in(text: str, names: Iterable[str]) -> set[str]:
    """The words of Latin letters in a text that are not names given."""
    return set(_WORD.findall(text)) - set(names)
