"""One verb on several records: which are meant, who may, and what became of each. Every one goes through the gate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core import clock
from workflow import watching
from workflow.common import READERS
from workflow.engine import Authority, missing, perform
from workflow.flow import ANY_STATE, Verb
from workflow.parties import learn_parts
from workflow.refusals import InvalidData, Reason, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from people.actors import Actor
    from people.models import User
    from workflow.forms import VerbForm
    from workflow.models import Record
    from workflow.registry import Process

MOST = 100
"""So many records at once: more would keep the person waiting, and nobody looks at more with care."""
WATCH = Verb("watch", (ANY_STATE,), None, by=READERS, label=_("Watch"), tone="quiet", icon="eye")
UNWATCH = Verb("unwatch", (ANY_STATE,), None, by=READERS, label=_("Stop watching"), tone="quiet", icon="eye-off")
_CHOSEN = re.compile(r"(?P<number>[A-Z][A-Za-z0-9]{0,11}-[0-9]{4}([0-9]{4})?-[0-9]{4,9})\.(?P<version>[0-9]{1,9})")


@dataclass(frozen=True)
class Chosen:
    """A record that was chosen, and the version of it that the person saw."""

    record: Record
    version: int

    @property
    def value(self) -> str:
        """As a form names it."""
        return f"{self.record.number}.{self.version}"


@dataclass(frozen=True)
class Selection:
    """What was chosen. `lost` are no longer there for the person; `beyond` were more than are taken at once."""

    chosen: Sequence[Chosen]
    lost: int = 0
    beyond: int = 0


@dataclass(frozen=True)
class Result:
    """What became of one record: done, or the reasons why not."""

    record: Record
    reasons: Sequence[Reason] = ()

    @property
    def done(self) -> bool:
        """Whether the act is on record."""
        return not self.reasons


@dataclass(frozen=True)
class Outcome:
    """What became of all of them; `form` instead, where what was said does for none: nothing has changed then."""

    results: Sequence[Result] = ()
    form: VerbForm | None = None


def rows(process: Process, user: User) -> Any:
    """The records that a person may choose from, with all that is asked about who may do what."""
    flow: Any = process.model
    related = ("customer__account_manager", "handler", "specialist", *flow.carried)
    return process.model._default_manager.for_actor(user).filter(kind=process.kind).select_related(*related)


def select(process: Process, user: User, given: Sequence[str]) -> Selection:
    """The records that are named with their versions; whoever may not see one is told no more than that it is gone."""
    seen: dict[str, int] = {}
    for text in given:
        if found := _CHOSEN.fullmatch(text):
            seen.setdefault(found["number"], int(found["version"]))
    numbers = list(seen)[:MOST]
    records = {record.number: record for record in rows(process, user).filter(number__in=numbers)} if numbers else {}
    chosen = [Chosen(records[number], seen[number]) for number in numbers if number in records]
    return Selection(chosen, len(numbers) - len(chosen), len(seen) - len(numbers))


def verbs(process: Process) -> list[Verb]:
    """The verbs of a process that can be performed on several records, and what is no act: watching them."""
    flow: Any = process.model
    return [*(flow.verbs[code] for code in process.several), WATCH, UNWATCH]


def possible(process: Process, chosen: Sequence[Chosen], actor: Actor) -> list[tuple[Verb, int]]:
    """The verbs that the person may perform on any of the records, with the number of those it can be performed on."""
    authority, records = Authority(actor, clock.now()), [each.record for each in chosen]
    if actor.user is not None:
        learn_parts(records, [actor.user, *authority.principals])
    acts = [verb for verb in verbs(process) if verb not in {WATCH, UNWATCH}]
    numbers = [(verb, sum(_may(authority, verb, record) for record in records)) for verb in acts]
    if actor.user is not None and records:
        watched = len(watching.watched(records, actor.user))
        numbers += [(WATCH, len(records) - watched), (UNWATCH, watched)]
    return [(verb, number) for verb, number in numbers if number]


def _may(authority: Authority, verb: Verb, record: Record) -> bool:
    try:
        authority.over(verb, record)
    except Refused:
        return False
    return verb.fits(record) and not missing(record, verb)


def blank_form(process: Process, verb: Verb, actor: Actor) -> VerbForm | None:
    """The form of a verb for no record in particular."""
    form_class = process.forms.get(verb.code)
    return form_class(record=process.model(), actor=actor, at=clock.now()) if form_class else None


def run(verb: Verb, actor: Actor, data: Any, key: str, chosen: Sequence[Chosen]) -> Outcome:
    """Perform a verb on one record after another, each in a transaction of its own.

    One `key` makes a run that is sent twice one run: what is done already is only told again.
    """
    if verb in {WATCH, UNWATCH} and actor.user is not None:
        return _watch(verb, actor.user, [each.record for each in chosen])
    results: list[Result] = []
    unfit: list[VerbForm] = []
    for each in chosen:
        try:
            perform(each.record, verb.code, actor=actor, data=data, expected_version=each.version, key=key)
        except InvalidData as refusal:
            unfit.append(refusal.form)
            if _lacks(refusal.form) and not any(result.done for result in results):
                return Outcome(form=refusal.form)
            results.append(Result(each.record, refusal.reasons))
        except Refused as refusal:
            results.append(Result(each.record, refusal.reasons))
        else:
            results.append(Result(each.record))
    return Outcome(form=unfit[0]) if unfit and len(unfit) == len(results) else Outcome(results)


def _watch(verb: Verb, user: User, records: Sequence[Record]) -> Outcome:
    """Watch all of them, or none any more: no act, so it changes nothing of them and has no entry (docs/adr/0012)."""
    if verb is WATCH:
        records = watching.watch_all(records, user)
    else:
        watching.unwatch_all(records, user)
    return Outcome([Result(record) for record in records])


def _lacks(form: VerbForm) -> bool:
    """Whether something that the form must have was left out: it would be missing for every record."""
    return any(form.has_error(name, "required") for name in form.fields)
