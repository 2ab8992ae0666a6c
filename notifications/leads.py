"""Where a mail or a text message leads: to the record's page, unless a layer above leads its reader somewhere better.

Asked when it is written, so that what is a key for its reader stands in no row and on no page. What many people read (a
group's robot) leads nobody anywhere of the own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from notifications.models import Notice
    from notifications.rendering import Message

    Lead = Callable[[Notice], str]

_leads: list[Lead] = []


def lead(function: Lead) -> Lead:
    """Make known a function that gives the path to which a notice leads; empty, if it knows of none better."""
    if function not in _leads:
        _leads.append(function)
    return function


def led(message: Message, notice: Notice) -> Message:
    """The message with the path that is best for its reader."""
    if notice.record_id is None:  # a tiding has its page already
        return message
    path = next(filter(None, (function(notice) for function in _leads)), "")
    return replace(message, path=path, led=True) if path else message
