"""The catalogue of messages as it stands in the repository."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from ops.messages import CATALOGUE
from ops.setup import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Catalog

FILE = ROOT / CATALOGUE
OF_PACKAGES = ROOT / "locale" / "packages" / "zh_Hans" / "LC_MESSAGES" / "django.po"
"""Words of Django and other packages that have no Chinese of their own; nobody collects these."""


@cache
def written(path: Path = FILE) -> tuple[Any, ...]:
    """Every message but the header."""
    with path.open("rb") as file:
        return tuple(message for message in read_po(file, locale="zh_Hans") if message.id)


@cache
def compiled() -> Catalog:
    """The messages as the application reads them."""
    with FILE.with_suffix(".mo").open("rb") as file:
        return read_mo(file)


def english(message: Any) -> str:
    """The English text; of a plural, its singular."""
    return str(message.id if isinstance(message.id, str) else message.id[0])


def chinese(message: Any) -> str:
    """The Chinese text."""
    return str(message.string if isinstance(message.string, str) else message.string[0])
