"""The page behind a personal link. Looking changes nothing but the log; the token goes nowhere from here."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from core import clock, rates
from core.downloads import pdf
from documents import store
from documents.models import Taken
from documents.states import State
from invitations import copies, filled
from invitations.answering import Visit
from invitations.models import Invitation, Opening
from people.actors import Actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

CHANNEL = "link"
KNOCKS, MISSES = 240, 20
"""Requests, and links that there are not, of one address within a minute: enough for a faculty behind one router."""
HEADERS = {
    # The address is the key: no page that is led to from here, no search engine and no shelf on the way may have it.
    # Only the origin is told to our own server, which the check of forms needs.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
FINISHED = (State.CANCELLED, State.SUPERSEDED)


def address_of(request: HttpRequest) -> str:
    """From where somebody knocks."""
    return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 - no socket is bound to it


def by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let in who has a link that there is; slowly, and without leaving a trace of it elsewhere."""

    @wraps(view)
    @sensitive_variables("token")
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        address = address_of(request)
        if rates.too_often("knocks", request, KNOCKS):
            answer: HttpResponseBase = _closed(request, "slow", HTTPStatus.TOO_MANY_REQUESTS)
        elif (found := Invitation.objects.of_token(token)) is None:
            guessing = rates.too_often("misses", request, MISSES)
            status = HTTPStatus.TOO_MANY_REQUESTS if guessing else HTTPStatus.NOT_FOUND
            answer = _closed(request, "slow" if guessing else "unknown", status)
        else:
            answer = view(request, _visit(found, address))
        for name, value in HEADERS.items():
            answer.headers[name] = value
        return answer

    return login_not_required(guarded)


def _visit(invitation: Invitation, address: str) -> Visit:
    return Visit(invitation.document, invitation.contact, Actor(None, channel=CHANNEL), invitation, address)


@sensitive_post_parameters()
@by_link
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The customer's part: to be filled in, or as it was sent, or in words why it is not open."""
    invitation: Any = visit.invitation
    if (why := _why_closed(invitation)) is not None:
        visit.note(Opening.What.REFUSED)
        return _closed(request, why, HTTPStatus.GONE, invitation)
    if invitation.answered_at is not None or not visit.open:
        return _as_sent(request, visit)
    if request.method == "GET":
        _note_opening(visit)
        return _page(request, filled.shown(visit))
    try:
        made = filled.sent(request, visit)
    except filled.OverError:
        return redirect(request.path)
    if request.POST.get("do") == filled.AUTOSAVE:
        return filled.told(made)
    return redirect(request.path) if made.sent else _page(request, made)


def _why_closed(invitation: Invitation) -> str | None:
    if invitation.revoked_at is not None:
        return "revoked"
    if invitation.document.state in FINISHED:
        return "over"
    if invitation.answered_at is None and invitation.expires_at <= clock.now():
        return "expired"
    return None


def _note_opening(visit: Visit) -> None:
    """Once an hour and address: a page that is looked at again and again is one visit."""
    since = clock.now() - _VISIT
    known = Opening.objects.filter(invitation=visit.invitation, address=visit.address, what=Opening.What.OPENED)
    if not known.filter(at__gte=since).exists():
        visit.note(Opening.What.OPENED)


_VISIT = timedelta(hours=1)


def _page(request: HttpRequest, made: filled.Round) -> HttpResponse:
    found = {"round": made, "newer": filled.newer_words(made) if made.newer else ""}
    return render(request, "invitations/fill.html", found | _frame(made.visit), status=made.status)


def _as_sent(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = filled.shown(visit).form
    found = {"chapters": copies.as_sent(form), "copy": copies.of(visit.document), "round": None}
    return render(request, "invitations/sent.html", found | _frame(visit))


def _frame(visit: Visit) -> dict[str, Any]:
    document = visit.document
    return {"visit": visit, "document": document, "form": document.definition, "letterhead": document.letterhead}


def _closed(request: HttpRequest, why: str, status: int, invitation: Invitation | None = None) -> HttpResponse:
    if request.POST.get("do") == filled.AUTOSAVE:
        return JsonResponse({"closed": True, "message": _closed_words(why)}, status=status)
    found: dict[str, Any] = {"why": why, "words": _closed_words(why), "invitation": invitation}
    if invitation is not None:
        found["letterhead"] = invitation.document.letterhead
    return render(request, "invitations/closed.html", found, status=status)


def _closed_words(why: str) -> str:
    return {
        "expired": _("The time for which this link opened the form is over. What you have filled in so far is kept."),
        "revoked": _("This link has been withdrawn, or a newer one was sent to you. What was filled in is kept."),
        "damaged": _("This file cannot be had at the moment. Please call the service department."),
        "over": _("This form is no longer needed."),
        "unknown": _("There is no such link. Perhaps a piece of it was lost when it was copied."),
        "slow": _("Too many requests have come from your network within a minute. Please try again in a while."),
    }[why]


@by_link
@require_GET
def copy(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The customer's copy of the final document."""
    invitation: Any = visit.invitation
    found = copies.of(visit.document)
    if invitation.revoked_at is not None or found is None:
        raise Http404
    try:
        content = store.read(found)
    except store.DamagedError:
        return _closed(request, "damaged", HTTPStatus.CONFLICT, invitation)
    visit.note(Opening.What.FETCHED)
    Taken.objects.create(printed=found, channel=CHANNEL, at=clock.now())
    return pdf(content, f"{visit.document.number}.pdf", etag=found.sha256)
