"""Which characters the printing font has: what it lacks is refused at once, by name, and never printed as a box."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings

FONT_FILES = ("regular.ttf", "bold.ttf")
_UNPRINTED = frozenset("\n\r\t ")


class MissingGlyphError(ValueError):
    """Characters that the printing font does not have; `characters` holds them."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        named = "、".join(f"{one} (U+{ord(one):04X} {unicodedata.name(one, 'unnamed')})" for one in characters)
        super().__init__(f"the printing font has no {named}")


def missing(text: str) -> str:
    """The characters of a text that cannot be printed, each once, in their order; empty where all can."""
    return "".join(dict.fromkeys(one for one in text if one not in _UNPRINTED and ord(one) not in covered()))


@cache
def covered() -> frozenset[int]:
    """The code points that every weight of the font has."""
    from fontTools.ttLib import TTFont

    tables = [TTFont(Path(settings.FONTS_FOLDER) / name, lazy=True).getBestCmap() for name in FONT_FILES]
    return frozenset.intersection(*(frozenset(table) for table in tables))
