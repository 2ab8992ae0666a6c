"""Who looks at a page: a member of staff, with those whom the person stands in for, asked once a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import IntegerField, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core import clock
from notifications import inbox
from notifications.models import Notice
from people.actors import Actor, principals_of
from people.models import User
from workflow.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponseBase

    from workflow.models import Record

    View = Callable[..., HttpResponseBase]


def visitor(request: HttpRequest) -> User:
    """The person who is logged in; only for views that ask for a login."""
    return cast("User", request.user)


def actor(request: HttpRequest) -> Actor:
    """The visitor as one who acts by way of the browser."""
    return Actor(visitor(request), channel="web")


def principals(user: User) -> list[User]:
    """Those for whom the visitor stands in now; asked once for each request."""
    known: list[User] | None = user.__dict__.get("_principals")
    if known is None:
        known = user.__dict__["_principals"] = principals_of(user, clock.now())
    return known


def staff_only(view: View) -> View:
    """Let only staff in: a customer's contact has a house of their own, and is led there from the front door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if visitor(request).is_customer and request.path == "/":
            return redirect("portal:home")
        if visitor(request).is_customer:
            raise PermissionDenied(_("These pages are for the staff of the service department."))
        return view(request, *args, **kwargs)

    return guarded


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: unread notices, pieces of work (both counted to 100), and the newest notice there is."""

    unread: int = 0
    work: int = 0
    newest: int = 0


def waiting(user: User) -> Waiting:
    """What waits for a person; one query, asked once a request."""
    known: Waiting | None = user.__dict__.get("_waiting")
    if known is None:
        known = user.__dict__["_waiting"] = _ask(user)
    return known


def mark_seen(user: User, record: Record) -> None:
    """What the visitor was told of a record is read, now that the record is on the screen."""
    found = waiting(user)
    if not found.unread:
        return
    read = inbox.mark_record_read(user, record)
    if found.unread < inbox.MANY:
        user.__dict__["_waiting"] = replace(found, unread=found.unread - read)


def told(user: User) -> Waiting:
    """Notices alone, for those who ask every few seconds; one query."""
    notices = Notice.objects.of(user)
    newest = Subquery(notices.order_by("-id").values("id")[:1])
    unread_, last = User.objects.filter(pk=user.pk).values_list(_number(notices.unread()), Coalesce(newest, 0)).get()
    return Waiting(unread=unread_, newest=last)


def _ask(user: User) -> Waiting:
    notices = Notice.objects.of(user)
    work = WorkItem.objects.of(user, principals(user))
    newest = Subquery(notices.order_by("-id").values("id")[:1])
    counted = User.objects.filter(pk=user.pk).values_list(_number(notices.unread()), _number(work), Coalesce(newest, 0))
    return Waiting(*(counted.first() or ()))


class _Number(Subquery):
    """How many rows there are, at most 100, as part of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _number(rows: QuerySet[Any]) -> _Number:
    return _Number(rows.order_by().values("pk")[: inbox.MANY])
