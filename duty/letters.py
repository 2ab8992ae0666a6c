"""Letters about the roster: a shift that a colleague is asked to take, the answer, and hours that nobody covers.

A letter waits in the outbox under a key that is unique for ever, so that nothing is told twice; it is sent after the
commit. The truth is the roster's page: a letter that a mail server refuses is written down and not sent again.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock
from duty.models import Gap, Swap
from notifications.channels.base import Parcel, PermanentFailureError, TemporaryFailureError
from notifications.channels.email import EmailChannel
from notifications.kinds import Kind
from notifications.rendering import Message
from people.models import User
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow.models import OutboxMessage

logger = logging.getLogger(__name__)
TOPIC = "duty.letter"
PAGE = "/duty/"
DIRECTOR = "service_director"
RULE = "OFH-12"


def swap_asked(swap: Swap) -> None:
    """Tell the colleague who is asked."""
    _enqueue("asked", swap.pk, [swap.asked_of_id])


def swap_answered(swap: Swap) -> None:
    """Tell the one who asked."""
    _enqueue("answered", swap.pk, [swap.asked_by_id])


def gap_found(gap: Gap) -> None:
    """Tell the directors, once for each gap."""
    _enqueue("gap", gap.pk, list(User.objects.holding(DIRECTOR).values_list("pk", flat=True)))


def _enqueue(what: str, about: int, people: list[int]) -> None:
    outbox.enqueue_many(
        outbox.Draft(TOPIC, f"{TOPIC}:{what}:{about}:{person}", {"what": what, "about": about, "to": person})
        for person in people
    )


@outbox.handler(TOPIC)
def carry(message: OutboxMessage) -> None:
    """Write one letter in its reader's language, and send it once the message is done with."""
    reader = User.objects.staff().filter(pk=message.payload["to"]).first()
    if reader is None or not reader.email:
        return
    with override(reader.language):
        letter = _WRITERS[message.payload["what"]](message.payload["about"])
    if letter is not None:
        transaction.on_commit(partial(_send, Parcel(message.key, reader.email, reader.language, (letter,))))


def _send(parcel: Parcel) -> None:
    try:
        EmailChannel().send(parcel)
    except (TemporaryFailureError, PermanentFailureError) as error:
        logger.warning("%s could not be sent: %s", parcel.key, error)


def _asked(pk: int) -> Message | None:
    swap = _swap(pk)
    if swap is None:
        return None
    lines = [swap.reason]
    if swap.in_return is not None:
        lines.append(_("In return for: %(shift)s") % {"shift": swap.in_return})
    return _letter(_("%(person)s asks you to take a shift: %(shift)s") % _named(swap), lines)


def _answered(pk: int) -> Message | None:
    swap = _swap(pk)
    if swap is None:
        return None
    if swap.outcome == Swap.Outcome.AGREED:
        return _letter(_("%(colleague)s takes your shift: %(shift)s") % _named(swap), [])
    return _letter(_("%(colleague)s cannot take your shift: %(shift)s") % _named(swap), [swap.answer])


def _gap(pk: int) -> Message | None:
    gap = Gap.objects.select_related("post").filter(pk=pk).first()
    if gap is None:
        return None
    said = {"post": gap.post, "gap": gap}
    return _letter(_("Nobody is on duty at %(post)s: %(gap)s") % said, [_("Put somebody on the roster for this time.")])


def _swap(pk: int) -> Swap | None:
    related = ("shift__engineer", "in_return__engineer", "asked_by", "asked_of")
    return Swap.objects.select_related(*related).filter(pk=pk).first()


def _named(swap: Swap) -> dict[str, object]:
    return {"person": swap.asked_by, "colleague": swap.asked_of, "shift": swap.shift}


def _letter(title: str, lines: list[str]) -> Message:
    kind = str(Kind.REPORT.label)
    return Message(title, tuple(lines), PAGE, kind, RULE, urgent=False, at=clock.now(), thread="duty")


_WRITERS: dict[str, Callable[[int], Message | None]] = {"asked": _asked, "answered": _answered, "gap": _gap}
