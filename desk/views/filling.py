"""The company's parts of a form, filled in by those whose parts they are; and the link that a customer is given."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import clock
from core.text import listed
from desk import addresses, timelines
from desk.views.records import record_or_404
from desk.visitors import actor, visitor
from documents import answers, words
from documents.states import State
from forms_templates.filling import FillingForm, form_for
from forms_templates.spoken import in_words
from invitations import answering, vaulting
from invitations.models import Invitation
from workflow import locks
from workflow.engine import perform
from workflow.models import Attachment
from workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from documents.models import Document

OPEN = (State.DRAFT, State.SUBMITTED)
SHOWN_FOR = timedelta(minutes=30)


@dataclass
class Desk:
    """A form as a member of the staff has it before them. `seen` are the answers that their page was drawn from."""

    document: Document
    form: FillingForm
    seen: str
    for_customer: bool = False
    theirs: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    status: int = HTTPStatus.OK


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, number: str) -> HttpResponse:
    """Fill in what one's roles fill in; everything else is read."""
    document = record_or_404(visitor(request), "document", number)
    if request.headers.get("HX-Request"):  # the button on the record's page, which opens other acts in place
        return HttpResponse(status=204, headers={"HX-Redirect": request.get_full_path()})
    if document.state not in OPEN:
        messages.info(request, _("Nothing of this document is to be filled in at present."))
        return HttpResponseRedirect(addresses.of(document))
    if request.method == "GET":
        return _show(request, _desk(request, document))
    made = _save(request, document)
    if made.status != HTTPStatus.OK:
        return _show(request, made)
    return HttpResponseRedirect(request.get_full_path())


def _desk(request: HttpRequest, document: Document, data: Any = None, files: Any = None) -> Desk:
    """The form with the items that are the visitor's; those of the customer only when written down for them."""
    user = visitor(request)
    may, for_customer = answers.open_to(document, user), "for" in request.GET
    customers = {item.key for item in document.definition.items() if set(item.fillers) == {"CU"}}
    may = may if for_customer else may - customers
    form = form_for(
        document.definition, "company", document.values, name=str(user), data=data, files=files, partial=True, may=may
    )
    return Desk(document, form, fingerprint(document.values, may), for_customer)


def fingerprint(values: Mapping[str, Any], keys: set[str]) -> str:
    """By which a page knows whether the answers that it shows are still those that stand there."""
    mine = {key: values[key] for key in sorted(keys) if key in values}
    return sha256(json.dumps(mine, sort_keys=True).encode()).hexdigest()[:32]


@transaction.atomic
def _save(request: HttpRequest, document: Document) -> Desk:
    """Keep what was typed, unless somebody else has answered the same meanwhile: then both stand side by side."""
    locked: Any = locks.take(document)
    made = _desk(request, locked, request.POST, request.FILES)
    if not made.form.is_valid():
        made.status = HTTPStatus.UNPROCESSABLE_ENTITY
        return made
    said = made.form.changes()
    if request.POST.get("seen") != made.seen:
        made.status, made.theirs = HTTPStatus.CONFLICT, _differences(locked, said)
        if made.theirs:
            return made
        made.status = HTTPStatus.OK
    try:
        _write(request, made, said)
    except Refused as refusal:
        transaction.set_rollback(True)
        made.status, made.reasons = refusal_status(), [str(reason.message) for reason in refusal.reasons]
    return made


def refusal_status() -> int:
    """How HTTP says that the gate has refused."""
    return HTTPStatus.UNPROCESSABLE_ENTITY


def _differences(document: Document, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands there now of all that was typed otherwise here: the name of each, and the answer of the others."""
    items = {item.key: item for item in document.definition.items()}
    return [(items[key].in_language(), in_words(items[key], document.values.get(key)) or "–") for key in said]


def _write(request: HttpRequest, made: Desk, said: dict[str, Any]) -> None:
    document, who, form = made.document, actor(request), made.form
    whole = form.merged(document.values)
    for key, secret in form.secrets().items():
        item = document.definition.item(key)
        said[key] = vaulting.keep(document, item, secret, whole, document.values.get(key), clock.now())
    for key, came in form.uploads().items():
        given = MultiValueDict({"files": [checked.upload for checked in came]})
        entry = perform(document, "attach", actor=who, data={}, files=given)
        rows = Attachment.objects.filter(entry=entry).order_by("pk")
        said[key] = [*whole.get(key, []), *({"name": row.name, "attachment": row.pk} for row in rows)]
    if not said:
        messages.info(request, _("Nothing was changed."))
        return
    perform(document, "fill", actor=who, data={"values": said})
    messages.success(request, _("Saved."))


def _show(request: HttpRequest, made: Desk) -> HttpResponse:
    document = made.document
    draft = answering.draft_of(document)
    found = {
        "desk": made,
        "record": document,
        "form": document.definition,
        "chapters": made.form.chapters(),
        "draft": draft if draft.pk else None,
        "so_far": _so_far(document, draft.values),
        "uploads": _uploads(document, draft.values),
        "missing": _missing(document),
        "back": addresses.of(document),
    }
    return render(request, "desk/fill.html", found, status=made.status)


def _missing(document: Document) -> list[tuple[str, int, str]]:
    """Who must still fill in what: who, how much, and the names of it."""
    whose: dict[str, list[str]] = {}
    for item in document.unanswered():
        whose.setdefault(words.fillers(item), []).append(item.in_language())
    return [(who, len(names), listed(names)) for who, names in whose.items()]


def _so_far(document: Document, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the customer has answered and not sent yet, in words."""
    items = {item.key: item for item in document.definition.items()}
    said = [(items[key], value) for key, value in values.items() if key in items and value is not None]
    return [(item.in_language(), in_words(item, value)) for item, value in said]


def _uploads(document: Document, drafted: Mapping[str, Any]) -> SafeString:
    """What was uploaded into the form, sent or not sent yet, to be looked at."""
    keys = [item.key for item in document.definition.items() if item.kind == "files"]
    named = [
        each["attachment"] for values in (document.values, drafted) for key in keys for each in values.get(key) or ()
    ]
    rows = Attachment.objects.filter(record=document.pk, pk__in=named).order_by("pk") if named else ()
    return timelines.files(list(rows))


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """The link that has just been made: shown once, to whoever has made it."""
    mine = Invitation.objects.standing().select_related("document", "contact").filter(made_by=visitor(request))
    found = get_object_or_404(mine, pk=pk)
    still = found.shown_at is None and found.made_at >= clock.now() - SHOWN_FOR
    shown = ""
    if request.method == "POST" and still:
        taken = mine.filter(pk=pk, shown_at__isnull=True).update(shown_at=clock.now())
        shown = found.link if taken else ""
        still = False
    page = {"invitation": found, "still": still, "shown": shown, "back": addresses.of(found.document)}
    answer = render(request, "desk/link.html", page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
