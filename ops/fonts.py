"""Small fonts of the characters that nearly all pages are written in, taken out of the printing fonts, which are large.

A page embeds the few glyphs that it uses; to find them takes the longer, the more the font has. What the small fonts
lack, the whole ones give: they are of one design, so nobody sees which is which.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FAMILY = "Common SC"
_WHOLE = re.compile("Noto ?Sans ?SC")
_SIGNS = "gb2312"
"""The 6,763 characters and the signs of the first national standard."""
_LETTERS = range(0x0250)
"""Latin letters of all European languages."""
_NAMES = {1: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", ""), 16: FAMILY}
"""By which names fonts are found: the family's, the whole one, the one of PostScript."""


def make_small(whole: Path, small: Path) -> None:
    """Write the common characters of a font as a font of another family, the same each time. Takes seconds."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font: Any = TTFont(whole, recalcTimestamp=False)
    options = subset.Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True, hinting=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_common(font.getBestCmap()))
    subsetter.subset(font)
    for name in font["name"].names:
        if name.nameID in _NAMES:
            name.string = _WHOLE.sub(_NAMES[name.nameID], name.toUnicode())
    font.save(small)


def _common(characters: Iterable[int]) -> set[int]:
    return {one for one in characters if one in _LETTERS or _is_common(chr(one))}


def _is_common(character: str) -> bool:
    try:
        character.encode(_SIGNS)
    except UnicodeEncodeError:
        return False
    return True
