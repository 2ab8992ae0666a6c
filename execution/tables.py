"""The list of executions."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core import clock, markup
from core.tables import Column, Table
from reports.periods import closes


def done_words(execution: Any) -> str:
    """How many of the items are settled."""
    return f"{execution.all_items - execution.open_items} / {execution.all_items}"


def stuck(execution: Any) -> Any:
    """For how long it has stood still; nothing while it goes on in time."""
    since, now = execution.stuck_since, clock.now()
    if since is None or since > now:
        return ""
    words = markup.length(now - since)
    return format_html('<span title="{}">{}</span>', f"{clock.local(since):%Y-%m-%d %H:%M}", words)


def _next_due(execution: Any) -> Any:
    return markup.left(closes(execution.next_due_on)) if execution.next_due_on is not None else ""


class ExecutionTable(Table):
    """What one must see of an execution to know where to press on."""

    teaches = _("When the service department is given the copy of a contract, its execution starts here (EXE-01).")
    columns = (
        "number",
        "title",
        "customer",
        "state",
        Column("done", _("Done"), done_words, sort=("open_items",), css="num keep"),
        Column(
            "stuck",
            _("Stands still for"),
            stuck,
            sort=("stuck_since",),
            css="keep",
            plain=lambda execution: execution.stuck_since,
        ),
        Column(
            "next_due",
            _("Next due"),
            _next_due,
            sort=("next_due_on",),
            css="keep",
            plain=lambda execution: execution.next_due_on,
        ),
        "handler",
        "specialist",
    )
    more = (
        Column(
            "contract",
            _("Contract"),
            lambda execution: execution.carries_out.number,
            css="keep",
            related=("carries_out",),
        ),
        Column(
            "amount",
            _("Amount (CNY)"),
            lambda execution: f"{execution.carries_out.amount:,.2f}",
            css="num",
            plain=lambda execution: execution.carries_out.amount,
            related=("carries_out",),
        ),
        "created",
        "updated",
    )
