"""A verb's form and what the gate answers to it; in place by htmx, or as a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from decisions import marks
from desk import acts, addresses, discussions, sheets, waiting
from desk.views.records import record_or_404
from desk.visitors import actor, visitor
from invitations.models import Invitation
from vault.acts import REVEAL
from vault.models import Look
from workflow.approvals import discussion
from workflow.engine import perform
from workflow.models import Record
from workflow.refusals import InvalidData, Refused, Stale

SEND_OUT = "send_out"

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workflow.flow import Verb
    from workflow.models import Entry


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def verb(request: HttpRequest, kind: str, number: str, verb: str) -> HttpResponse:
    """Show a verb's form, or perform it."""
    record = record_or_404(visitor(request), kind, number)
    spec = _verb_or_404(record, verb)
    if request.method == "POST":
        return _perform(request, record, spec)
    return _show(request, acts.prepare(record, spec, actor(request), acts.given_by(request.GET)))


def _verb_or_404(record: Record, code: str) -> Verb:
    flow: Any = type(record)
    found: Verb | None = flow.verbs.get(code)
    if found is None or found.creates or found.by.codes == ("system",):
        raise Http404
    return found


def _perform(request: HttpRequest, record: Record, verb: Verb) -> HttpResponse:
    attempt = acts.Attempt(record, verb, marks.by_link(request, record, verb, actor(request)))
    attempt.key, key = acts.key_of(request.POST, visitor(request).pk)
    data = acts.with_theirs(record, request.POST)
    try:
        entry = perform(
            record,
            verb.code,
            actor=attempt.actor,
            data=data,
            files=request.FILES,
            expected_version=acts.version_of(request.POST),
            key=key,
        )
    except InvalidData as refusal:
        attempt.form = refusal.form
        return _show(request, attempt)
    except Refused as refusal:
        attempt.refusal = refusal
        attempt.form = acts.filled_form(attempt, request.POST, None)
        if isinstance(refusal, Stale):
            attempt.record = record_or_404(visitor(request), record.kind, record.number)
            attempt.comparisons = acts.compare(attempt, refusal, request.POST)
        return _show(request, attempt)
    messages.success(request, _("Done: %(verb)s.") % {"verb": verb.label}, extra_tags=attempt.draft)
    return _to(request, _next(request, record, entry))


def _next(request: HttpRequest, record: Record, entry: Entry) -> str:
    """The record's page; one's own work instead, where the act has taken the record out of one's sight.

    Whoever has opened a password, or has made a link, is led to where it can be fetched.
    """
    if entry.verb == SEND_OUT:
        made = Invitation.objects.standing().filter(document=record.pk, made_by=request.user.pk)
        return reverse("desk:link", args=[made.latest("pk").pk])
    if entry.verb == REVEAL:
        return reverse("desk:look-at", args=[Look.objects.get(entry=entry).pk])
    seen = Record.objects.for_actor(visitor(request)).filter(pk=record.pk).exists()
    if entry.verb in {discussion.SAID, discussion.SETTLED} and seen:
        return discussions.after(record, entry, request.headers.get("HX-Current-URL", ""))
    return addresses.of(record) if seen else reverse("desk:home")


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _show(request: HttpRequest, attempt: acts.Attempt) -> HttpResponse:
    found = {"attempt": attempt, "record": attempt.record, "back": addresses.of(attempt.record)}
    sheet = "act"
    if waiting.is_decision(attempt.record.kind, attempt.verb.code):
        sheet, found["sheet"] = "decide", sheets.around(attempt)
    template = f"desk/{sheet}.html" if request.headers.get("HX-Request") else f"desk/{sheet}_page.html"
    response = render(request, template, found, status=attempt.status)
    response.headers["Vary"] = "HX-Request"
    return response
