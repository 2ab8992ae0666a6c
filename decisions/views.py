"""The door behind a link in a mail: it leads to the record's page at its decision, and decides nothing itself.

Whoever is not logged in is asked to log in first, by whatever link: there is nothing to be learnt at this door.
"""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from core import clock, rates
from decisions import links, marks
from decisions.models import DecisionLink
from notifications.rendering import record_path
from workflow.approvals.parties import CONSULTED, DECIDERS
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from people.models import User

KNOCKS, MISSES = 240, 20
"""Requests, and links that there are not, of one address within a minute."""
HEADERS = {
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
PLACE = "#decide"
"""Where on a record's page one decides."""


def quietly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let no address be guessed at, and none be left behind on the way."""

    @wraps(view)
    @sensitive_variables("token")
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        if rates.too_often("decide", request, KNOCKS):
            answer: HttpResponseBase = _closed(request, "slow", HTTPStatus.TOO_MANY_REQUESTS)
        elif (found := DecisionLink.objects.of_token(token)) is None:
            guessing = rates.too_often("decide.misses", request, MISSES)
            status = HTTPStatus.TOO_MANY_REQUESTS if guessing else HTTPStatus.NOT_FOUND
            answer = _closed(request, "slow" if guessing else "unknown", status)
        else:
            answer = view(request, found)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        return answer

    return guarded


@quietly
@require_GET
def decide(request: HttpRequest, link: DecisionLink) -> HttpResponse:
    """Lead the person for whom it was made to the decision; tell everybody else, and whoever comes late, why not."""
    user: Any = request.user
    if user.pk != link.user_id:
        return _closed(request, "other", HTTPStatus.FORBIDDEN, link=link)
    record, at = link.step.round.record.concrete, clock.now()
    step = links.asked(record, user, at)
    if link.used_at is not None or step is None or step.pk != link.step_id:
        return _closed(
            request, "over", HTTPStatus.GONE, link=link, words=_over(record, link), record=_seen(user, record)
        )
    if link.expires_at <= at:
        return _closed(request, "expired", HTTPStatus.GONE, link=link, record=_seen(user, record))
    DecisionLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=at)
    marks.remember(request, link)
    return redirect(record_path(record) + PLACE)


def _seen(user: User, record: Record) -> Record | None:
    return record if Record.objects.for_actor(user).filter(pk=record.pk).exists() else None


def _over(record: Record, link: DecisionLink) -> str:
    """What has become of the decision: used by this link, or decided by somebody else, when and how."""
    said = [DECIDERS.why_not(link.user, record) or CONSULTED.why_not(link.user, record)]
    if link.used_at is not None:
        at = formats.date_format(clock.local(link.used_at), "DATETIME_FORMAT")
        used = _("You have used this link already, at %(at)s. It leads to one decision only.") % {"at": at}
        said = [used, *said]
    return " ".join(filter(None, said)) or _("Your decision is not awaited there any more.")


def _closed(
    request: HttpRequest,
    why: str,
    status: int,
    *,
    link: DecisionLink | None = None,
    words: str = "",
    record: Record | None = None,
) -> HttpResponse:
    found: dict[str, Any] = {
        "why": why,
        "words": words or _words(why),
        "link": link,
        "record": record,
        "path": record_path(record) if record is not None else "",
    }
    return render(request, "decisions/closed.html", found, status=status)


def _words(why: str) -> str:
    return {
        "other": _("This link was sent to somebody else. Nobody decides for another by it."),
        "expired": _("The time for which this link led to the decision is over. The decision still waits for you."),
        "unknown": _("There is no such link. Perhaps a piece of it was lost when it was copied."),
        "slow": _("Too many requests have come from your network within a minute. Please try again in a while."),
    }[why]
