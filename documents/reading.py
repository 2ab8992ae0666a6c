"""A document's content on the screen: its sections with every answer, in the reader's language, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import markup
from documents import words
from forms_templates.spoken import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from documents.models import Document
    from forms_templates.language import Item, Section


def texts(document: Document) -> list[str]:
    """Everything that a document says, for those who look for it: answers in the language of the paper."""
    with override("zh-hans"):
        found = [text for item in document.definition.items() for text in _texts(item, document.values.get(item.key))]
    return list(dict.fromkeys(filter(None, found)))


def _texts(item: Item, value: Any) -> list[str]:
    if item.kind in {"secret", "clause"}:
        return []
    if item.kind == "table":
        return [in_words(column, row.get(column.key)) for row in value or [] for column in item.columns]
    return [in_words(item, value)]


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
