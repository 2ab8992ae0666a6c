"""One thing that a customer does: its form, and what the gate answered, in words that are the customer's business."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core import clock
from portal import talk
from portal.faces import face_of
from workflow.engine import offers, perform
from workflow.models import Entry
from workflow.refusals import InvalidData, NotAllowed, Refused, Stale, WrongState

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from core.customer_faces import Ask
    from people.actors import Actor
    from people.models import User
    from workflow.forms import VerbForm
    from workflow.models import Record

_KEY = re.compile(r"[0-9a-f]{32}")
_TRIES = 5


def new_key() -> str:
    """What makes a form that is sent twice one act."""
    return uuid.uuid4().hex


@dataclass
class Attempt:
    """What a customer is about to do, with the form; after a refusal with what stands against it.

    `news` is what the house has said since the customer opened the form.
    """

    ask: Ask
    record: Record
    form: VerbForm
    key: str = field(default_factory=new_key)
    refusal: Refused | None = None
    news: list[talk.Said] = field(default_factory=list)

    @property
    def version(self) -> int:
        """The version of the record that the form is made from."""
        return self.record.version

    @property
    def draft(self) -> str:
        """The name under which the browser keeps what is being written."""
        return f"portal/{self.record.number or self.record.kind}/{self.ask.verb}"

    @property
    def files_lost(self) -> bool:
        """Whether files came that a browser will not send again by itself."""
        return bool(self.form.is_bound and self.form.files)

    @property
    def reason(self) -> str:
        """Why it was not done. What the gate tells colleagues (who may, which rule, who changed what) stays inside."""
        if self.refusal is None or isinstance(self.refusal, InvalidData):
            return ""
        if isinstance(self.refusal, Stale):
            return _("Something new has been said while you were writing. Please read it; then send again if it holds.")
        if isinstance(self.refusal, WrongState) and self.record.pk is not None:
            standing = face_of(self.record).standings[self.record.state]
            return _("This cannot be done any more: it now stands at “%(state)s”.") % {"state": standing.words}
        if isinstance(self.refusal, NotAllowed):
            return _("This is not open to you.")
        return " ".join(str(reason) for reason in self.refusal.reasons)

    @property
    def status(self) -> HTTPStatus:
        """How HTTP says it."""
        if self.form.is_bound and self.form.errors:
            return HTTPStatus.UNPROCESSABLE_ENTITY
        if isinstance(self.refusal, NotAllowed):
            return HTTPStatus.FORBIDDEN
        return HTTPStatus.OK if self.refusal is None else HTTPStatus.CONFLICT


def blank(ask: Ask, record: Record, actor: Actor) -> Attempt:
    """The form before anything is typed. Several forms stand on one page, so each has ids of its own."""
    return Attempt(ask, record, _form(ask, record, actor))


def _form(ask: Ask, record: Record, actor: Actor, *given: Any) -> VerbForm:
    form: VerbForm = ask.form(*given, record=record, actor=actor, at=clock.now(), auto_id=f"id_{ask.verb}_%s")
    return form


def offered(record: Record, actor: Actor) -> list[Attempt]:
    """What the customer may do with a record now, each with its form."""
    allowed = {offer.verb.code for offer in offers(record, actor) if offer.allowed}
    return [blank(ask, record, actor) for ask in face_of(record).acts if ask.verb in allowed]


def attempt(ask: Ask, record: Record, actor: Actor, request: HttpRequest) -> tuple[Entry | None, Attempt]:
    """Do what was sent: the entry, or why there is none. Nothing has changed then, and what was typed is kept."""
    made = Attempt(ask, record, _form(ask, record, actor, request.POST, request.FILES), key_of(request.POST))
    if not made.form.is_valid():
        return None, made
    seen = None if record.pk is None else version_of(request.POST)
    try:
        return _perform(made, actor, request.FILES, seen), made
    except Refused as refusal:
        made.refusal = refusal
        if isinstance(refusal, InvalidData):
            _pass_on(refusal, made.form)
    return None, made


def _perform(made: Attempt, actor: Actor, files: Any, seen: int | None) -> Entry:
    """Perform the verb. What colleagues did meanwhile among themselves is no reason to refuse a customer."""
    said = made.ask.said(made.form)
    for last in [False] * (_TRIES - 1) + [True]:
        try:
            return perform(
                made.record, made.ask.verb, actor=actor, data=said, files=files, expected_version=seen, key=made.key
            )
        except Stale:
            made.record.refresh_from_db()
            if last or public_since(made.record, seen or 0):
                raise
            seen = made.record.version
    raise AssertionError  # the last try has returned or raised


def public_since(record: Record, version: int) -> list[Entry]:
    """The public entries that came after a version of the record, newest first."""
    acts = Entry.objects.filter(record=record.pk).exclude(verb__startswith="deadline.").order_by("-seq")
    return [entry for entry in acts.select_related("actor")[: max(0, record.version - version)] if entry.public]


def _pass_on(refusal: InvalidData, form: VerbForm) -> None:
    """What the verb's own form found wrong, at the fields of the customer's form."""
    for reason in refusal.reasons:
        form.add_error(reason.field if reason.field in form.fields else None, reason.message)


def add_news(made: Attempt, seen: int, reader: User) -> None:
    """Show what was said meanwhile beside the form."""
    made.news = talk.told(made.record, public_since(made.record, seen)[: talk.SHOWN], reader)


def key_of(data: QueryDict) -> str:
    """The form's own key as sent; a new one if it is not of ours."""
    given = data.get("key", "")
    return given if _KEY.fullmatch(given) else new_key()


def version_of(data: QueryDict) -> int:
    """The version of the record that the form was made from. A missing or damaged one is older than any."""
    given = data.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0  # noqa: PLR2004 - a column's width
