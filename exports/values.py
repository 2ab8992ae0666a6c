"""What a cell holds: a number, a moment, a day, or text that no program takes for a formula."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core import clock
from core.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable

Value = str | int | float | date | None
"""A moment is a date too: on the department's wall clock, and without a zone, because cells know none."""

LONGEST = 32_767
"""Characters that fit into a cell."""
_EXACT = 2**53
"""Beyond this a spreadsheet drops the last digits of a number."""
_UNFIT = re.compile("[\ufffe\uffff]")
_FORMULA = re.compile(r"\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212]|[\t\r]")
"""How a formula begins: = + - @ in all their widths, also after blanks; and what jumps into the next cell."""


def value_of(found: Any) -> Value:
    """What a column says of a row, as a cell can hold it."""
    if found is None or found == "":
        return None
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, datetime):
        return clock.local(found).replace(tzinfo=None, microsecond=0)
    if isinstance(found, date):
        return found
    if isinstance(found, int | float | Decimal):
        return _number(found)
    return text(str(found))


def _number(found: float | Decimal) -> Value:
    as_float = float(found)
    if as_float != as_float or abs(as_float) >= _EXACT:  # noqa: PLR0124 - what is no number is not even itself
        return str(found)
    return found if isinstance(found, int) else as_float


def text(said: str) -> str:
    """Text without the characters that no sheet can hold, and not longer than a cell."""
    cleaned = _UNFIT.sub("", clean_text(said))
    return cleaned if len(cleaned) <= LONGEST else cleaned[: LONGEST - 1] + "…"


def guarded(said: str) -> str:
    """Text for a file that knows no kinds of cells: an apostrophe keeps it from being taken for a formula."""
    return f"'{said}" if _FORMULA.match(said) else said


def plain(value: Value) -> str | int | float:
    """A value for a file that knows no kinds of cells."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return guarded(value) if isinstance(value, str) else value


def packed(values: Iterable[Value]) -> bytes:
    """A row of the half-made file: one line."""
    return json.dumps([_packed(value) for value in values], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _packed(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def unpacked(line: bytes) -> list[Value]:
    """What a line of the half-made file holds."""
    return [_unpacked(value) for value in json.loads(line)]


def _unpacked(value: Any) -> Value:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["on"])
    return value  # type: ignore[no-any-return] # written by `packed`
