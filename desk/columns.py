"""The columns that every record has, drawn; a process's table asks for them by name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.safestring import mark_safe

from core import markup
from core.markup import escaped
from desk import addresses, states
from lists.columns import PLAIN

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from core.tables import Column
    from workflow.models import Record


def _number(record: Record) -> SafeString:
    return mark_safe(f'<a href="{addresses.of(record)}" class="number">{escaped(record.number)}</a>')  # noqa: S308


def _title(record: Record) -> SafeString:
    return mark_safe(f'<a href="{addresses.of(record)}" tabindex="-1"><bdi>{escaped(record.title)}</bdi></a>')  # noqa: S308


def _due(record: Record) -> SafeString:
    return markup.left(record.due_at) if record.is_open else markup.NOTHING


_DRAWN = {
    "number": _number,
    "title": _title,
    "state": states.badge,
    "due": _due,
    "created": lambda record: markup.moment(record.created_at),
    "updated": lambda record: markup.moment(record.updated_at),
}
STANDARD: dict[str, Column] = {
    code: replace(column, cell=_DRAWN[code], plain=column.cell) if code in _DRAWN else column
    for code, column in PLAIN.items()
}
