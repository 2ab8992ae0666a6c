"""Recomputing what runs: which open deadlines the rules would set otherwise now, and putting them there when told to.

Deadlines keep the terms that they were set under. When a policy or a calendar has been edited, `survey` shows what
would change, an administrator confirms (`order`), and `run` does it in batches: each record under its lock, with an
entry of the administrator's on its timeline. What was met, missed or fired stays.
"""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core import clock
from core.bulk import update_many
from core.held import asked_once
from people.actors import Actor
from workflow import deadlines, inbox, registry, timeline
from workflow.kick import kick_after_commit
from workflow.models import Deadline, Firing, Recomputation, Record
from workflow.policies import policies

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from people.models import User
    from workflow.deadlines import Book
    from workflow.models import DeadlinePolicy, Entry

logger = logging.getLogger(__name__)
BATCH = 100
MOST_FAULTS = 50
CHANNEL = "admin"
RECOMPUTED = "deadline.recomputed"
_listeners: list[Callable[[Recomputation], None]] = []
DERIVED = ("timeline_length", "timeline_head", "due_at", "wake_at")


@dataclass(frozen=True)
class Change:
    """What the present rules do to one open deadline.

    `lapses` if its new time has passed already; `tells` if anybody would notice: a new time, other levels.
    """

    record: Record
    deadline: Deadline
    policy: DeadlinePolicy
    before: datetime
    due: datetime
    lapses: bool
    tells: bool

    @property
    def label(self) -> str:
        """The name of the deadline."""
        flow: Any = registry.of(self.record).model
        return str(flow.timer(self.deadline.timer).label)


@dataclass
class Survey:
    """What a recomputation would change, as far as it was looked at: `looked` of `total` records with open deadlines.

    `rules` is the digest of the rules that were looked at.
    """

    rules: str
    total: int
    looked: int = 0
    changes: list[Change] = field(default_factory=list)
    lapsing: int = 0

    @property
    def whole(self) -> bool:
        """Whether everything was looked at."""
        return self.looked >= self.total


def listener(function: Callable[[Recomputation], None]) -> Callable[[Recomputation], None]:
    """Have a function told of an order that is at its end, in the transaction that says so."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def all_timers() -> list[str]:
    """The codes of every timer that a flow declares."""
    flows: list[Any] = [process.model for process in registry.all_processes()]
    return [timer.code for flow in flows for timer in flow.timers]


def rules_now(timers: Collection[str]) -> str:
    """The digest of all rules that decide about deadlines of the timers."""
    said = sorted(json.dumps(rule, sort_keys=True) for rule in policies.now().rules() if rule[0] in timers)
    return sha256("\n".join(said).encode()).hexdigest()


def survey(timers: Collection[str], most: int) -> Survey:
    """What would change now, looking at no more than `most` records; nothing is written."""
    with asked_once():
        return _survey(timers, most)


def _survey(timers: Collection[str], most: int) -> Survey:
    at = clock.now()
    found = Survey(rules_now(timers), _in_scope(timers).values("record_id").distinct().count())
    reached = 0
    while found.looked < most and (keys := _next_records(timers, reached, min(BATCH, most - found.looked))):
        for _book, _due, changes in worked_out(read(keys), timers, at):
            found.changes.extend(change for change in changes if change.tells)
        found.looked += len(keys)
        reached = keys[-1]
    found.lapsing = sum(change.lapses for change in found.changes)
    return found


def order(timers: Sequence[str], reason: str, user: User, rules: str) -> Recomputation | None:
    """Store an administrator's decision, to be executed by `run`; None if the rules are not those that were shown."""
    if rules != rules_now(timers):
        return None
    return Recomputation.objects.create(
        timers=list(timers),
        reason=reason,
        asked_by=user,
        asked_at=clock.now(),
        rules=rules,
        total=_in_scope(timers).values("record_id").distinct().count(),
    )


def run(seconds: float = 60.0) -> int:
    """Go on with what was ordered, for so long at most; returns how many deadlines were changed.

    Several workers do not get into one another's way: whoever finds a batch being done leaves it.
    """
    until, changed = time.monotonic() + seconds, 0
    for key in Recomputation.objects.unfinished().values_list("pk", flat=True):
        while time.monotonic() < until and (done := _step(key)) is not None:
            changed += done
    return changed


# --- looking ----------------------------------------------------------------------------------------------------------
def _in_scope(timers: Collection[str]) -> Any:
    return Deadline.objects.open().filter(timer__in=timers)


def _next_records(timers: Collection[str], reached: int, most: int) -> list[int]:
    rows = _in_scope(timers).filter(record__gt=reached).order_by("record").values_list("record", flat=True)
    return list(rows.distinct()[:most])


def read(keys: Sequence[int]) -> list[Record]:
    """The records as their own models, with what policies and parties look at; a query for each process."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for key, kind in Record.objects.filter(pk__in=keys).values_list("pk", "kind"):
        kinds[kind].append(key)
    found: list[Record] = []
    for kind, own in kinds.items():
        model: Any = registry.get(kind).model
        rows = model._default_manager.select_related("customer", "handler", "specialist", *model.carried)
        found.extend(rows.filter(pk__in=own))
    return sorted(found, key=lambda record: record.pk)


def worked_out(
    records: Sequence[Record], timers: Collection[str], at: datetime
) -> Iterator[tuple[Book, list[Entry], list[Change]]]:
    """Each record's book after the rules have been applied, in memory: what was due is settled first."""
    books = deadlines.open_books(records)
    rows = Firing.objects.filter(deadline__record__in=list(books), deadline__closed_at__isnull=True)
    fired: dict[int, list[int]] = defaultdict(list)
    for deadline, level in rows.values_list("deadline", "level"):
        fired[deadline].append(level)
    for book in books.values():
        entries = deadlines.settle(book, at)
        for firing in book.firings:
            fired[firing.deadline_id].append(firing.level)
        changes = [_renew(book, each, fired[each.pk], at) for each in book.open if each.timer in timers]
        yield book, entries, [change for change in changes if change is not None]


def _renew(book: Book, deadline: Deadline, fired: Sequence[int], at: datetime) -> Change | None:
    """Put an open deadline under the policy that fits now; None if it is there, or no policy in force fits."""
    timer, record = book.flow.timer(deadline.timer), book.record
    policy = book.policies.matching(deadline.timer, record.facts())  # type: ignore[attr-defined]
    if policy is None or (timer.then and deadline.next_fire_at and deadline.next_fire_at <= at):
        return None
    former, under, now = copy(deadline), book.policies.of(deadline), book.policies.present(policy)
    if now.id == deadline.terms_id:
        return None
    passed = book.due(deadline) is not None and deadline.due_at < at
    if passed and deadline.missed_at is None and not timer.then:
        deadline.missed_at = deadline.due_at
    deadlines.put_under(book, deadline, policy, at, fired=fired)
    return Change(
        record=record,
        deadline=former,
        policy=policy,
        before=former.due_at,
        due=deadline.due_at,
        lapses=not passed and book.due(deadline) is not None and deadline.due_at < at,
        tells=former.due_at != deadline.due_at or (under.steps, under.rule) != (now.steps, now.rule),
    )


# --- doing ------------------------------------------------------------------------------------------------------------
def _step(key: int) -> int | None:
    """Do the next batch of an order; how many deadlines were changed, None if nothing is left for this worker."""
    try:
        with transaction.atomic(), asked_once():
            return _batch(key, BATCH)
    except Exception:  # one record's fault must not stop the others
        logger.exception("a batch of recomputation %s failed and is done one by one", key)
        return _one_by_one(key)


def _taken(key: int) -> Recomputation | None:
    rows = Recomputation.objects.unfinished().filter(pk=key).select_related("asked_by")
    return rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()


def _batch(key: int, size: int) -> int | None:
    ordered = _taken(key)
    if ordered is None:
        return None
    at = clock.now()
    keys = _next_records(ordered.timers, ordered.reached, size)
    overtaken = ordered.rules != rules_now(ordered.timers)
    if overtaken or not keys:
        ordered.outcome = Recomputation.Outcome.OVERTAKEN if overtaken else Recomputation.Outcome.DONE
        ordered.finished_at = at
        ordered.save(update_fields=["outcome", "finished_at"])
        for function in _listeners:
            function(ordered)
        return None
    changed = _apply(ordered, keys, at)
    _move_on(ordered, keys, changed)
    return changed


def _move_on(ordered: Recomputation, keys: Sequence[int], changed: int) -> None:
    ordered.reached = keys[-1]
    ordered.done += len(keys)
    ordered.changed += changed
    ordered.save(update_fields=["reached", "done", "changed", "faults"])


def _one_by_one(key: int) -> int:
    changed = 0
    for _number in range(BATCH):
        try:
            with transaction.atomic(), asked_once():
                done = _batch(key, 1)
        except Exception:  # the culprit; the others go on
            logger.exception("a record could not be recomputed and is passed over")
            done = _pass_over(key)
        if done is None:
            break
        changed += done
    return changed


def _pass_over(key: int) -> int | None:
    with transaction.atomic():
        ordered = _taken(key)
        keys = _next_records(ordered.timers, ordered.reached, 1) if ordered else []
        if ordered is None or not keys:
            return None
        number = Record.objects.values_list("number", flat=True).get(pk=keys[0])
        ordered.faults = [*ordered.faults, number][:MOST_FAULTS]
        _move_on(ordered, keys, 0)
        return 0


def _apply(ordered: Recomputation, keys: Sequence[int], at: datetime) -> int:
    """Recompute the records under their locks; returns how many deadlines have changed so that somebody notices."""
    # Locked first and read after: see the gate.
    list(Record.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    worked = list(worked_out(read(keys), ordered.timers, at))
    for policy in {change.policy.pk: change.policy for _book, _due, changes in worked for change in changes}.values():
        policies.now().present(policy, keep=True)
    entries: list[Entry] = []
    told = 0
    for book, due, changes in worked:
        telling = [change for change in changes if change.tells]
        entries.extend([*due, *(timeline.chain(book.record, _said(ordered, change, at)) for change in telling)])
        told += len(telling)
        book.seal()
    books = [book for book, _due, _changes in worked]
    _write(books, entries)
    for book, _due, changes in worked:
        if changes:
            inbox.sync(book, at)
    return told


def _said(ordered: Recomputation, change: Change, at: datetime) -> timeline.Draft:
    """What a record's timeline says of a change."""
    return timeline.Draft(
        verb=RECOMPUTED,
        at=at,
        actor=Actor(ordered.asked_by, channel=CHANNEL),
        from_state=change.record.state,
        to_state=change.record.state,
        data={
            "deadline": change.deadline.pk,
            **change.deadline.told,
            "from": change.before.isoformat(),
            "due_at": change.due.isoformat(),
            "reason": ordered.reason,
            "recomputation": ordered.pk,
        },
        rules=(change.policy.rule,) if change.policy.rule else (),
    )


def _write(books: Sequence[Book], entries: Sequence[Entry]) -> None:
    """Store what was worked out on locked records, a statement for each table."""
    changed = [deadline for book in books for deadline in book.changed]
    if changed:
        update_many(changed, deadlines.CHANGED)
    Firing.objects.bulk_create([firing for book in books for firing in book.firings], batch_size=500)
    # The parent rows alone: what a process keeps beside has not changed.
    parents = [Record(pk=book.record.pk, **{name: getattr(book.record, name) for name in DERIVED}) for book in books]
    update_many(parents, DERIVED)
    timeline.write(entries, {book.record.pk: book.record for book in books})
    if entries:
        kick_after_commit()
