"""One act on the page: whether the visitor may, what the form asks, and what the gate answered."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core import clock
from desk import portraits, states
from workflow import registry, timeline
from workflow.engine import Authority, missing
from workflow.refusals import Missing, NotAllowed, Reason, Refused, Stale, WrongState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from people.actors import Actor
    from people.models import User
    from workflow.flow import Verb
    from workflow.forms import VerbForm
    from workflow.models import Record
    from workflow.registry import Process

_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    """What makes a form that is sent twice one act."""
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Comparison:
    """A field that somebody else changed meanwhile: theirs beside what was typed here, if it was asked here."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str | None


@dataclass
class Attempt:
    """A verb's page: its form, or the reasons against it, or the comparison after somebody else's change."""

    record: Record
    verb: Verb
    actor: Actor
    form: VerbForm | None = None
    refusal: Refused | None = None
    comparisons: Sequence[Comparison] = ()
    key: str = field(default_factory=new_key)

    @property
    def reasons(self) -> list[Reason]:
        """What stands against it."""
        return self.refusal.reasons if self.refusal else []

    @property
    def stale(self) -> Stale | None:
        """The refusal, if it is about somebody else's change."""
        return self.refusal if isinstance(self.refusal, Stale) else None

    @property
    def status(self) -> HTTPStatus:
        """How HTTP says it."""
        if isinstance(self.refusal, NotAllowed):
            return HTTPStatus.FORBIDDEN
        if self.refusal is not None:
            return HTTPStatus.CONFLICT
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.form is not None and self.form.errors else HTTPStatus.OK

    @property
    def draft(self) -> str:
        """The name under which the browser keeps what is being written."""
        return f"{self.record.kind}/{self.record.number}/{self.verb.code}"


def prepare(record: Record, verb: Verb, actor: Actor, given: Mapping[str, str] | None = None) -> Attempt:
    """The verb's empty form, or why there is none; nobody fills in a form only to be refused.

    `given` is what another page asks it to start with.
    """
    attempt = Attempt(record, verb, actor)
    try:
        attempt.actor = Authority(actor, clock.now()).over(verb, record)
        if not verb.fits(record):
            raise WrongState(_wrong_state(record, verb))
        if reasons := missing(record, verb):
            raise Missing(*reasons)
    except Refused as refusal:
        attempt.refusal = refusal
        return attempt
    attempt.form = blank_form(record, verb, attempt.actor, given)
    return attempt


def _wrong_state(record: Record, verb: Verb) -> Reason:
    message = _("“%(verb)s” is not possible while the record is “%(state)s”.")
    return Reason(message % {"verb": verb.label, "state": states.label(record.kind, record.state)})


def all_creating(process: Process) -> list[Verb]:
    """The verbs that make new records of a process, in the flow's order."""
    flow: Any = process.model
    return [verb for verb in flow.verbs.values() if verb.creates]


def creating(process: Process) -> Verb | None:
    """The verb by which new records of a process are usually made."""
    return next(iter(all_creating(process)), None)


def may_create(process: Process, user: User) -> bool:
    """Whether a person may make new records of a process."""
    verb = creating(process)
    return verb is not None and verb.by.includes(user, process.model())


def blank_form(record: Record, verb: Verb, actor: Actor, given: Mapping[str, str] | None = None) -> VerbForm | None:
    """The form of a verb before anything is typed; None if it asks for nothing."""
    form_class = registry.of(record).forms.get(verb.code)
    if form_class is None:
        return None
    form = form_class(record=record, actor=actor, at=clock.now())
    form.initial.update({name: value for name, value in (given or {}).items() if name in form.fields})
    return form


def given_by(address: QueryDict) -> dict[str, str]:
    """What another page asks a form to start with, such as the customer."""
    return {name: str(value) for name, value in address.items() if name.isidentifier() and len(value) < 200}  # noqa: PLR2004 - a line


def filled_form(attempt: Attempt, data: Any, files: Any) -> VerbForm | None:
    """The form with what was typed, for showing it again."""
    form_class = registry.of(attempt.record).forms.get(attempt.verb.code)
    if form_class is None:
        return None
    return form_class(data, files, record=attempt.record, actor=attempt.actor, at=clock.now())


def key_of(data: QueryDict, user_id: int) -> tuple[str, str]:
    """The form's own key as posted (a new one if it is not of ours), and the key of the act; nobody takes another's."""
    given = data.get("key", "")
    own = given if _KEY.fullmatch(given) else new_key()
    return own, f"{user_id}:{own}"


def version_of(data: QueryDict) -> int | None:
    """The version of the record that the form was made from. A damaged one is older than any."""
    given = data.get("version")
    if given is None:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0  # noqa: PLR2004 - a column's width


def compare(attempt: Attempt, refusal: Stale, data: QueryDict) -> list[Comparison]:
    """Field by field: what was there, what is there now, what was typed here."""
    asked = registry.of(attempt.record).forms.get(attempt.verb.code)
    fields = asked.base_fields if asked else {}
    kind = attempt.record.kind
    found = []
    for difference in refusal.differences:
        name = difference.label
        if name == "state":
            before, theirs = states.label(kind, difference.before), states.label(kind, difference.after)
            found.append(Comparison(name, portraits.label(kind, name), before, theirs, None))
            continue
        mine = ", ".join(data.getlist(name)) if name in fields else None
        before, theirs = timeline.read(difference.before), timeline.read(difference.after)
        words = portraits.question(kind, difference.verb, name)
        found.append(Comparison(name, words, before, theirs, mine))
    return found


def with_theirs(record: Record, data: QueryDict) -> QueryDict:
    """What was typed, with the other's value wherever the writer chose to take it."""
    chosen = data.copy()
    for name in data.getlist("take"):
        if not name.isidentifier() or name not in {f.name for f in record._meta.concrete_fields}:
            continue
        value = record._meta.get_field(name).value_from_object(record)  # type: ignore[union-attr] # it is concrete
        chosen.setlist(name, [] if value is None else [str(value)])
    return chosen
