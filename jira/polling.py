"""Asking JIRA what has changed, now and again: it makes up for every webhook that was lost, or never came.

`Connection.cursor` is the moment at which the last complete reading began. Each reading asks for what has changed since
then and a little before; whatever is read twice changes nothing (`inbound.take_in`).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from core import clock
from jira import answers, inbound, texts
from jira.client import PAGE, Client
from jira.faults import Fault, JiraError
from jira.models import Connection, Delivery, Issue
from jira.webhook import WINDOW

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)
OVERLAP = timedelta(minutes=5)
"""For clocks that differ, and for what JIRA's index shows late."""
FIRST = timedelta(days=1)
"""How far back the first reading looks."""
LEASE = timedelta(minutes=5)
MOST_PAGES = 40


def poll() -> int:
    """Read what has changed; returns how many issues were taken in. Never raises: a fault stands on the connection."""
    at = clock.now()
    connection = _claimed(at)
    if connection is None:
        return 0
    noted: dict[str, object] = {"polled_at": at, "busy_until": None}
    taken = 0
    try:
        taken = _read(connection, at)
    except JiraError as error:
        logger.warning("JIRA could not be read: %s", error)
        noted |= {"poll_fault": error.fault, "poll_detail": error.detail[:300]}
        if error.after is not None:
            noted |= {"rest_until": clock.now() + error.after}
    except Exception as error:  # the next reading begins where this one did
        logger.exception("JIRA could not be read")
        noted |= {"poll_fault": Fault.INTERNAL, "poll_detail": type(error).__name__}
    else:
        noted |= {"cursor": at, "poll_fault": "", "poll_detail": ""}
    Connection.objects.filter(pk=connection.pk).update(**noted)
    Delivery.objects.filter(at__lt=at - 2 * WINDOW).delete()
    return taken


def _claimed(at: datetime) -> Connection | None:
    """The connection, if one is on that nobody reads at the moment and that does not ask to be left alone."""
    free = Q(busy_until=None) | Q(busy_until__lte=at)
    rested = Q(rest_until=None) | Q(rest_until__lte=at)
    claimed = Connection.objects.filter(free, rested, active=True).update(busy_until=at + LEASE)
    return Connection.objects.on() if claimed else None


def _read(connection: Connection, at: datetime) -> int:
    client = Client(connection)
    since = (at - connection.cursor if connection.cursor is not None else FIRST) + OVERLAP
    taken = 0
    for page in range(MOST_PAGES):
        rows = client.changed(texts.LABEL, since, page * PAGE)
        told = {str(row.get("id")): row for row in rows}
        ours = Issue.objects.filter(connection=connection, remote_id__in=list(told))
        taken += sum(_take(issue, told[issue.remote_id]) for issue in ours)
        if len(rows) < PAGE:
            return taken
    raise JiraError(Fault.UNREADABLE, f"more than {MOST_PAGES * PAGE}")


def _take(issue: Issue, told: dict[str, Any]) -> bool:
    """Take an issue in, if it has changed since it was last read."""
    if not issue.fault and answers.changed_at(told) == issue.changed_at:
        return False
    return inbound.take(issue, lambda: answers.issue(told))
