"""What is out of step between here and JIRA, for those who look after it, and what they may do about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from core import clock
from jira import fetching, hands, inbound, outbound
from jira.models import Connection, Incoming, Issue, Outgoing
from workflow.models import Record

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from people.models import User

OVERSEERS = ("rd_engineer", "department_head", "service_director", "vice_president", "system_admin")
SLOW = timedelta(minutes=15)
"""What has not got through after so long is shown, even if nobody knows why."""


def may_oversee(user: User) -> bool:
    """Whether somebody looks after the way to JIRA."""
    return user.is_superuser or user.has_role(*OVERSEERS)


def anything() -> bool:
    """Whether anything at all is out of step, whoever may see it."""
    failed = Outgoing.objects.failing(clock.now() - SLOW).exists() or Incoming.objects.failing().exists()
    return failed or _apart().exists()


def failing(user: User) -> QuerySet[Outgoing]:
    """What JIRA could not be told, of the records that the person may see."""
    rows = Outgoing.objects.failing(clock.now() - SLOW).filter(issue__record__in=Record.objects.for_actor(user))
    return rows.select_related("issue__record", "issue__connection", "entry", "attachment").order_by("id")


def missing(user: User) -> QuerySet[Incoming]:
    """Files in JIRA that could not be fetched, of the records that the person may see."""
    rows = Incoming.objects.failing().filter(issue__record__in=Record.objects.for_actor(user))
    return rows.select_related("issue__record", "issue__connection").order_by("id")


def differing(user: User) -> QuerySet[Issue]:
    """Issues that say something else than their records, or that JIRA does not show any more."""
    rows = _apart().filter(record__in=Record.objects.for_actor(user))
    return rows.select_related("record", "connection").order_by("id")


def _apart() -> QuerySet[Issue]:
    apart = ~Q(fault="")
    for hand in hands.every():
        away = Q(record__state=hand.away)
        apart |= Q(record__kind=hand.kind) & (Q(done=True) & away | Q(done=False) & ~away & ~Q(key=""))
    return Issue.objects.filter(apart, current_for__isnull=False, ignored_at__isnull=True)


def retry_message(user: User, pk: int) -> Outgoing | None:
    """Try again at once what failed; None if it is not there to be tried."""
    with transaction.atomic():
        row = failing(user).select_for_update(of=("self",)).filter(pk=pk).first()
        if row is not None:
            outbound.again(row)
        return row


def retry_file(user: User, pk: int) -> Incoming | None:
    """Fetch at once what failed to come; None if it is not there to be fetched."""
    with transaction.atomic():
        row = missing(user).select_for_update(of=("self",)).filter(pk=pk).first()
        if row is not None:
            fetching.again(row)
        return row


def retry_issue(user: User, pk: int) -> Issue | None:
    """Read an issue anew; None if it is not out of step."""
    with transaction.atomic():
        issue = differing(user).filter(pk=pk).first()
        if issue is not None:
            inbound.ask(issue, f"by hand {clock.now().isoformat()}")
        return issue


def ignore(row: Issue | Outgoing | Incoming, user: User, reason: str) -> None:
    """Take it off the list, and say why; of an issue that is not to be made, all that would follow goes too."""
    at = clock.now()
    with transaction.atomic():
        row.ignore(user, reason, at)
        row.save(update_fields=["ignored_at", "ignored_by", "ignored_reason"])
        if isinstance(row, Outgoing) and row.kind == Outgoing.Kind.CREATE:
            noted = {"ignored_at": at, "ignored_by": user, "ignored_reason": reason}
            Outgoing.objects.unsettled().filter(issue=row.issue_id).update(**noted)


def connection() -> Connection | None:
    """The JIRA that is switched on."""
    return Connection.objects.on()
