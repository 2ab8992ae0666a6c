"""The one gate: the only door by which a record comes into being or changes its state.

lock, may this actor?, is it allowed from this state?, is what the verb needs there?, change, save, timeline entry,
deadlines opened and closed, work items updated, facts announced: one transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from core import clock
from core.adding import add
from core.held import asked_once
from core.prepared import fetch
from people.actors import Actor, principals_of
from workflow import deadlines, facts, inbox, locks, numbers, registry, substitutes, timeline
from workflow.files import Checked
from workflow.flow import Act
from workflow.kick import kick_after_commit
from workflow.models import Attachment, Deadline, Entry, Involvement, Record
from workflow.refusals import Difference, InvalidData, Missing, NotAllowed, Reason, Refused, Stale, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from people.models import User
    from workflow.flow import Flow, Verb
    from workflow.forms import VerbForm


@dataclass
class _Performance:
    """What one call of `perform` carries from step to step."""

    record: Record
    verb: Verb
    actor: Actor
    at: datetime
    said: dict[str, Any] = field(default_factory=dict)
    secret: tuple[str, ...] = ()
    uploads: list[Checked] = field(default_factory=list)
    facts: list[tuple[type[facts.Fact], dict[str, Any]]] = field(default_factory=list)
    afterwards: list[Callable[[Entry], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Settled now: once the record has been saved it looks like any other.
        self.creates = self.record.pk is None


def perform(  # noqa: PLR0913 - the gate's arguments are what an act consists of
    record: Record,
    verb: str,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    files: Any = None,
    expected_version: int | None = None,
    key: str | None = None,
) -> Entry:
    """Perform a verb on a record, or on an unsaved one to create it; returns the timeline entry with its `record`.

    `data` and `files` go through the verb's form. `expected_version` is the version that the actor saw. `key` makes a
    repeated request one act: the entry of the first is returned.
    Raises Refused: NotAllowed, WrongState, Missing, InvalidData or Stale; nothing has changed then.
    """
    stored_key = _stored_key(key, record, verb, actor)
    if record.pk is not None and (done := _done_before(stored_key)) is not None:
        return done
    try:
        with transaction.atomic(), asked_once():
            return _perform(record, verb, actor, data, files, expected_version, stored_key)
    except (IntegrityError, Refused):
        # What creates is seldom sent twice, so nobody asks before whether it was: the key can be there only once, and
        # where the first request has won (or what it made now stands against the second) its entry answers for both.
        if (done := _done_before(stored_key)) is not None:
            return done
        raise


def _stored_key(key: str | None, record: Record, verb: str, actor: Actor) -> str | None:
    """The key as it is kept: it answers for this person's act on this record alone, whatever a client has sent."""
    if not key:
        return None
    said = [key, verb, record.pk, actor.user.pk if actor.user else None]
    return sha256(json.dumps(said).encode()).hexdigest()


def _done_before(stored_key: str | None) -> Entry | None:
    if stored_key is None:
        return None
    found: list[Entry] = fetch("done_before", _of_key, stored_key)
    return found[0] if found else None


def _of_key(stored_key: str) -> Any:
    return Entry.objects.select_related("record").filter(key=stored_key)


def _perform(  # noqa: PLR0913, PLR0917 - private twin of perform
    given: Record,
    code: str,
    actor: Actor,
    data: Mapping[str, Any] | None,
    files: Any,
    expected_version: int | None,
    key: str | None,
) -> Entry:
    at = clock.now()
    record = given if given.pk is None else locks.take(given, _beside(given, code, data))
    if given.pk is not None and (done := _done_before(key)) is not None:
        return done  # the same request was being done while this one waited for the lock
    verb = _flow(record).verbs.get(code)
    if verb is None:
        raise WrongState(Reason(_("There is no such act.")))
    _refuse_stale(record, None if verb.parallel else expected_version)
    doing = _Performance(record, verb, Authority(actor, at).over(verb, record), at)
    _refuse_wrong_state(record, verb)
    _refuse_missing(record, verb)
    _check_form(doing, data, files)
    book = deadlines.open_book(record)
    entries = deadlines.settle(book, at, acting=True)
    entry = _change(doing, book, key)
    entries.append(entry)
    _write(doing, book, entries)
    return entry


def _beside(given: Record, code: str, data: Mapping[str, Any] | None) -> list[int]:
    form = registry.of(given).forms.get(code)
    return [*given.beside(code), *(form.beside(data or {}) if form is not None else [])]


def _flow(record: Record) -> type[Flow]:
    return type(record)  # type: ignore[return-value]


class Authority:
    """Whose right an actor uses: the actor's own, or that of somebody for whom the actor stands in."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self.actor = actor
        self.at = at
        self._principals: list[User] | None = None

    @property
    def principals(self) -> list[User]:
        """Those for whom the actor stands in now; asked once."""
        if self._principals is None:
            user = self.actor.user
            self._principals = [] if user is None or user.is_customer else principals_of(user, self.at)
        return self._principals

    def over(self, verb: Verb, record: Record) -> Actor:
        """The actor as the act will be recorded. Raises NotAllowed naming who may."""
        actor = self.actor
        lenders: list[User] = []
        if actor.user is None:
            if verb.by.system:
                return actor
        elif actor.on_behalf_of is None and verb.by.includes(actor.user, record):
            return actor
        else:
            asked = [one for one in self.principals if actor.on_behalf_of in {None, one}]
            lenders = [] if verb.by.bars(actor.user, record) else [o for o in asked if verb.by.includes(o, record)]
            for principal in lenders:
                if substitutes.covers(principal.lent, record):
                    return Actor(actor.user, principal, actor.channel)
        said = substitutes.beyond(lenders[0]) if lenders else ""
        if not said and actor.user is not None:
            said = verb.by.why_not(actor.user, record)
        raise NotAllowed(
            Reason(
                said or _("“%(verb)s” is not yours to do here.") % {"verb": verb.label},
                rule=verb.rules[0] if verb.rules else "",
                who=verb.by.named(record),
            )
        )


def _refuse_stale(record: Record, expected: int | None) -> None:
    if expected is None or expected == record.version or record.pk is None:
        return
    acts = Entry.objects.filter(record=record).exclude(verb__startswith="deadline.").order_by("-seq")
    since = list(acts.select_related("actor", "on_behalf_of")[: max(1, record.version - expected)])
    last = since[0]
    by = Actor(last.actor, last.on_behalf_of, last.channel)
    differences: dict[str, Difference] = {}
    for entry in reversed(since):
        if entry.from_state != entry.to_state:
            differences["state"] = Difference("state", entry.from_state, entry.to_state, entry.verb)
        told = {name: (None, new) for name, new in entry.data.get("said", {}).items()}
        told |= {name: (old, new) for name, (old, new) in entry.data.get("changes", {}).items()}
        for name, (old, new) in told.items():
            before = differences[name].before if name in differences else old
            differences[name] = Difference(name, before, new, entry.verb)
    message = _("This record was changed by %(who)s while you were writing.") % {"who": by}
    raise Stale(Reason(message), by, last.at, list(differences.values()))


def _refuse_wrong_state(record: Record, verb: Verb) -> None:
    if verb.fits(record) and verb.creates == (record.pk is None):
        return
    states = dict(_flow(record).State.choices)
    raise WrongState(
        Reason(
            _("“%(verb)s” is not possible while the record is “%(state)s”.")
            % {"verb": verb.label, "state": states.get(record.state, _("new"))},
            rule=verb.rules[0] if verb.rules else "",
        )
    )


def missing(record: Record, verb: Verb) -> list[Reason]:
    """What the verb needs and the record does not have."""
    return [
        Reason(need.said_of(record), rule=need.rule, who=need.who.label if need.who else "")
        for need in verb.needs
        if not need.holds(record)
    ]


def _refuse_missing(record: Record, verb: Verb) -> None:
    if reasons := missing(record, verb):
        raise Missing(*reasons)


def _check_form(doing: _Performance, data: Mapping[str, Any] | None, files: Any) -> None:
    form_class = registry.of(doing.record).forms.get(doing.verb.code)
    if form_class is None:
        return
    form: VerbForm = form_class(data or {}, files, record=doing.record, actor=doing.actor, at=doing.at)
    if not form.is_valid():
        raise InvalidData(form)
    doing.secret = form.secret
    for name, value in form.cleaned_data.items():
        if isinstance(value, list) and value and isinstance(value[0], Checked):
            doing.uploads.extend(value)
        elif value != []:
            doing.said[name] = value


def _change(doing: _Performance, book: deadlines.Book, key: str | None) -> Entry:
    """Run the verb, then derive everything that follows from it; saves the record, returns its chained entry."""
    record, verb, at = doing.record, doing.verb, doing.at
    before = timeline.snapshot(record)
    from_state = record.state
    act = Act(record, verb, doing.actor, at, doing.said)
    try:
        getattr(record, verb.code)(act)
    except TransitionNotAllowed as error:  # the state was looked at under the lock; this is a flow's own fault
        raise WrongState(Reason(str(error))) from error
    _stamp(doing, from_state)
    if doing.creates and act.actor.user is not None and act.actor.user.is_customer:
        # Only now is it known whose record it is: nobody speaks for another organisation.
        Authority(act.actor, at).over(verb, record)
    if doing.creates:
        process = registry.of(record)
        if record.customer_id is None and not process.internal:
            raise Missing(Reason(_("Name the customer whose affair it is.")))
        record.kind, record.number = process.kind, numbers.number_of(record, process.prefix, at)
    deadlines.apply(book, act)
    data: dict[str, Any] = {"said": {k: timeline.portrait(v) for k, v in doing.said.items() if _tellable(doing, k, v)}}
    if not doing.creates:
        # What was said into an empty field stands under `said` already.
        changed = timeline.changes(record, before)
        data["changes"] = {k: v for k, v in changed.items() if _worth_telling(doing, data["said"], k, v[0])}
    if book.told:
        data["deadlines"] = book.told
    data |= act.told
    if doing.uploads:
        data["files"] = [upload.name for upload in doing.uploads]
    rules = tuple(rule for rule in verb.rules if record.applies(rule))  # type: ignore[attr-defined] # its flow's
    draft = timeline.Draft(verb.code, at, doing.actor, from_state, record.state, data, verb.public, rules, key)
    entry = timeline.chain(record, draft)
    record.save()
    _after_save(doing, act, before)
    doing.facts, doing.afterwards = act.facts, act.afterwards
    return entry


def _tellable(doing: _Performance, name: str, value: Any) -> bool:
    return name not in doing.secret and value not in (None, "", [])


def _worth_telling(doing: _Performance, said: Mapping[str, Any], name: str, old: Any) -> bool:
    return name not in doing.secret and (name not in said or old not in (None, ""))


def _stamp(doing: _Performance, from_state: str) -> None:
    record, at = doing.record, doing.at
    if doing.creates:
        record.created_at = at
    record.updated_at = at
    record.version += 1
    record.is_open = record.state not in _flow(record).final
    if not record.is_open and (record.closed_at is None or from_state != record.state):
        record.closed_at = at
    elif record.is_open:
        record.closed_at = None


def _after_save(doing: _Performance, act: Act, before: Mapping[str, Any]) -> None:
    for deadline_id, reason in act.excused:
        _excuse(doing, deadline_id, reason)
    _involve(doing, act, before)


def _excuse(doing: _Performance, deadline_id: int, reason: str) -> None:
    excused = Deadline.objects.filter(pk=deadline_id, record=doing.record, missed_at__isnull=False)
    if not excused.update(excused_by=doing.actor.user, excused_at=doing.at, excuse=reason):
        raise Missing(Reason(_("Only a missed deadline of this record can be excused.")))


def _involve(doing: _Performance, act: Act, before: Mapping[str, Any]) -> None:
    """Remember who has come to have to do with the record; those who were, stay."""
    record = doing.record
    parts: list[tuple[str, int | None]] = list(act.involved)
    if doing.creates or before["handler_id"] != record.handler_id:
        parts.append((Involvement.Part.HANDLER, record.handler_id))
    if doing.creates or before["specialist_id"] != record.specialist_id:
        parts.append((Involvement.Part.SPECIALIST, record.specialist_id))
    if doing.creates and doing.actor.user is not None:
        parts.append((Involvement.Part.AUTHOR, doing.actor.user.pk))
    told = [
        Involvement(record=record, user_id=who, part=part, since=doing.at) for part, who in dict.fromkeys(parts) if who
    ]
    # Whoever had stopped reading along and is copied in again, is told again.
    add(told, over=("stopped_at",), by=("record", "user", "part"))


def _write(doing: _Performance, book: deadlines.Book, entries: list[Entry]) -> None:
    book.write()
    inbox.sync(book, doing.at, creates=doing.creates)
    timeline.write(entries, {doing.record.pk: doing.record})
    entry = entries[-1]
    for then in doing.afterwards:
        then(entry)
    for fact, values in doing.facts:
        facts.announce(fact(record_id=doing.record.pk, entry_id=entry.pk, **values))
    # Files come last: whatever refuses the act before has then left none behind.
    _store(doing, entry)
    kick_after_commit()


def _store(doing: _Performance, entry: Entry) -> None:
    for checked in doing.uploads:
        Attachment.objects.create(
            record=doing.record,
            entry=entry,
            file=checked.upload,
            name=checked.name,
            content_type=checked.content_type,
            size=checked.size,
            sha256=checked.sha256,
            public=doing.verb.public,
            added_at=doing.at,
        )


@dataclass(frozen=True)
class Offer:
    """A verb as a page offers it: to be done, or greyed with the reasons why not."""

    verb: Verb
    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the actor may do it now."""
        return not self.reasons


def offers(record: Record, actor: Actor) -> list[Offer]:
    """Every verb that leads on from the record's state, in the flow's order, each with what stands against it."""
    found: list[Offer] = []
    authority = Authority(actor, clock.now())
    for verb in _flow(record).verbs.values():
        if not verb.fits(record) or not _for_people(verb):
            continue
        try:
            authority.over(verb, record)
            found.append(Offer(verb, tuple(missing(record, verb))))
        except Refused as refusal:
            found.append(Offer(verb, tuple(refusal.reasons)))
    return found


def _for_people(verb: Verb) -> bool:
    return any(code != "system" for code in verb.by.codes)
