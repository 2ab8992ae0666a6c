"""Places in texts, `{contract_no}` or `{company.fax}`, filled with answers and with what the letterhead says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from forms_templates.language import PLACE
from forms_templates.printing import answers

if TYPE_CHECKING:
    from forms_templates.language import Item
    from forms_templates.printing.job import Job

_OPEN = mark_safe('<u class="open"></u>')
_COMPANY = "company."


def filled(job: Job, text: str) -> SafeString:
    """The text with its places filled; an open place is a line to write on."""
    parts = PLACE.split(text)
    made = [answers.text(part) if at % 2 == 0 else _said(job, part) for at, part in enumerate(parts)]
    return mark_safe("".join(made))  # noqa: S308 - each is escaped


def _said(job: Job, key: str) -> SafeString:
    if key.startswith(_COMPANY):
        said = getattr(job.letterhead, key.removeprefix(_COMPANY))
        return answers.text(said) if said else _OPEN
    item = job.form.item(key)
    value = job.value(key)
    return _OPEN if value in (None, "", []) else format_html("<b>{}</b>", answers.text(in_words(item, value)))


def in_words(item: Item, value: Any) -> str:
    """An answer within a sentence."""
    if item.kind == "money":
        return f"{answers.money(value)}（{answers.in_capitals(value)}）"
    if item.kind == "date":
        return answers.day(value)
    if item.kind == "moment":
        return answers.moment(value)
    if item.kind in ("choice", "choices"):
        given = value if isinstance(value, list) else [value]
        return "、".join(item.option(key).zh for key in given)
    if item.kind == "yes_no":
        return "是" if value else "否"
    return f"{value}{item.unit.zh if item.unit else ''}"
