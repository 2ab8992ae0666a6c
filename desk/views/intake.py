"""Making a new record: by the process's own intake page, or by the creating verb's form alone."""

from __future__ import annotations

from contextlib import nullcontext
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from desk import acts, addresses
from desk.views.lists import process_or_404
from desk.visitors import actor, visitor
from workflow.engine import Authority, perform
from workflow.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.faces import Ending
    from people.actors import Actor
    from workflow.flow import Verb
    from workflow.forms import VerbForm
    from workflow.registry import Process


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form for a new record, or make it; with an ending, both or neither."""
    process = process_or_404(kind)
    verb = _creating(process)
    who = _allowed(process, verb, actor(request))
    if request.method == "GET":
        form_class = process.forms.get(verb.code)
        form = (
            form_class(record=process.model(), actor=who, at=clock.now(), initial=_given(request))
            if form_class
            else None
        )
        return _show(request, process, verb, form, ())
    return _make(request, process, verb, who)


def _creating(process: Process) -> Verb:
    verb = acts.creating(process)
    if verb is None:
        raise Http404
    return verb


def _allowed(process: Process, verb: Verb, who: Actor) -> Actor:
    try:
        return Authority(who, clock.now()).over(verb, process.model())
    except NotAllowed as refusal:
        reason = refusal.reasons[0]
        raise PermissionDenied(
            _("%(message)s Who can: %(who)s.") % {"message": reason.message, "who": reason.who}
        ) from refusal


def _given(request: HttpRequest) -> dict[str, str]:
    """What another page asks to start with, such as the customer."""
    return {name: str(value) for name, value in request.GET.items() if name.isidentifier() and len(value) < 200}  # noqa: PLR2004 - a line


def _make(request: HttpRequest, process: Process, verb: Verb, who: Actor) -> HttpResponse:
    own, key = acts.key_of(request.POST, visitor(request).pk)
    ending = _ending(process, request.POST.get("ending", ""))
    try:
        with transaction.atomic() if ending is not None else nullcontext():
            entry = perform(process.model(), verb.code, actor=who, data=request.POST, files=request.FILES, key=key)
            # Of a repeated request, the first one has done what follows.
            if ending is not None and entry.record.version == 1:
                process.intake.finish(entry.record, ending.code, who, request.POST, request.FILES)
    except Refused as refusal:
        return _again(request, process, verb, who, refusal, own)
    record = entry.record
    messages.success(
        request,
        _("%(number)s has been recorded.") % {"number": record.number},
        extra_tags=f"{process.kind}/new",
    )
    return HttpResponseRedirect(addresses.of(record))


def _ending(process: Process, asked: str) -> Ending | None:
    """The ending that was asked for, else the first one; None if no act follows on the recording."""
    intake = process.intake
    if intake is None or intake.finish is None or not intake.endings:
        return None
    ending: Ending = next((known for known in intake.endings if known.code == asked), intake.endings[0])
    return ending if ending.follows else None


def _again(request: HttpRequest, process: Process, verb: Verb, who: Actor, refusal: Refused, key: str) -> HttpResponse:
    """The form with what was typed; the ending's own faults stand at their fields, if the form has them."""
    form_class = process.forms.get(verb.code)
    if form_class is None:
        return _show(request, process, verb, None, refusal.reasons, key)
    form = form_class(request.POST, request.FILES, record=process.model(), actor=who, at=clock.now())
    for reason in refusal.reasons if form.is_valid() else ():
        form.add_error(reason.field if reason.field in form.fields else None, reason.message)
    elsewhere = [r for r in refusal.reasons if r.field and r.field not in form.fields]
    return _show(request, process, verb, form, elsewhere, key)


def _show(
    request: HttpRequest, process: Process, verb: Verb, form: VerbForm | None, reasons: Any, key: str = ""
) -> HttpResponse:
    intake = process.intake
    found = {
        "process": process,
        "verb": verb,
        "form": form,
        "reasons": reasons,
        "key": key or acts.new_key(),
        "endings": intake.endings if intake else (),
        "draft": f"{process.kind}/new",
    }
    if intake is not None and form is not None:
        found |= dict(intake.context(form, actor(request)))
    failed = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, intake.template if intake else "desk/new.html", found, status=status)
