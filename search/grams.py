"""The one tokenizer: of which short pieces a text is made, and which of them a text must have to hold a word.

Han characters are taken in pairs, letters and digits in threes: whatever holds a term as a part of itself holds all the
pieces of the term. What is shorter than a piece is known by where words begin (`beginnings`), in headings only.
"""

from __future__ import annotations

import re

from core.text import clean_text, digits, fold

START = "^"
"""Marks a piece with which a word begins."""
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"([{_HAN}]+)|((?:(?![{_HAN}])[^\W_])+)")
_NUMBER = re.compile(r"\+?\(?\d[\d()+\-. ]{3,38}\d")
UNSEEN = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Characters that nobody sees, and that nobody types to find what holds them."""
_PAIR, _THREE = 2, 3
_LONGEST_BEGINNING = 16


def plain(value: str) -> str:
    """The form in which text is compared: as `core.text.fold`, on one line, without characters that nobody sees."""
    return " ".join(UNSEEN.sub("", fold(clean_text(value))).split())


def grams(text: str) -> set[str]:
    """The pieces of a plain text."""
    found: set[str] = set()
    for han, word in _RUN.findall(text):
        if han:
            found.update(han[i : i + _PAIR] for i in range(len(han) - 1))
        elif len(word) < _THREE:
            found.add(START + word)
        else:
            found.update(word[i : i + _THREE] for i in range(len(word) - 2))
    return found


def needed(term: str) -> set[str]:
    """The pieces without which a plain text cannot hold the plain term as a part of itself; none for a short term."""
    return {gram for gram in grams(term) if not gram.startswith(START)}


def exact(term: str) -> bool:
    """Whether a text that has the term's pieces holds the term for certain."""
    run = _RUN.fullmatch(term)
    return run is not None and len(term) == (_PAIR if run[1] else _THREE)


def beginnings(heading: str) -> set[str]:
    """By what a plain heading is found while less than a piece is typed: its characters, how its words begin."""
    found: set[str] = set()
    for han, word in _RUN.findall(heading):
        found.update(START + c for c in han or (word[:1], word[:_PAIR]))
    return found


def short(term: str) -> set[str]:
    """What a heading must have to be found by a plain term that is shorter than a piece."""
    found: set[str] = set()
    for han, word in _RUN.findall(term):
        found.update(START + c for c in han or (word,))
    return found


def initial(letters: str) -> set[str]:
    """By what a name is found that begins with these pinyin initials."""
    return {START + letters[:length] for length in range(1, min(len(letters), _LONGEST_BEGINNING) + 1)}


def numbers(text: str) -> list[str]:
    """The digits of what looks like a telephone number written with signs between its digits."""
    found = dict.fromkeys(digits(each) for each in _NUMBER.findall(fold(text)))
    return [number for number in found if number and number not in text]
