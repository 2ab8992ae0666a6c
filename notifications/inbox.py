"""What the faces ask: what am I told, how much of it is unread, and: I have read it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.db import DEFAULT_DB_ALIAS, connection

from core import clock
from core.server_side import Kept
from notifications.models import Notice
from notifications.rendering import Message, message_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from people.models import User
    from workflow.models import Record

MANY = 100
"""Where counting stops: a badge says "99+" beyond it, and the count costs the same for everybody."""


@dataclass(frozen=True)
class Item:
    """A notice as a page shows it."""

    id: int
    message: Message
    read: bool


def inbox(
    user: User, *, limit: int = 50, before: int | None = None, after: int | None = None, unread: bool = False
) -> list[Item]:
    """A person's notices in the active language, newest first; one query.

    `before` and `after` are ids of notices: the next page, and what is new since a page was drawn.
    """
    rows = Notice.objects.of(user).with_context().order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    if after is not None:
        rows = rows.filter(id__gt=after)
    if unread:
        rows = rows.unread()
    return [Item(row.pk, message_of(row), row.read_at is not None) for row in rows[:limit]]


def unread_count(user: User) -> int:
    """How many notices are unread, at most `MANY`; one query."""
    return Notice.objects.of(user).unread().order_by()[:MANY].count()


def mark_read(user: User, ids: Iterable[int] | None = None) -> int:
    """Mark some of a person's own notices as read, or all of them; returns how many were unread."""
    rows = Notice.objects.of(user).unread()
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return rows.update(read_at=clock.now())


def mark_record_read(user: User, record: Record) -> int:
    """Mark what a person was told of a record as read, since the record is on the screen."""
    now = connection.ops.adapt_datetimefield_value(clock.now())
    return len(_reading_of_a_record().rows(DEFAULT_DB_ALIAS, [now, user.pk, record.pk]))


@cache
def _reading_of_a_record() -> Kept:
    """Every record's page asks it, and what it asks costs less than to have the ORM write it anew."""
    unread = "recipient_id = %s AND read_at IS NULL AND record_id = %s"
    table = Notice._meta.db_table
    return Kept(f"UPDATE {table} SET read_at = %s WHERE {unread} RETURNING id", [None] * 3, range(3))  # noqa: S608 - our own table
