"""Which messages lead to a decision: those about a record on which their reader, or whom the reader is for, is asked.

The link is made when the message is written. One that is tried again, one by another way, and the reminder that follows
bear the same link as long as it is open; after that a new one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from decisions.models import DecisionLink
from notifications import leads
from notifications.rendering import of_record
from people.actors import Actor
from workflow.approvals.board import Board
from workflow.approvals.stages import Reviewing
from workflow.engine import Authority
from workflow.refusals import NotAllowed

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.models import Notice
    from people.models import User
    from workflow.models import Record, Step

LIFE = timedelta(days=7)
"""How long a link leads to its decision."""
ASKED = ("agree", "advise")
"""The acts for which a record that is decided on waits for people."""


@leads.lead
def to_decision(notice: Notice) -> str:
    """Where a message about a record leads whose decision waits for its reader; empty for every other one."""
    record, at = of_record(notice)[0].concrete, clock.now()
    step = asked(record, notice.recipient, at)
    return link_to(step, notice.recipient, at).path if step is not None else ""


def asked(record: Record, user: User, at: datetime) -> Step | None:
    """The step on which somebody is asked now, in the own name or for one who is away; None without one."""
    if not isinstance(record, Reviewing):
        return None
    return Board.of(record).step if _may_any(record, user, at) else None


def _may_any(record: Record, user: User, at: datetime) -> bool:
    verbs = [type(record).verbs[code] for code in ASKED]  # type: ignore[attr-defined] # its model is a flow
    authority = Authority(Actor(user), at)
    for verb in verbs:
        if not verb.fits(record):
            continue
        try:
            authority.over(verb, record)
        except NotAllowed:
            continue
        return True
    return False


def link_to(step: Step, user: User, at: datetime) -> DecisionLink:
    """The open link of a person to a step; a new one if there is none."""
    found = DecisionLink.objects.open(at).filter(step=step, user=user).first()
    if found is not None and found.path:
        return found
    return DecisionLink.objects.create(step=step, user=user, made_at=at, expires_at=at + LIFE)
