"""Deadlines through one act: what is due is settled first, then the verb opens, closes, moves, pauses and resumes.

The same `settle` serves the act of a person and the sweep; a level fires in it and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.adding import add
from core.bulk import update_many
from core.prepared import fetch
from people.actors import SYSTEM
from workflow import registry, timeline
from workflow.clocks import Standstill, course_of
from workflow.models import Deadline, DeadlinePause, DeadlinePolicy, Firing, PolicyLevel
from workflow.policies import policies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from workflow.clocks import Course
    from workflow.flow import Act, Flow, Timer
    from workflow.models import Entry, Record
    from workflow.policies import Policies
    from workflow.terms import Step, Terms

LATE_AFTER = timedelta(seconds=60)
"""A level that fires later than this after its moment is marked late."""

CHANGED = (
    *("started_at", "due_at", "allowed", "policy", "policy_version", "terms", "clock", "rule"),
    *("next_level", "next_fire_at", "outcome", "closed_at", "missed_at"),
)


@dataclass
class Book:
    """The open deadlines of one locked record, and what an act does to them."""

    record: Record
    open: list[Deadline]
    policies: Policies
    pauses: dict[int, list[DeadlinePause]] = field(default_factory=dict)
    created: list[Deadline] = field(default_factory=list)
    changed: list[Deadline] = field(default_factory=list)
    firings: list[Firing] = field(default_factory=list)
    new_pauses: list[DeadlinePause] = field(default_factory=list)
    ended_pauses: list[DeadlinePause] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def flow(self) -> type[Flow]:
        """The flow of the record's process, whichever of its two rows is at hand."""
        return registry.of(self.record).model  # type: ignore[return-value]

    def find(self, timer: str, subject: str = "") -> Deadline | None:
        """The open deadline of a timer, and of what of the record."""
        found = (d for d in self.open if d.timer == timer and d.subject == subject)
        return next((d for d in found if d.closed_at is None), None)

    def tell(self, deadline: Deadline, event: str, **more: str) -> None:
        """Say on the timeline what has become of a deadline."""
        self.told.append({**deadline.told, "event": event, **more, "due": deadline.due_at.isoformat()})

    def touch(self, deadline: Deadline) -> None:
        """Remember that a stored deadline must be written."""
        if deadline.pk is not None and deadline not in self.changed:
            self.changed.append(deadline)

    def standstills(self, deadline: Deadline) -> list[Standstill]:
        """The pauses of a deadline as the clock sees them."""
        rows = self.pauses.get(deadline.pk, []) + [p for p in self.new_pauses if p.deadline is deadline]
        return [Standstill(pause.since, pause.until) for pause in rows]

    def due(self, deadline: Deadline) -> datetime | None:
        """When a deadline is due as things stand; None while its clock stands still before that."""
        standstills = self.standstills(deadline)
        if not standstills or standstills[-1].until is not None:
            return deadline.due_at
        return course_of(deadline, self.policies.of(deadline), standstills).after(deadline.allowed)

    def seal(self) -> None:
        """Derive the record's due and waking times from its open deadlines."""
        running = [d for d in self.open if d.closed_at is None]
        promises = [self.due(d) for d in running if not self._timer(d).then]
        self.record.due_at = min(filter(None, promises), default=None)
        self.record.wake_at = min((d.next_fire_at for d in running if d.next_fire_at is not None), default=None)

    def _timer(self, deadline: Deadline) -> Timer:
        return self.flow.timer(deadline.timer)

    def write(self) -> None:
        """Store what the act did. The record must have been saved; a round ends before the next one begins."""
        if self.changed:
            update_many(self.changed, CHANGED)
        add(self.created)
        add(self.new_pauses)
        if self.ended_pauses:
            update_many(self.ended_pauses, ["until"])
        add(self.firings)


def open_book(record: Record) -> Book:
    """The book of one record; a record that is not yet saved has an empty one."""
    if record.pk is None:
        return Book(record, [], policies.now())
    return open_books([record])[record.pk]


def open_books(records: Sequence[Record]) -> dict[int, Book]:
    """The books of locked records, in two queries."""
    in_force = policies.now()
    books = {record.pk: Book(record, [], in_force) for record in records}
    pausing: list[int] = []
    for deadline in _open_of(list(books)):
        book = books[deadline.record_id]
        book.open.append(deadline)
        if book.flow.timer(deadline.timer).pauses:
            pausing.append(deadline.pk)
    if pausing:
        owners = {d.pk: book for book in books.values() for d in book.open}
        for pause in DeadlinePause.objects.filter(deadline__in=pausing).order_by("since"):
            owners[pause.deadline_id].pauses.setdefault(pause.deadline_id, []).append(pause)
    return books


def _open_of(keys: list[int]) -> Iterable[Deadline]:
    running = Deadline.objects.open().order_by("id")
    if len(keys) == 1:
        return fetch("open_deadlines", lambda pk: running.filter(record=pk), *keys)
    return running.filter(record__in=keys)


# --- what is due --------------------------------------------------------------------------------------------------
def settle(book: Book, at: datetime, *, acting: bool = False) -> list[Entry]:
    """Fire every level that is due on the record; returns the chained entries that say so.

    Whoever is `acting` in the very moment in which something is due, still does it in time.
    """
    entries: list[Entry] = []
    for deadline in book.open:
        if book.flow.timer(deadline.timer).then:
            continue
        while (moment := deadline.next_fire_at) is not None and moment <= at and not (acting and moment == at):
            level = book.policies.of(deadline).step(deadline.next_level)
            if level is None:  # it follows the policy, and an administrator has taken the level away meanwhile
                _aim(book, deadline, book.policies.of(deadline), None)
                book.touch(deadline)
                break
            entries.append(_fire(book, deadline, level, moment, at))
    return entries


def _fire(book: Book, deadline: Deadline, level: Step, moment: datetime, at: datetime) -> Entry:
    late = at - moment > LATE_AFTER
    book.firings.append(
        Firing(
            deadline=deadline,
            level=level.position,
            kind=level.kind,
            due_at=moment,
            fired_at=at,
            late=late,
        )
    )
    if level.kind != PolicyLevel.Kind.WARNED and deadline.missed_at is None and at >= deadline.due_at:
        deadline.missed_at = deadline.due_at
    draft = timeline.Draft(
        verb=f"deadline.{level.kind}",
        at=at,
        actor=SYSTEM,
        from_state=book.record.state,
        to_state=book.record.state,
        data={
            "deadline": deadline.pk,
            **deadline.told,
            "level": level.position,
            "share": level.share,
            "recipients": list(level.recipients),
            "due_at": deadline.due_at.isoformat(),
            "late": late,
        },
        rules=(deadline.rule,) if deadline.rule else (),
    )
    under = book.policies.of(deadline)
    _aim(book, deadline, under, under.after([level.position]))
    book.touch(deadline)
    return timeline.chain(book.record, draft)


def _aim(book: Book, deadline: Deadline, under: Terms, level: Step | None) -> None:
    """Set which level fires next (None: no other does), and when."""
    course = course_of(deadline, under, book.standstills(deadline))
    deadline.due_at = course.after(deadline.allowed) or deadline.due_at
    if book.flow.timer(deadline.timer).then:
        deadline.next_fire_at = course.after(deadline.allowed)
        return
    deadline.next_level = level.position if level else 0
    deadline.next_fire_at = course.after(deadline.allowed * level.share / 100) if level else None


# --- what a verb does ---------------------------------------------------------------------------------------------
def apply(book: Book, act: Act) -> None:
    """Let the verb that has just changed the record open, close, move, pause and resume its deadlines."""
    verb = act.verb.code
    for timer in book.flow.timers:
        for subject in _subjects(book, timer):
            running = book.find(timer.code, subject)
            if running is not None:
                running = _continue(book, running, timer, act)
            opens = timer.each or verb in timer.opens or verb in timer.restarts or timer.code in act.rounds | act.anew
            if running is None and opens and _makes_sense(book, timer, subject):
                _open(book, timer, act, subject)
    book.seal()


def _subjects(book: Book, timer: Timer) -> Iterable[str]:
    """Of what there are deadlines of a timer, or are to be; mostly of the record as a whole."""
    if not timer.each:
        return ("",)
    running = [deadline.subject for deadline in book.open if deadline.timer == timer.code]
    return dict.fromkeys((*running, *getattr(book.record, timer.fixed)))


def _makes_sense(book: Book, timer: Timer, subject: str) -> bool:
    within = not timer.within or book.record.state in timer.within
    return within and (not timer.each or subject in getattr(book.record, timer.fixed))


def _continue(book: Book, deadline: Deadline, timer: Timer, act: Act) -> Deadline | None:
    """What the verb does to a running deadline; returns it if it still runs."""
    verb = act.verb.code
    if verb in timer.closes or verb in timer.restarts or deadline.slot in act.rounds:
        _close(book, deadline, act.at, met=True)
        return None
    if not _makes_sense(book, timer, deadline.subject) or deadline.slot in act.anew:
        _close(book, deadline, act.at, met=False)
        return None
    _pause_or_resume(book, deadline, timer, act)
    if (start := act.counted_from.get(timer.code)) is not None and start < deadline.started_at:
        _count_from(book, deadline, start, act.at)
    if timer.code in act.verb.recomputes or (timer.fixed and verb in timer.opens):
        return _move(book, deadline, timer, act)
    return deadline


def _open(book: Book, timer: Timer, act: Act, subject: str) -> None:
    policy = book.policies.matching(timer.code, book.record.facts())  # type: ignore[attr-defined]
    if policy is None:
        return
    under = book.policies.present(policy, keep=True)
    start = getattr(book.record, timer.starts) if timer.starts and act.verb.creates else act.at
    deadline = Deadline(
        record=book.record,
        timer=timer.code,
        rule=policy.rule,
        subject=subject,
        cycle=_next_cycle(book, timer.code, creates=act.verb.creates),
        policy=policy,
        policy_version=policy.version,
        terms_id=under.id,
        clock=policy.clock,
        started_at=start,
        due_at=start,
    )
    deadline.allowed = _allowed(book, deadline, under, course_of(deadline, under), act.at)
    if deadline.allowed <= timedelta(0):
        return
    _aim(book, deadline, under, under.after([]))
    book.open.append(deadline)
    book.created.append(deadline)
    book.tell(deadline, "opened")
    _pause_or_resume(book, deadline, timer, act)


def _allowed(book: Book, deadline: Deadline, under: Terms, course: Course, at: datetime) -> timedelta:
    """The time that the terms allow, or that a promised date leaves, on top of what has counted by then."""
    timer = book.flow.timer(deadline.timer)
    if not timer.fixed:
        return timedelta(minutes=under.minutes)
    promised = getattr(book.record, timer.fixed)
    if timer.each:
        promised = promised[deadline.subject]
    if promised is None or promised <= at:
        return timedelta(0)
    return course.counted(at) + course.clock.working_time(at, promised)


def _next_cycle(book: Book, timer: str, *, creates: bool) -> int:
    before = 0 if creates else Deadline.objects.filter(record=book.record, timer=timer).count()
    return before + sum(deadline.timer == timer for deadline in book.created) + 1


def _close(book: Book, deadline: Deadline, at: datetime, *, met: bool) -> None:
    if _end_pause(book, deadline, at):
        # While its clock stood still, what was due then has come no nearer.
        course = course_of(deadline, book.policies.of(deadline), book.standstills(deadline))
        deadline.due_at = course.after(deadline.allowed) or deadline.due_at
    late = at > deadline.due_at or deadline.missed_at is not None
    if met:
        deadline.outcome = Deadline.Outcome.MET_LATE if late else Deadline.Outcome.MET
    else:
        deadline.outcome = Deadline.Outcome.CANCELLED
    if at > deadline.due_at and deadline.missed_at is None and not book.flow.timer(deadline.timer).then:
        deadline.missed_at = deadline.due_at
    deadline.closed_at = at
    deadline.next_fire_at = None
    book.touch(deadline)
    book.tell(deadline, deadline.outcome)


def _count_from(book: Book, deadline: Deadline, start: datetime, at: datetime) -> None:
    """Let a running deadline count from an earlier start, unless its time would have run out by now.

    Then it has run out where the wait began, and that miss stays there: nothing is missed twice.
    """
    before, began = deadline.due_at, deadline.started_at
    under, standstills = book.policies.of(deadline), book.standstills(deadline)
    deadline.started_at = start
    due = course_of(deadline, under, standstills).after(deadline.allowed)
    if due is None or due <= at:
        deadline.started_at = began
        return
    _aim(book, deadline, under, under.step(deadline.next_level))
    book.touch(deadline)
    book.tell(deadline, "moved", **{"from": before.isoformat()})


def _move(book: Book, deadline: Deadline, timer: Timer, act: Act) -> Deadline | None:
    """Put a running deadline under the policy that now fits: the start stays, pauses stay, a miss stays."""
    policy = book.policies.matching(timer.code, book.record.facts())  # type: ignore[attr-defined]
    if policy is None:
        _close(book, deadline, act.at, met=False)
        return None
    before = deadline.due_at
    put_under(book, deadline, policy, act.at)
    book.tell(deadline, "moved", **{"from": before.isoformat()})
    return deadline


def put_under(
    book: Book, deadline: Deadline, policy: DeadlinePolicy, at: datetime, *, fired: Sequence[int] | None = None
) -> None:
    """Put a running deadline under the present terms of a policy: the start stays, pauses stay, a miss stays.

    With `fired`, the numbers of the levels that have fired, it is put there by an administrator's decision and not by
    an act on the record: then what was promised stays promised, and levels are counted on from the last that fired.
    """
    timer = book.flow.timer(deadline.timer)
    former, under = book.policies.of(deadline), book.policies.present(policy, keep=fired is None)
    same_clock = (former.clock, former.schedule_id) == (under.clock, under.schedule_id)
    ended = [pause for pause in book.standstills(deadline) if pause.until is not None]
    before = course_of(deadline, former, ended).after(deadline.allowed) or deadline.due_at
    deadline.policy, deadline.policy_version, deadline.rule = policy, policy.version, policy.rule
    deadline.terms_id, deadline.clock = under.id, policy.clock
    course = course_of(deadline, under, book.standstills(deadline))
    if timer.fixed and fired is not None:
        deadline.allowed = course_of(deadline, under, ended).counted(before)
    else:
        allowed = _allowed(book, deadline, under, course, at)
        if under.tightening == DeadlinePolicy.Tightening.GRACE:
            had = deadline.allowed if same_clock else course.counted(before)
            allowed = max(allowed, min(had, course.counted(at) + allowed))
        deadline.allowed = allowed
    _aim(book, deadline, under, under.step(deadline.next_level) if fired is None else under.after(fired))
    book.touch(deadline)


def _pause_or_resume(book: Book, deadline: Deadline, timer: Timer, act: Act) -> None:
    standing = next((p for p in book.pauses.get(deadline.pk, []) if p.until is None), None)
    if book.record.state in timer.pauses and standing is None:
        book.new_pauses.append(DeadlinePause(deadline=deadline, since=act.at, state=book.record.state))
        event = "paused"
    elif book.record.state not in timer.pauses and standing is not None:
        _end_pause(book, deadline, act.at)
        event = "resumed"
    else:
        return
    under = book.policies.of(deadline)
    _aim(book, deadline, under, under.step(deadline.next_level))
    book.touch(deadline)
    book.tell(deadline, event)


def _end_pause(book: Book, deadline: Deadline, at: datetime) -> bool:
    """End the standing pause; says whether there was one."""
    standing = [pause for pause in book.pauses.get(deadline.pk, []) if pause.until is None]
    for pause in standing:
        pause.until = at
        book.ended_pauses.append(pause)
    return bool(standing)
