"""Text as people type it, made fit to store, compare and find; its meaning is never changed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff]")


def clean_text(value: str) -> str:
    """NFC, with plain line ends and without the control characters that no database or page can hold.

    Zero-width and right-to-left characters stay: they are part of some scripts, and are shown as text.
    """
    return _CONTROL.sub("", unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")))


def clean_line(value: str) -> str:
    """One line of `clean_text`: inner line ends and tabs become single spaces, the ends are trimmed."""
    return " ".join(clean_text(value).split())


def fold(value: str) -> str:
    """The form in which text is compared: full and half width alike (NFKC), lower case."""
    return unicodedata.normalize("NFKC", value).casefold()


@lru_cache(maxsize=4096)
def initials(value: str) -> str:
    """Pinyin initials, by which Chinese names are found when typing fast: 北京大学 is `bjdx`."""
    from pypinyin import Style, lazy_pinyin  # a dictionary that most processes never open

    letters = "".join(lazy_pinyin(fold(value), style=Style.FIRST_LETTER))
    return "".join(c for c in letters if c.isalnum())[:64]


def digits(*values: str) -> str:
    """All digits of several numbers, one space between numbers: what a fragment of a phone number is sought in."""
    return " ".join(filter(None, (re.sub(r"\D", "", fold(v)) for v in values)))


def listed(parts: Iterable[Any]) -> str:
    """Words or names one after the other, as the reader's language lists them; empty ones are left out."""
    return _(", ").join(filter(None, map(str, parts)))


def labelled(name: Any, value: Any) -> str:
    """What something is called, and what it is, in the reader's language."""
    return _("%(name)s: %(value)s") % {"name": name, "value": value}
