"""The lines of short lists: what waits for somebody, and records that one follows. Made in Python, as tables are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from core import markup
from core.markup import escaped
from desk import addresses, states

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.safestring import SafeString

    from people.models import User
    from workflow.models import Record, WorkItem


def followed(records: Iterable[Record]) -> SafeString:
    """Records with customer, handler, time left and state."""
    lines = (
        f"<li>{_what(record, _aside(record.handler))}{markup.left(record.due_at)}{states.badge(record)}</li>"
        for record in records
    )
    return mark_safe("".join(lines))  # noqa: S308 - each part has been escaped


def waiting(
    item: WorkItem, label: str, verb_url: str, instead_of: User | None, asker: User | None = None
) -> SafeString:
    """A record that waits, with the act that ends the wait, the time for it, and for whom one would act.

    `asker` is whose work one decides on; then it is told as well since when it waits.
    """
    record, due = item.record, item.due_at
    lent = _aside(_("for %(name)s") % {"name": instead_of} if instead_of else None)
    if asker is not None:
        lent += _aside(_("from %(name)s") % {"name": asker}) + f"<span>{_since(item.since)}</span>"
    return mark_safe(  # noqa: S308 - each part has been escaped
        f"<li>{_what(record, states.badge(record) + lent)}<span>{markup.left(due) if due else ''}</span>"
        f'<a class="btn btn-small" href="{escaped(verb_url)}">{escaped(label)}'
        f'<span class="unseen"> {escaped(record.number)}</span></a></li>'
    )


def _since(at: datetime) -> SafeString:
    return format_html(_("since {at}"), at=markup.moment(at))


def _what(record: Record, beside: str) -> str:
    """Title, number and customer; `beside` is markup."""
    return (
        f'<div class="work-what"><a href="{escaped(addresses.of(record))}"><bdi>{escaped(record.title)}</bdi></a>'
        f'<div class="work-where"><span class="number">{escaped(record.number)}</span>'
        f"{_aside(record.customer)}{beside}</div></div>"
    )


def _aside(value: Any) -> str:
    return f"<span>{escaped(value)}</span>" if value else ""
