"""The values of the columns that every record has, without markup, by the names under which a table asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.tables import Column
from workflow import registry

if TYPE_CHECKING:
    from workflow.models import Record


def _state(record: Record) -> str:
    flow = registry.get(record.kind).model
    return str(flow.State(record.state).label)  # type: ignore[attr-defined] # every process's model is a flow


PLAIN: dict[str, Column] = {
    column.code: column
    for column in (
        Column("number", _("Number"), lambda record: record.number, sort=("pk",), css="keep"),
        Column("title", _("Title"), lambda record: record.title, css="grow"),
        Column("customer", _("Customer"), lambda record: record.customer, related=("customer",)),
        Column("state", _("State"), _state, css="keep"),
        Column("handler", _("Handler"), lambda record: record.handler, css="keep", related=("handler",)),
        Column(
            "specialist", _("Specialist"), lambda record: record.specialist, css="keep wide", related=("specialist",)
        ),
        Column("due", _("Due"), lambda record: record.due_at if record.is_open else None, sort=("due_at",), css="keep"),
        Column("created", _("Created"), lambda record: record.created_at, sort=("pk",), css="keep wide"),
        Column("updated", _("Changed"), lambda record: record.updated_at, css="keep wide"),
    )
}
