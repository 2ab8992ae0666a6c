"""Answers in words, in the reader's language, as a page shows them where they are not asked."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core import clock
from core.text import listed
from forms_templates import widgets

if TYPE_CHECKING:
    from collections.abc import Callable

    from forms_templates.language import Column, Item


def in_words(item: Item | Column, value: Any) -> str:
    """The answer as text; empty for none. Of a secret only that it is kept, of a table how many rows it has."""
    if value in (None, "", [], {}):
        return ""
    say = _WORDS.get(item.kind)
    return say(item, value) if say else str(value)


def _option(item: Any, key: Any) -> str:
    return next((option.in_language() for option in item.options if option.key == key), str(key))


def _of(words: Any, key: Any) -> str:
    return str(dict(words).get(key, key))


def _at(iso: str) -> str:
    try:
        return f"{clock.local(datetime.fromisoformat(iso)):%Y-%m-%d %H:%M}"
    except ValueError:
        return ""


def _check(_item: Any, value: Any) -> str:
    return listed((_of(widgets.CHECKS, value.get("answer") or ""), value.get("note", "")))


def _approval(_item: Any, value: Any) -> str:
    opinion = _of(widgets.OPINIONS, value.get("opinion"))
    return listed((opinion, value.get("remark"), value.get("name"), _at(value.get("at", ""))))


def _signature(_item: Any, value: Any) -> str:
    return f"{value.get('name', '')} {_at(value.get('at', ''))}".strip()


def _money(_item: Any, value: Any) -> str:
    try:
        return f"¥{Decimal(value):,.2f}"
    except InvalidOperation:
        return str(value)


def _unit(item: Any, value: Any) -> str:
    unit = getattr(item, "unit", None)
    return f"{value} {unit.in_language()}" if unit else str(value)


_WORDS: dict[str, Callable[[Any, Any], str]] = {
    "choice": _option,
    "choices": lambda item, value: listed(_option(item, key) for key in value),
    "yes_no": lambda _item, value: _("Yes") if value else _("No"),
    "rate": lambda _item, value: f"{value} {_of(widgets.RATES, value)}",
    "money": _money,
    "int": _unit,
    "moment": lambda _item, value: str(value).replace("T", " "),
    "check": _check,
    "approval": _approval,
    "secret": lambda _item, _value: _("Kept in the vault"),
    "files": lambda _item, value: listed(each.get("name", "") for each in value),
    "signature": _signature,
    "table": lambda _item, value: _("%(count)d rows") % {"count": len(value)},
}
