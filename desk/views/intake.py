"""Making a new record: by the process's own intake page, or by the creating verb's form alone."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import clock
from desk import acts, addresses
from desk.views.lists import process_or_404
from desk.visitors import actor, visitor
from workflow.engine import Authority, perform
from workflow.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from core.faces import Ending, Intake
    from people.actors import Actor
    from workflow.flow import Verb
    from workflow.forms import VerbForm
    from workflow.registry import Process


@dataclass(frozen=True)
class _Opening:
    """A verb that makes a new record of a process, and the page on which it is done."""

    process: Process
    verb: Verb

    @property
    def intake(self) -> Intake | None:
        """The process's own page for it, if there is one."""
        own = self.process.intake if self.verb == acts.creating(self.process) else None
        found: Intake | None = self.process.intakes.get(self.verb.code, own)
        return found

    @property
    def finish(self) -> Callable[..., None] | None:
        """What may follow on the recording."""
        return self.intake.finish if self.intake else None

    @property
    def form(self) -> type[VerbForm] | None:
        """What is asked."""
        return self.process.forms.get(self.verb.code)

    @property
    def draft(self) -> str:
        """The name under which the browser keeps what is being written."""
        own = self.verb == acts.creating(self.process)
        return f"{self.process.kind}/new" if own else f"{self.process.kind}/new/{self.verb.code}"

    def ending(self, code: str) -> Ending | None:
        """The ending of a code; the first one for any other."""
        endings = self.intake.endings if self.intake else ()
        return next((each for each in endings if each.code == code), endings[0] if endings else None)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str, verb: str = "") -> HttpResponse:
    """Show the form for a new record, or make it; with an ending, both or neither. `verb` is another than the first."""
    process = process_or_404(kind)
    opening = _Opening(process, creating(process, verb))
    who = allowed(process, opening.verb, actor(request))
    if request.method == "GET":
        asked = opening.form
        form = (
            asked(record=process.model(), actor=who, at=clock.now(), initial=acts.given_by(request.GET))
            if asked
            else None
        )
        return _show(request, opening, form, ())
    return _make(request, opening, who)


def creating(process: Process, code: str) -> Verb:
    """The verb of a code that makes new records, or the first of them. Raises Http404."""
    found = [verb for verb in acts.all_creating(process) if code in {"", verb.code}]
    if not found:
        raise Http404
    return found[0]


def allowed(process: Process, verb: Verb, who: Actor) -> Actor:
    """The actor as a new record will name its author. Raises PermissionDenied naming who may make one."""
    try:
        return Authority(who, clock.now()).over(verb, process.model())
    except NotAllowed as refusal:
        reason = refusal.reasons[0]
        raise PermissionDenied(
            _("%(message)s Who can: %(who)s.") % {"message": reason.message, "who": reason.who}
        ) from refusal


def _make(request: HttpRequest, opening: _Opening, who: Actor) -> HttpResponse:
    own, key = acts.key_of(request.POST, visitor(request).pk)
    ending = opening.ending(request.POST.get("ending", ""))
    process, code = opening.process, (ending.verb if ending else "") or opening.verb.code
    finish = opening.finish if ending is not None and ending.follows else None
    try:
        with transaction.atomic() if finish is not None else nullcontext():
            entry = perform(process.model(), code, actor=who, data=request.POST, files=request.FILES, key=key)
            # Of a repeated request, the first one has done what follows.
            if finish is not None and ending is not None and entry.record.version == 1:
                finish(entry.record, ending.code, who, request.POST, request.FILES)
    except Refused as refusal:
        return _again(request, opening, who, refusal, own)
    record = entry.record
    messages.success(
        request,
        _("%(number)s has been recorded.") % {"number": record.number},
        extra_tags=opening.draft,
    )
    return HttpResponseRedirect(addresses.of(record))


def _again(request: HttpRequest, opening: _Opening, who: Actor, refusal: Refused, key: str) -> HttpResponse:
    """The form with what was typed; the ending's own faults stand at their fields, if the form has them."""
    asked = opening.form
    if asked is None:
        return _show(request, opening, None, refusal.reasons, key)
    form = asked(request.POST, request.FILES, record=opening.process.model(), actor=who, at=clock.now())
    ending = opening.ending(request.POST.get("ending", ""))
    if not form.is_valid() and ending is not None and ending.verb:
        form.errors.clear()  # what stands against the page's own act does not stand against the other
    for reason in refusal.reasons if not form.errors else ():
        form.add_error(reason.field if reason.field in form.fields else None, reason.message)
    elsewhere = [r for r in refusal.reasons if r.field and r.field not in form.fields and r.field not in form.errors]
    return _show(request, opening, form, elsewhere, key)


def _show(request: HttpRequest, opening: _Opening, form: VerbForm | None, reasons: Any, key: str = "") -> HttpResponse:
    intake = opening.intake
    found = {
        "process": opening.process,
        "verb": opening.verb,
        "own": opening.verb == acts.creating(opening.process),
        "form": form,
        "reasons": reasons,
        "key": key or acts.new_key(),
        "endings": intake.endings if intake else (),
        "draft": opening.draft,
    }
    if intake is not None and form is not None:
        found |= dict(intake.context(form, actor(request)))
    failed = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, intake.template if intake else "desk/new.html", found, status=status)
