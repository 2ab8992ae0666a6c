"""The columns that every record has, by the names under which a process's table asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from core import markup
from core.tables import Column
from desk import addresses, states

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from workflow.models import Record


def _number(record: Record) -> SafeString:
    return mark_safe(f'<a href="{addresses.of(record)}" class="number">{escape(record.number)}</a>')  # noqa: S308


def _title(record: Record) -> SafeString:
    return mark_safe(f'<a href="{addresses.of(record)}" tabindex="-1"><bdi>{escape(record.title)}</bdi></a>')  # noqa: S308


def _due(record: Record) -> SafeString:
    return markup.left(record.due_at) if record.is_open else markup.NOTHING


STANDARD: dict[str, Column] = {
    column.code: column
    for column in (
        Column("number", _("Number"), _number, sort=("pk",), css="keep"),
        Column("title", _("Title"), _title, css="grow"),
        Column("customer", _("Customer"), lambda record: record.customer),
        Column("state", _("State"), states.badge, css="keep"),
        Column("handler", _("Handler"), lambda record: record.handler, css="keep"),
        Column("specialist", _("Specialist"), lambda record: record.specialist, css="keep wide"),
        Column("due", _("Due"), _due, sort=("due_at",), css="keep"),
        Column("created", _("Created"), lambda record: markup.moment(record.created_at), sort=("pk",), css="keep wide"),
        Column("updated", _("Changed"), lambda record: markup.moment(record.updated_at), css="keep wide"),
    )
}
