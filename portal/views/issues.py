"""Raising something, looking at it, and acting on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from portal import asks, faces, talk
from portal.guests import actor, page, visitor
from portal.lists import record_or_404
from workflow.refusals import Stale

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workflow.models import Entry


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Raise something: for the visitor's own organisation and in the visitor's own name, whatever is sent."""
    process = next((process for process in faces.faced() if process.kind == kind), None)
    if process is None:
        raise Http404
    record, ask = process.model(kind=kind), process.portal.raises
    if request.method == "GET":
        return page(request, "portal/new.html", {"attempt": asks.blank(ask, record, actor(request))})
    entry, made = asks.attempt(ask, record, actor(request), request)
    if entry is not None:
        return _done(request, made, entry, f"portal/{kind}/{ask.verb}")
    return page(request, "portal/new.html", {"attempt": made}, made.status)


@require_GET
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """A record: where it stands, what was said, and what the customer may do now."""
    user = visitor(request)
    record = record_or_404(user, number)
    face = faces.face_of(record)
    everything = "all" in request.GET
    entries = list(talk.entries_of(record)[: None if everything else talk.SHOWN + 1])
    told = talk.told(record, entries if everything else entries[: talk.SHOWN], user, whole=everything)
    shown = {
        "record": record,
        "badge": faces.badge(record),
        "standing": face.standings[record.state],
        "stops": faces.line(record),
        "attempts": asks.offered(record, actor(request)),
        "talk": told,
        # What the house said last is what the customer is to answer.
        "latest": [each for each in told[:1] if not each.outside],
        "more": not everything and len(entries) > talk.SHOWN,
        "facts": [(label, value) for label, value in face.facts(record) if value not in (None, "")],
    }
    return page(request, "portal/issue.html", shown)


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One of the things that a customer may do with a record, on a page of its own."""
    record = record_or_404(visitor(request), number)
    ask = faces.ask_of(faces.face_of(record), verb)
    if ask is None:
        raise Http404
    if request.method == "GET":
        made = next((made for made in asks.offered(record, actor(request)) if made.ask is ask), None)
        # Not possible now: the record's own page says where it stands.
        return redirect("portal:issue", number) if made is None else _show(request, made)
    entry, made = asks.attempt(ask, record, actor(request), request)
    if entry is not None:
        return _done(request, made, entry, made.draft)
    made.record = record_or_404(visitor(request), number)
    if isinstance(made.refusal, Stale):
        asks.add_news(made, asks.version_of(request.POST), visitor(request))
    return _show(request, made)


def _done(request: HttpRequest, made: asks.Attempt, entry: Entry, draft: str) -> HttpResponse:
    number = entry.record.number
    messages.success(request, str(made.ask.done) % {"number": number}, extra_tags=draft)
    return redirect("portal:issue", number)


def _show(request: HttpRequest, made: asks.Attempt) -> HttpResponse:
    shown = {"attempt": made, "record": made.record, "badge": faces.badge(made.record)}
    return page(request, "portal/act.html", shown, made.status)
