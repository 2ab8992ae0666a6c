"""The places of a canned text: `{{customer}}` or `{{客户}}`, replaced by plain text from the record at hand.

Nothing is evaluated: a place is a name of the list below, in either language, and what comes in its stead is looked at
no further. What a record does not have stays visible as `[handler]`, so that nobody sends a gap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from core import clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User

    Ask = Callable[[Any, User], Any]

_PLACE = re.compile(r"\{\{\s*([^{}\n]{1,40}?)\s*\}\}")
_BRACES = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True)
class Place:
    """Something that a text can name: in Chinese and English, with what it is on a record for a writer."""

    zh: str
    en: str
    value: Ask

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


def _customer(record: Any, writer: User) -> str:  # noqa: ARG001 - as all of them are asked
    return record.customer.name if record.customer is not None else ""


def _contact(record: Any, writer: User) -> str:  # noqa: ARG001
    """The contact, where the process knows one."""
    contact = getattr(record, "contact", None)
    return contact.name if contact is not None else ""


def _today(chinese: bool) -> str:  # noqa: FBT001 - private
    day = clock.local(clock.now())
    return f"{day.year}年{day.month}月{day.day}日" if chinese else f"{day:%Y-%m-%d}"


PLACES = (
    Place("客户", "customer", _customer),
    Place("联系人", "contact", _contact),
    Place("编号", "number", lambda record, writer: record.number),  # noqa: ARG005
    Place("标题", "title", lambda record, writer: record.title),  # noqa: ARG005
    Place("处理人", "handler", lambda record, writer: record.handler),  # noqa: ARG005
    Place("受理专员", "specialist", lambda record, writer: record.specialist),  # noqa: ARG005
    Place("我", "me", lambda record, writer: writer),  # noqa: ARG005
    Place("今天", "today", lambda record, writer: ""),  # noqa: ARG005 - as the name's language writes days
)
_BY_NAME = {name: place for place in PLACES for name in (place.zh, place.en)}


def unknown(text: str) -> list[str]:
    """What stands in a text as a place and is none; braces that open or close nothing as they are."""
    found = [name for name in _PLACE.findall(text) if name.lower() not in _BY_NAME]
    return list(dict.fromkeys([*found, *_BRACES.findall(_PLACE.sub("", text))]))


def known() -> str:
    """All places as they are written, in the reader's language, for a message."""
    return " ".join(f"{{{{{place.name}}}}}" for place in PLACES)


def fill(text: str, record: Any, writer: User) -> str:
    """The text with its places filled from a record that the writer may see."""

    def said(hit: re.Match[str]) -> str:
        name = hit[1].lower()
        place = _BY_NAME.get(name)
        if place is None:
            return hit[0]
        value = _today(name == place.zh) if place.en == "today" else place.value(record, writer)
        return str(value) if value not in (None, "") else f"[{name}]"

    return _PLACE.sub(said, text)
