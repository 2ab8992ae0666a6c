"""A document's content on the screen: its sections with every answer, in the reader's language, and what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import clock, markup
from documents import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from documents.models import Document
    from forms_templates.language import Column, Item, Section

_ON_PAPER = frozenset({"seal"})


# --- an answer in words -----------------------------------------------------------------------------------------------
def in_words(item: Item | Column, value: Any) -> str:
    """The answer as text; empty for none. Of a secret only that it is kept."""
    if value in (None, "", [], {}):
        return ""
    say = _WORDS.get(item.kind)
    return say(item, value) if say else str(value)


def _option(item: Any, key: Any) -> str:
    return next((option.in_language() for option in item.options if option.key == key), str(key))


def _moment(iso: Any) -> str:
    try:
        at = datetime.fromisoformat(str(iso))
    except ValueError:
        return ""
    return f"{clock.local(at) if at.tzinfo else at:%Y-%m-%d %H:%M}"


def _check(_item: Any, value: Mapping[str, Any]) -> str:
    answers = {"yes": _("yes"), "no": _("no"), "na": _("does not apply")}
    return " – ".join(filter(None, (answers.get(value.get("answer", ""), ""), value.get("note", ""))))


def _approval(_item: Any, value: Mapping[str, Any]) -> str:
    opinions = {"agree": _("agreed"), "disagree": _("not agreed")}
    said = (opinions.get(value.get("opinion", ""), ""), value.get("remark", ""), value.get("name", ""))
    return " · ".join(filter(None, (*said, _moment(value.get("at", "")))))


def _money(_item: Any, value: Any) -> str:
    try:
        return f"¥{float(value):,.2f}"
    except (TypeError, ValueError):
        return str(value)


def _int(item: Any, value: Any) -> str:
    unit = getattr(item, "unit", None)
    return f"{value} {unit.in_language()}" if unit else str(value)


_WORDS: dict[str, Callable[[Any, Any], str]] = {
    "choice": _option,
    "choices": lambda item, value: ", ".join(_option(item, key) for key in value),
    "yes_no": lambda _item, value: _("yes") if value else _("no"),
    "rate": lambda _item, value: _("%(given)s of 5") % {"given": value},
    "money": _money,
    "int": _int,
    "moment": lambda _item, value: _moment(value),
    "check": _check,
    "approval": _approval,
    "secret": lambda _item, _value: _("kept in the vault"),
    "files": lambda _item, value: ", ".join(str(each.get("name", "")) for each in value),
    "signature": lambda _item, value: f"{value.get('name', '')} · {_moment(value.get('at', ''))}",
}


def texts(document: Document) -> list[str]:
    """Everything that a document says, for those who look for it: answers in the language of the paper."""
    found = []
    for item in document.definition.items():
        value = document.values.get(item.key)
        if item.kind == "table":
            cells = [(column, row.get(column.key)) for row in value or [] for column in item.columns]
        else:
            cells = [(item, value)] if item.kind not in {"secret", "clause"} else []  # type: ignore[list-item] # both have kinds
        found += [in_words(each, said) for each, said in cells if said not in (None, "")]
    return [text for text in dict.fromkeys(found) if text]


# --- the whole --------------------------------------------------------------------------------------------------------
def content(document: Any) -> SafeString:
    """The sections, each with its answers; whose part it is, and what is still missing from whom."""
    missing = {item.key for item in document.unanswered()} if not document.is_final else set()
    sections = document.definition.sections
    mixed = not all(_has_customers(section) or section.private for section in sections)
    parts = [_part(section, document.values, missing, mixed=mixed) for section in sections]
    return format_html('<div class="doc">{}</div>', format_html_join("", "{}", ((part,) for part in parts if part)))


def _has_customers(section: Section) -> bool:
    return any(item.is_customers for item in section.items)


def _part(section: Section, values: Mapping[str, Any], missing: set[str], *, mixed: bool) -> SafeString:
    lines = [line for item in section.items if (line := _line(item, values, missing))]
    if not lines:
        return SafeString()
    whose = SafeString()
    if section.private:
        whose = markup.badge(_("company only"), "void", "eye-off")
    elif mixed and _has_customers(section):
        whose = markup.badge(_("customer's part"), "new", "user")
    return format_html(
        '<section class="doc-part"><h3>{} {}</h3><dl class="facts">{}</dl></section>',
        section.in_language(),
        whose,
        format_html_join("", "{}", ((line,) for line in lines)),
    )


def _line(item: Item, values: Mapping[str, Any], missing: set[str]) -> SafeString:
    value = values.get(item.key)
    if item.kind in {"clause", "seal"}:
        return SafeString()
    if value in (None, "", [], {}):
        if item.key not in missing:
            return SafeString()
        said = format_html('{} <span class="faint">{}</span>', _lacking(), words.fillers(item))
    elif item.kind == "table":
        return format_html('<dt>{}</dt><dd class="doc-wide">{}</dd>', item.in_language(), _table(item, value))
    else:
        said = _said(in_words(item, value))
    return format_html("<dt>{}</dt><dd>{}</dd>", item.in_language(), said)


def _lacking() -> SafeString:
    return markup.badge(_("missing"), "over", "alert-triangle")


def _said(text: str) -> SafeString:
    return format_html('<span class="prose">{}</span>', text)


def _table(item: Item, rows: list[Mapping[str, Any]]) -> SafeString:
    head = format_html_join("", '<th scope="col">{}</th>', ((column.in_language(),) for column in item.columns))
    body = format_html_join("", "<tr>{}</tr>", ((_cells(item, row),) for row in rows))
    return format_html(
        '<div class="doc-table" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>',
        head,
        body,
    )


def _cells(item: Item, row: Mapping[str, Any]) -> SafeString:
    said = ((in_words(column, item.cell_in_language(row.get(column.key))),) for column in item.columns)
    return format_html_join("", "<td>{}</td>", said)
