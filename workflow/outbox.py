"""The outbox: written in the transaction, drained after it; a handler's work and its being done commit together."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core import clock
from core.adding import add
from core.text import clean_text
from workflow.kick import kick_after_commit
from workflow.models import OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

logger = logging.getLogger(__name__)
Handler = Callable[[OutboxMessage], None]
MAX_ATTEMPTS = 12
_BACKOFF = [timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 3600)]
_handlers: dict[str, Handler] = {}


class Retry(Exception):  # noqa: N818 - a request, not an error
    """Raised by a handler to be asked again later, without counting as a failure (a rate limit, a closed hour)."""

    def __init__(self, after: timedelta) -> None:
        self.after = after
        super().__init__(f"again after {after}")


@dataclass(frozen=True)
class Draft:
    """A message to be written. The key is unique for ever: the same thing is never asked twice."""

    topic: str
    key: str
    payload: dict[str, Any] = field(default_factory=dict)
    available_at: datetime | None = None


def handler(topic: str) -> Callable[[Handler], Handler]:
    """Name the function that does what messages of a topic ask for."""

    def register(function: Handler) -> Handler:
        _handlers[topic] = function
        return function

    return register


def enqueue(topic: str, key: str, payload: dict[str, Any], available_at: datetime | None = None) -> None:
    """Write one message; a message of the same key is left as it is."""
    enqueue_many([Draft(topic, key, payload, available_at)])


def enqueue_many(drafts: Iterable[Draft]) -> None:
    """Write messages with one statement, and wake a worker when the transaction has committed."""
    now = clock.now()
    rows = [
        OutboxMessage(
            topic=draft.topic,
            key=draft.key,
            payload=draft.payload,
            created_at=now,
            available_at=draft.available_at or now,
        )
        for draft in drafts
    ]
    add(rows, once=True)
    kick_after_commit()


def drain(limit: int = 5000, seconds: float = 30.0) -> int:
    """Do what is due, each message in its own transaction, until nothing is left, `limit` is reached or time is up.

    Returns how many were done. Several drainers at once share the work: a row that another holds is skipped.
    """
    done = 0
    put_off: set[int] = set()
    until = time.monotonic() + seconds
    for _ in range(limit):
        taken = _take_one(put_off)
        if taken is None or time.monotonic() > until:
            break
        done += taken
    return done


def _take_one(put_off: set[int]) -> int | None:
    """Do the next message: 1 if done, 0 if it must be tried again, None if nothing is due."""
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(done_at__isnull=True, failed_at__isnull=True, available_at__lte=clock.now())
            .exclude(pk__in=put_off)
            .order_by("available_at", "id")
            .first()
        )
        if message is None:
            return None
        done = _do(message)
        if not done:
            put_off.add(message.pk)
        return done


def _do(message: OutboxMessage) -> int:
    try:
        with transaction.atomic():
            _handlers[message.topic](message)
            message.done_at = clock.now()
            message.save(update_fields=["done_at"])
    except Retry as retry:
        message.available_at = clock.now() + retry.after
        message.save(update_fields=["available_at"])
        return 0
    except Exception as error:  # one message's fault must not stop the others
        logger.warning("outbox %s failed: %s", message.key, type(error).__name__, exc_info=True)
        _put_off(message, error)
        return 0
    return 1


def _put_off(message: OutboxMessage, error: Exception) -> None:
    message.attempts += 1
    message.last_error = clean_text(f"{type(error).__name__}: {error}")[:2000]
    if message.attempts >= MAX_ATTEMPTS:
        message.failed_at = clock.now()
    message.available_at = clock.now() + _BACKOFF[min(message.attempts, len(_BACKOFF)) - 1]
    message.save(update_fields=["attempts", "last_error", "failed_at", "available_at"])
