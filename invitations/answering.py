"""What a customer does with a form: open it, have it saved as it goes, send it. For the link and the portal alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.datastructures import MultiValueDict

from core import clock
from documents import signing
from documents.states import State
from forms_templates.filling import FillingForm, form_for
from invitations import vaulting
from invitations.models import Draft, Invitation, Opening
from workflow import locks
from workflow.engine import perform
from workflow.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from customers.models import Contact
    from documents.models import Document
    from forms_templates.language import Form
    from people.actors import Actor
    from workflow.files import Checked


class NewerError(Exception):
    """The answers were saved from another page meanwhile; nothing has been overwritten."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__()


class OverError(Exception):
    """The form is not to be filled in any more: sent, finished or not needed."""


@dataclass
class Visit:
    """Who fills in which document, by which door, from where."""

    document: Document
    contact: Contact
    actor: Actor
    invitation: Invitation | None = None
    address: str | None = None

    @property
    def form(self) -> Form:
        """The form as it was when the document was begun."""
        return self.document.definition

    @property
    def open(self) -> bool:
        """Whether the form waits for its customer."""
        return bool(self.document.state == State.DRAFT)

    def note(self, what: Opening.What, at: datetime | None = None) -> None:
        """Write the use of the link down."""
        if self.invitation is not None:
            moment = at or clock.now()
            Opening.objects.create(invitation=self.invitation, at=moment, address=self.address, what=what)


def draft_of(document: Document) -> Draft:
    """What has been answered so far; a new one, not yet stored, if nothing has."""
    return Draft.objects.filter(document=document).first() or Draft(document=document)


def filling(visit: Visit, draft: Draft, data: Any = None, files: Any = None, *, partial: bool = False) -> FillingForm:
    """The customer's part with what has been answered so far, or with what was typed."""
    values = draft.over(visit.document.values)
    return form_for(visit.form, "customer", values, data=data, files=files, partial=partial, places=partial)


@transaction.atomic
def save(visit: Visit, data: Any, files: Any, version: int) -> tuple[FillingForm, Draft]:
    """Keep what was answered so far, as far as it can be read; what cannot is said at its fields.

    Raises NewerError if the page is older than what is kept, OverError if nothing is to be filled in any more.
    """
    draft = _taken(visit, version)
    form = filling(visit, draft, data, files, partial=True)
    form.is_valid()
    _keep(visit, draft, form)
    visit.note(Opening.What.SAVED)
    return _redrawn(visit, draft, form, data), draft


@transaction.atomic
def send(visit: Visit, data: Any, files: Any, version: int) -> tuple[FillingForm, Draft]:
    """Keep what was answered, and send it if nothing is missing: then the form returned is valid.

    Raises NewerError, OverError or Refused; sent twice, it is sent once, and the second is told that it is over.
    """
    draft = _taken(visit, version)
    form = filling(visit, draft, data, files)
    complete = form.is_valid()
    if not complete:
        _keep(visit, draft, _what_passes(visit, draft, data, files))
        return _redrawn(visit, draft, form, data), draft
    _keep(visit, draft, form)
    _hand_in(visit, draft, form)
    return form, draft


def _what_passes(visit: Visit, draft: Draft, data: Any, files: Any) -> FillingForm:
    """The same answers, asked only what they are and not whether they are all there."""
    for upload in (one for name in files for one in files.getlist(name)) if files else ():
        upload.seek(0)
    form = filling(visit, draft, data, files, partial=True)
    form.is_valid()
    return form


def _redrawn(visit: Visit, draft: Draft, form: FillingForm, data: Any) -> FillingForm:
    """The form as it came, over what has been kept of it: files and secrets need not be given again."""
    again = filling(visit, draft, data, partial=form.so_far.partial)
    again.full_clean()
    for item in form.asked:
        if item.kind == "files" and item.key in form.errors:
            again.add_error(item.key, form.errors[item.key].as_data())
    return again


def _taken(visit: Visit, version: int) -> Draft:
    """The draft, locked, if the page that was sent is not older than it."""
    locked: Any = locks.take(visit.document)
    if locked.state != State.DRAFT:
        raise OverError
    visit.document.values = locked.values
    draft = draft_of(visit.document)
    if draft.version != version:
        raise NewerError(draft)
    return draft


def _keep(visit: Visit, draft: Draft, form: FillingForm) -> None:
    at = clock.now()
    whole, secrets = form.merged(form.values), form.secrets()
    for key, secret in secrets.items():
        item = visit.form.item(key)
        whole[key] = vaulting.keep(visit.document, item, secret, whole, form.values.get(key), at)
    for key, came in form.uploads().items():
        whole[key] = [*whole.get(key, []), *_attach(visit, key, came)]
    asked = [item.key for item in form.asked if item.kind != "signature"]
    kept = {key: whole.get(key) for key in asked}
    if kept == draft.values and not form.uploads():
        return
    draft.values = kept
    draft.version += 1
    draft.saved_at, draft.saved_by = at, visit.contact
    draft.save()


def _attach(visit: Visit, key: str, came: list[Checked]) -> list[dict[str, Any]]:
    """Keep files with the document, on its timeline; the answers that stand for them."""
    entry = perform(
        visit.document,
        "fill_in",
        actor=visit.actor,
        data={"values": {key: visit.document.values.get(key, [])}, "person": visit.contact.name},
        files=MultiValueDict({"files": [checked.upload for checked in came]}),
    )
    rows = Attachment.objects.filter(entry=entry).order_by("pk")
    return [{"name": row.name, "attachment": row.pk} for row in rows]


def _hand_in(visit: Visit, draft: Draft, form: FillingForm) -> None:
    values: Mapping[str, Any] = draft.values
    vaulting.name_all(visit.document, visit.form, draft.over(visit.document.values))
    said = {"values": dict(values), "person": visit.contact.name}
    entry = perform(visit.document, "send_in", actor=visit.actor, data=said)
    sent: Any = entry.record
    images = form.images()
    for item in form.asked:
        if item.kind == "signature" and (answer := form.answers().get(item.key)):
            signing.sign(
                sent,
                item.key,
                name=answer["name"],
                how=answer["how"],
                image=images.get(item.key, b""),
                contact=visit.contact,
                address=visit.address,
                actor=visit.actor,
            )
    Invitation.objects.standing().filter(document=visit.document).update(answered_at=entry.at)
    visit.note(Opening.What.SENT, entry.at)
    draft.delete()
