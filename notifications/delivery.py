"""How a sending gets out: claimed in a transaction, carried after its commit, marked in another.

No lock is held while a mail server or a webhook is spoken to. With the claim the next try is put into the outbox, so a
worker that dies on the way loses nothing; a try that follows bears the same key, and does nothing for what was sent.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import override

from core import clock
from notifications import customers, leads
from notifications.channels import email, sms
from notifications.channels import robots as robot_channel
from notifications.channels.base import Parcel, PermanentFailureError, TemporaryFailureError
from notifications.kinds import Way
from notifications.models import Notice, Sending
from notifications.rendering import message_about, message_of
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notifications.channels.base import Channel
    from notifications.rendering import Message
    from workflow.models import OutboxMessage

logger = logging.getLogger(__name__)
TOPIC = "notifications.deliver"
BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 480, 1440))
"""How long after a try the next one is made; after the last of them a sending is given up."""
NAMED = 40
"""How many a digest names; the rest is counted, and stands in the application."""
LEASE = timedelta(seconds=55)
"""How long one try may take: less than the shortest backoff, more than every time-out of the channels together."""


def ask(groups: Sequence[Sequence[Sending]]) -> None:
    """Have groups of sendings delivered; each group is one message to one person."""
    outbox.enqueue_many([_draft([row.pk for row in group], group[0].key, group[0].key, 1) for group in groups])


def ask_again(sendings: Sequence[Sending], at: datetime) -> None:
    """Have sendings that were given up tried anew, as a new series of tries under the old keys."""
    outbox.enqueue_many([_draft([row.pk], row.key, f"{row.key}:{at.isoformat()}", 1) for row in sendings])


def _draft(ids: list[int], key: str, series: str, attempt: int, at: datetime | None = None) -> outbox.Draft:
    payload = {"sendings": ids, "key": key, "series": series, "attempt": attempt}
    return outbox.Draft(TOPIC, f"deliver:{series}:{attempt}", payload, at)


@outbox.handler(TOPIC)
def deliver(message: OutboxMessage) -> None:
    """Claim sendings and carry them out once that is committed."""
    at = clock.now()
    ids, key, attempt = (message.payload[name] for name in ("sendings", "key", "attempt"))
    claimed = claim(ids, at)
    if not claimed:
        return
    if attempt <= len(BACKOFF):
        again = _draft(ids, key, message.payload["series"], attempt + 1, at + BACKOFF[attempt - 1])
        outbox.enqueue_many([again])
    carry = partial(carry_out, claimed, key, last=attempt > len(BACKOFF))
    transaction.on_commit(carry)


def claim(ids: Sequence[int], at: datetime) -> list[int]:
    """Take sendings that are free and count the try; returns those that were taken. In a transaction."""
    free = Sending.objects.select_for_update(skip_locked=True).free(at).filter(pk__in=ids).order_by("id")
    taken = list(free.values_list("pk", flat=True))
    Sending.objects.filter(pk__in=taken).update(attempts=F("attempts") + 1, busy_until=at + LEASE)
    return taken


def carry_out(ids: Sequence[int], key: str, *, last: bool) -> timedelta | None:
    """Send claimed sendings as one message and note what became of it.

    Returns when the other side asked to be left alone for a while, how long. Never raises: a notice that cannot be sent
    is a row for administrators, not an error of what it tells.
    """
    pending = Sending.objects.pending().filter(pk__in=ids)
    carried = ("recipient", "robot", "template", "entry__actor", "entry__record__customer")
    rows = list(pending.select_related(*carried).order_by("id")[:NAMED])
    if not rows:
        return None
    try:
        channel, parcel = _channel(rows[0]), _parcel(rows, key, more=len(ids) - len(rows))
        channel.send(parcel)
    except PermanentFailureError as error:
        _failed(ids, str(error), give_up=True)
    except TemporaryFailureError as error:
        _failed(ids, str(error), give_up=last)
        return error.after
    except Exception as error:  # whatever it is, the next sending must not suffer
        logger.exception("a notice could not be sent")
        _failed(ids, type(error).__name__, give_up=last)
    else:
        Sending.objects.filter(pk__in=ids).update(sent_at=clock.now(), busy_until=None, last_error="")
    return None


def _failed(ids: Sequence[int], why: str, *, give_up: bool) -> None:
    logger.warning("sending %s: %s", "given up" if give_up else "put off", why)
    failed_at = clock.now() if give_up else None
    Sending.objects.filter(pk__in=ids).update(busy_until=None, last_error=why[:300], failed_at=failed_at)


def _channel(sending: Sending) -> Channel:
    if sending.robot is not None:
        return robot_channel.channel_of(sending.robot)
    return sms.channel() if sending.way == Way.SMS else email.EmailChannel()


def _parcel(rows: Sequence[Sending], key: str, *, more: int) -> Parcel:
    first = rows[0]
    language = _language(first)
    with override(language):
        messages = _messages(rows, language)
    return Parcel(key, first.address, language, tuple(messages), more)


def _language(sending: Sending) -> str:
    if sending.robot is not None:
        return sending.robot.language
    return sending.recipient.language if sending.recipient is not None else settings.LANGUAGE_CODE


def _messages(rows: Sequence[Sending], language: str) -> list[Message]:
    notices = Notice.objects.with_context().in_bulk([row.notice_id for row in rows if row.notice_id])
    found: list[Message] = []
    for row in rows:
        if row.template is not None and row.entry is not None:
            found.append(customers.message_to_customer(row.entry, row.template, language, row.address))
            continue
        notice = notices[row.notice_id or 0]
        if row.robot is not None and notice.entry is not None:
            found.append(message_about(notice.entry, notice.kind, notice.rule, urgent=notice.urgency > 1))
        else:
            found.append(leads.led(message_of(notice), notice))
    return found
