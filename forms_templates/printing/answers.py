"""One answer as it stands in its cell, by the kind of what was asked; open cells as they are filled in by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.text import clean_text
from forms_templates import amounts
from forms_templates.language import Option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from forms_templates.language import Column, Item

MASK = "另行密封提供"
STRUCK = mark_safe("/")
NOTHING = mark_safe("")
GAP = "\u3000"
"""An ideographic space: room to write a character by hand."""
YES_NO = (Option(key="yes", zh="是", en="Yes"), Option(key="no", zh="否", en="No"))
CHECKED = (*YES_NO, Option(key="na", zh="不适用", en="Does not apply"))
RATES = tuple(
    Option(key=str(rate), zh=zh, en=en)
    for rate, zh, en in (
        (5, "很满意", "Very satisfied"),
        (4, "满意", "Satisfied"),
        (3, "一般", "Fair"),
        (2, "不满意", "Dissatisfied"),
        (1, "很不满意", "Very dissatisfied"),
    )
)
_SHORT, _SHORT_IN_TABLES = 14, 2
"""Up to so many characters an option stays on one line with its box."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as far as its answer's looks go. In a table's cell there is less room."""

    kind: str
    options: Sequence[Option] = ()
    unit: str = ""
    narrow: bool = False
    wide: bool = False

    @classmethod
    def by(cls, item: Item) -> Asked:
        """What an item asks."""
        return cls(item.kind, item.options, item.unit.zh if item.unit else "", wide=item.wide)

    @classmethod
    def within(cls, column: Column) -> Asked:
        """What a table's column asks."""
        return cls(column.kind, column.options, narrow=True)


def written(asked: Asked, value: Any) -> SafeString:
    """The answer, or the open cell. Raises ValueError for a value that is not of the kind."""
    return _KINDS.get(asked.kind, _text)(asked, value)


def text(value: Any) -> SafeString:
    """Text as it was typed, lines kept, of no meaning to the page."""
    return escape(clean_text(str(value)))


def box(*, ticked: bool) -> SafeString:
    """□ or ☑, drawn: fonts have the one and lack the other. The tick can be read out of the file."""
    return mark_safe('<i class="box">√</i>' if ticked else '<i class="box"></i>')  # noqa: S308 - constants


def ticks(options: Iterable[Option], chosen: Iterable[str], *, short: int = _SHORT) -> SafeString:
    """All options, each behind its box. Raises ValueError for an answer that is none of them.

    Options of up to so many characters stay on one line; of longer ones only the first character stays with its box.
    """
    options, wanted = tuple(options), {str(key) for key in chosen}
    if strange := wanted - {option.key for option in options}:
        msg = f"no option {sorted(strange)}"
        raise ValueError(msg)
    boxes = (_tick(option, ticked=option.key in wanted, short=short) for option in options)
    return format_html_join(" ", "{}", ((each,) for each in boxes))


def _tick(option: Option, *, ticked: bool, short: int) -> SafeString:
    if len(option.zh) <= short:
        return format_html('<span class="held option">{}{}</span>', box(ticked=ticked), option.zh)
    held = format_html('<span class="held">{}{}</span>', box(ticked=ticked), option.zh[0])
    return format_html('<span class="long option">{}{}</span>', held, option.zh[1:])


def day(value: Any) -> str:
    """2007年8月8日, or room for it."""
    if not value:
        return f"{GAP * 3}年{GAP * 2}月{GAP * 2}日"
    found = date.fromisoformat(str(value)[:10])
    return f"{found.year}年{found.month}月{found.day}日"


def moment(value: Any) -> str:
    """2007年8月8日 09:30, or room for it."""
    if not value:
        return f"{GAP * 2}年{GAP * 2}月{GAP * 2}日{GAP}时{GAP}分"
    return f"{day(value)} {datetime.fromisoformat(str(value)):%H:%M}"


def money(value: Any) -> str:
    """¥300,000.00."""
    return amounts.figures(Decimal(str(value)))


def in_capitals(value: Any) -> str:
    """人民币叁拾万元整."""
    return f"人民币{amounts.capitals(Decimal(str(value)))}"


def _text(asked: Asked, value: Any) -> SafeString:
    if value in (None, ""):
        return text(f"{GAP * 3}{asked.unit}") if asked.unit else NOTHING
    return format_html("{}{}", text(value), f" {asked.unit}" if asked.unit else "")


def _money(asked: Asked, value: Any) -> SafeString:
    if asked.narrow:
        return text(money(value)) if value not in (None, "") else NOTHING
    between = GAP * (2 if value else 8) if asked.wide else mark_safe("<br/>")
    if value in (None, ""):
        return format_html("¥{}人民币（大写）", between)
    return format_html("{}{}{}", money(value), between, in_capitals(value))


def _choice(asked: Asked, value: Any) -> SafeString:
    given = value if isinstance(value, list) else [] if value in (None, "") else [value]
    return ticks(asked.options, given, short=_SHORT_IN_TABLES if asked.narrow else _SHORT)


def _yes_no(_asked: Asked, value: Any) -> SafeString:
    return ticks(YES_NO, [] if value is None else ["yes" if value else "no"])


def _rate(asked: Asked, value: Any) -> SafeString:
    return ticks(asked.options or RATES, [] if value is None else [value])


def _check(_asked: Asked, value: Any) -> SafeString:
    given = value or {}
    boxes = ticks(CHECKED, [given["answer"]] if given.get("answer") else [])
    return format_html("{} 说明：{}", boxes, text(given.get("note", "")))


def _secret(_asked: Asked, value: Any) -> SafeString:
    return text(MASK) if value else NOTHING


def _files(_asked: Asked, value: Any) -> SafeString:
    return format_html_join(mark_safe("<br/>"), "{}", ((text(file["name"]),) for file in value or ()))


_KINDS: dict[str, Callable[[Asked, Any], SafeString]] = {
    "money": _money,
    "date": lambda _asked, value: text(day(value)),
    "moment": lambda _asked, value: text(moment(value)),
    "choice": _choice,
    "choices": _choice,
    "yes_no": _yes_no,
    "rate": _rate,
    "check": _check,
    "secret": _secret,
    "files": _files,
}
