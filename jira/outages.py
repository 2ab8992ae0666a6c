"""Whether JIRA goes along, looked at after every reading; who looks after it is told once an outage, and once after it.

What is told, and to whom, is said by a listener from above (`reactions/`): this package knows of no notices.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from core import clock
from jira import outofstep
from jira.models import Connection, Outage
from people.models import User

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Listener = Callable[[Outage], None]

LASTING = timedelta(minutes=15)
"""What is over sooner was no outage: nobody is told of it."""
ON_DUTY_ROLE, DIRECTOR = "support_engineer", "service_director"
_listeners: list[Listener] = []


def listener(function: Listener) -> Listener:
    """Have a function told, in the same transaction, of an outage that has lasted, and again when it is over."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def look() -> None:
    """Begin, tell and end outages, as JIRA stands now; one that was switched off has none."""
    at = clock.now()
    Outage.objects.filter(over_at__isnull=True, connection__active=False).update(over_at=at)
    with transaction.atomic():
        # Under the connection's lock: two who look at once tell of nothing twice.
        connection = Connection.objects.select_for_update(of=("self",)).filter(active=True).first()
        if connection is None:
            return
        running = {row.cause: row for row in Outage.objects.filter(connection=connection, over_at__isnull=True)}
        for cause, wrong in _found(connection).items():
            _note(connection, cause, running.get(cause), at, wrong=wrong)


def _found(connection: Connection) -> dict[str, bool]:
    """What is wrong now. Whether records differ cannot be told of a JIRA that is not read."""
    down = bool(connection.poll_fault)
    found: dict[str, bool] = {Outage.Cause.DOWN: down}
    return found if down else found | {Outage.Cause.APART: outofstep.anything()}


def _note(connection: Connection, cause: str, running: Outage | None, at: datetime, *, wrong: bool) -> None:
    if wrong and running is None:
        Outage.objects.create(connection=connection, cause=cause, since=at)
    elif wrong and running is not None and running.told_at is None and at - running.since >= LASTING:
        running.told_at = at
        _tell(running)
    elif not wrong and running is not None:
        running.over_at = at
        _tell(running)


def _tell(outage: Outage) -> None:
    outage.save(update_fields=["told_at", "over_at"])
    for function in _listeners if outage.told_at is not None else ():
        function(outage)


def told(connection: Connection) -> list[int]:
    """Who is told: those whom the administration names, else the engineers' superiors, else the service directors."""
    named = User.objects.staff().filter(pk__in=connection.told.values("pk"))
    superiors = User.objects.staff().filter(pk__in=User.objects.holding(ON_DUTY_ROLE).values("supervisor"))
    for people in (named, superiors, User.objects.holding(DIRECTOR)):
        if keys := list(people.order_by("pk").values_list("pk", flat=True).distinct()):
            return keys
    return []
