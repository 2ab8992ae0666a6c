"""Running a round: it begins, seats are taken, steps pass, are sent back or end it. Called by verbs, under their lock.

Every function returns the state in which the record stands then. Nothing here happens because time has passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext as _

from workflow.approvals import routes, versions
from workflow.approvals.board import Board
from workflow.approvals.events import NobodyOnStep, RoundEnded, StepOpened
from workflow.approvals.parties import author_of, named
from workflow.approvals.seats import close, seat_on
from workflow.models import Involvement, Mode, Opinion, OpinionDraft, Round, Seat, Step, Version
from workflow.refusals import Missing, NotAllowed, Reason
from workflow.timeline import portrait

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from workflow.approvals.routes import Place
    from workflow.flow import Act
    from workflow.models import Entry, Ground

CONCERN = "concern"
ASKED = "_rules_asked"
"""Under which name a record knows, while somebody decides, the rules of the checklists that were gone through."""

if TYPE_CHECKING:
    Reviewed: TypeAlias = Any
    """A record whose flow is a `Reviewing`."""


def begin(record: Reviewed, act: Act) -> str:
    """Keep the content as a version and begin its round. Raises Missing if nobody would decide.

    What was withdrawn and not touched since is the same version; what was sent back comes back as a new one (CON-20).
    """
    plan = routes.plan(record)
    version = _version(record, act)
    last = Round.objects.filter(record_id=record.pk).aggregate(last=Max("number"))["last"] or 0
    made = Round.objects.create(
        record_id=record.pk,
        number=last + 1,
        version=version,
        policy=plan.policy,
        route=_told(plan),
        started_by=act.actor.on_behalf_of or act.actor.user,
        started_at=act.at,
    )
    steps = [_step(made, position, step) for position, step in enumerate(plan.steps, start=1)]
    Step.objects.bulk_create(steps)
    Board.forget(record)
    act.tell("version", version.number)
    return _open_next(record, act)


def _version(record: Reviewed, act: Act) -> Version:
    content = record.content()
    last = Round.objects.filter(record_id=record.pk).select_related("version").order_by("-number").first()
    untouched = last is not None and last.version.digest == versions.digest(content)
    if last is not None and untouched and last.outcome == Round.Outcome.WITHDRAWN:
        return last.version
    return versions.make(record, content, act.at, act.actor.user)


def _told(plan: routes.Plan) -> dict[str, Any]:
    policy = plan.policy
    return {
        "policy_zh": policy.name_zh,
        "policy_en": policy.name_en,
        "reason_zh": policy.reason_zh,
        "reason_en": policy.reason_en,
        "rule": policy.rule,
        "left_out": [
            {"zh": step.name_zh, "en": step.name_en, "why": portrait(step.left_out), "code": step.code}
            for step in plan.left_out
        ],
    }


def _step(of: Round, position: int, step: routes.PlannedStep) -> Step:
    return Step(
        round=of,
        position=position,
        code=step.code,
        stage=step.stage,
        name_zh=step.name_zh,
        name_en=step.name_en,
        mode=step.mode,
        needed=step.needed,
        plan=step.plan,
        checks=step.checks,
        rule=step.rule,
    )


# --- decisions ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """What goes with a decision: the words, the checklist's answers, and the kind of reason of one against it."""

    text: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    ground: Ground | None = None


def decide(record: Reviewed, act: Act, decision: Opinion.Decision, said: Said, back_to: Step | None = None) -> str:
    """Take the actor's seat with a decision. Raises NotAllowed if it is taken, Missing if the content is another.

    `back_to` is the step of this round from which a record that is sent back goes through it again; None: its author.
    """
    board = Board.of(record)
    seat = _seat(record, act, board)
    _refuse_other_content(record, board.going.version)
    if decision == Opinion.Decision.AGREED:
        _refuse_concerns(seat.step, said.answers)
    _take(act, board.going, seat, decision, said)
    record.__dict__[ASKED] = {item["rule"] for item in seat.step.checks}
    step = seat.step
    Board.forget(record)
    if decision == Opinion.Decision.RETURNED:
        return _go_back(record, act, step, back_to)
    if decision == Opinion.Decision.REJECTED and not _vote_goes_on(step):
        return _end(record, act, step, Step.Outcome.REJECTED, Round.Outcome.REJECTED)
    return settle(record, act)


def advise(record: Reviewed, act: Act, text: str) -> None:
    """Give the opinion that one was asked for; whoever asked goes on."""
    board = Board.of(record)
    user = act.actor.on_behalf_of or act.actor.user
    seat = board.seat_of(user, consulted=True) if user is not None else None
    if seat is None:
        raise NotAllowed(Reason(_("Nobody waits for your opinion any more.")))
    _take(act, board.going, seat, Opinion.Decision.ADVISED, Said(text))
    Board.forget(record)


def _seat(record: Reviewed, act: Act, board: Board) -> Seat:
    user = act.actor.on_behalf_of or act.actor.user
    if user is None or author_of(record) in {user.pk, act.actor.user.pk if act.actor.user else None}:
        raise NotAllowed(Reason(_("Nobody decides on their own work.")))
    seat = board.seat_of(user)
    if seat is None:
        raise NotAllowed(Reason(_("This was decided meanwhile.")))
    return seat


def _refuse_other_content(record: Reviewed, version: Version) -> None:
    """What is decided on is what was kept, and nothing else: a change past the gate shows here."""
    if not versions.is_whole(version) or versions.digest(record.content()) != version.digest:
        raise Missing(Reason(_("The content is not that of version %(version)s any more.") % {"version": version}))


def _refuse_concerns(step: Step, answers: Mapping[str, Any]) -> None:
    """Nobody agrees with an item unanswered or a concern standing (CON-15…18)."""
    for item in step.checks:
        verdict = answers.get(item["code"], {}).get("verdict", "")
        if verdict == CONCERN:
            raise Missing(Reason(_("With a concern on record nobody agrees: send it back."), rule=item["rule"]))
        if not verdict:
            raise Missing(Reason(_("Every item of the checklist is to be answered."), rule=item["rule"]))


_CLOSES = {
    Opinion.Decision.AGREED: Seat.Outcome.AGREED,
    Opinion.Decision.ADVISED: Seat.Outcome.ADVISED,
    Opinion.Decision.RETURNED: Seat.Outcome.RETURNED,
    Opinion.Decision.REJECTED: Seat.Outcome.REJECTED,
}


def _take(act: Act, of: Round, seat: Seat, decision: Opinion.Decision, said: Said) -> None:
    close(seat, _CLOSES[decision], act)
    actor = act.actor

    def keep(entry: Entry) -> None:
        Opinion.objects.create(
            seat=seat,
            version_id=of.version_id,
            entry=entry,
            decision=decision,
            ground=said.ground,
            text=said.text,
            answers=dict(said.answers),
            by=actor.user,
            on_behalf_of=actor.on_behalf_of,
            at=act.at,
        )

    act.once_written(keep)
    OpinionDraft.objects.filter(seat=seat).delete()
    told = {"step": seat.step.code, "seat": seat.pk, "version": of.version.number}
    act.tell("decided", told if said.ground is None else {**told, "ground": said.ground.code})
    if actor.user is not None:
        act.involve(Involvement.Part.DECIDER, [actor.user.pk])


# --- what follows -------------------------------------------------------------------------------------------------
def settle(record: Reviewed, act: Act) -> str:
    """See whether the present step has passed, and go on to the next one if so."""
    board = Board.of(record)
    step = board.step
    if step is None:
        return str(record.state)
    seats = list(step.seats.all())
    open_seats = [seat for seat in seats if seat.outcome == Seat.Outcome.OPEN]
    if _enough(step, seats):
        kept = {seat.pk for seat in open_seats if _follows(seat)}
        for seat in open_seats:
            if seat.pk not in kept:
                close(seat, Seat.Outcome.MOOT, act)
        open_seats = [seat for seat in open_seats if seat.pk in kept]
    if open_seats:
        Board.forget(record)
        return str(record.state)
    _close_step(step, Step.Outcome.PASSED, act)
    Board.forget(record)
    return _open_next(record, act)


def _follows(seat: Seat) -> bool:
    """Whether a seat was added to come after one that has agreed: the step is not over without it."""
    return seat.origin == Seat.Origin.AFTER and seat.after is not None and seat.after.outcome == Seat.Outcome.AGREED


def _enough(step: Step, seats: Sequence[Seat]) -> bool:
    agreed = sum(1 for seat in seats if seat.outcome == Seat.Outcome.AGREED)
    if step.mode == Mode.ANY:
        return agreed > 0
    if step.mode == Mode.VOTE:
        return agreed >= (step.needed or 1)
    return not any(seat.outcome == Seat.Outcome.OPEN for seat in seats)


def _vote_goes_on(step: Step) -> bool:
    """Whether a vote can still reach its number after somebody was against it."""
    if step.mode != Mode.VOTE:
        return False
    seats = list(step.seats.exclude(origin=Seat.Origin.CONSULTED))
    possible = sum(1 for seat in seats if seat.outcome in {Seat.Outcome.OPEN, Seat.Outcome.AGREED})
    return possible >= (step.needed or 1)


def _go_back(record: Reviewed, act: Act, step: Step, back_to: Step | None) -> str:
    if back_to is None:
        return _end(record, act, step, Step.Outcome.RETURNED, Round.Outcome.RETURNED)
    if back_to.round_id != step.round_id or back_to.position >= step.position:
        raise Missing(Reason(_("It can only be sent back to an earlier step of this round.")))
    rows = list(Step.objects.filter(round_id=step.round_id).order_by("position"))
    again = _once_each(row for row in rows if back_to.position <= row.position)
    _stop(step, Step.Outcome.RETURNED, act)
    last = rows[-1].position
    Step.objects.bulk_create([_copy(row, last + n) for n, row in enumerate(again, start=1)])
    Board.forget(record)
    return _open_next(record, act)


def _once_each(rows: Any) -> list[Step]:
    """The steps of a way, each once, though some of them have been gone through more than once."""
    found: dict[str, Step] = {}
    for row in rows:
        found.setdefault(row.code, row)
    return list(found.values())


def _copy(row: Step, position: int) -> Step:
    names = ("round_id", "code", "stage", "name_zh", "name_en", "mode", "needed", "plan", "checks", "rule")
    return Step(position=position, **{name: getattr(row, name) for name in names})


def _end(record: Reviewed, act: Act, step: Step | None, of_step: Step.Outcome, of_round: Round.Outcome) -> str:
    going = Board.of(record).going
    if step is not None:
        _stop(step, of_step, act)
    return _finish(record, act, going, of_round)


def _stop(step: Step, outcome: Step.Outcome, act: Act) -> None:
    """Close a step before it has passed: who was still asked is not needed, what would have come is not reached."""
    step.seats.filter(outcome=Seat.Outcome.OPEN).update(outcome=Seat.Outcome.MOOT, closed_at=act.at)
    Step.objects.filter(round_id=step.round_id, outcome=Step.Outcome.COMING).update(
        outcome=Step.Outcome.DROPPED, closed_at=act.at
    )
    _close_step(step, outcome, act)


def _close_step(step: Step, outcome: Step.Outcome, act: Act) -> None:
    step.outcome, step.closed_at = outcome, act.at
    step.save(update_fields=["outcome", "closed_at"])


def _finish(record: Reviewed, act: Act, ended: Round, outcome: Round.Outcome) -> str:
    ended.outcome, ended.ended_at = outcome, act.at
    ended.save(update_fields=["outcome", "ended_at"])
    Board.forget(record)
    if outcome != Round.Outcome.WITHDRAWN:  # somebody has decided, which is what the time was for
        act.next_round(record.decision)
    act.announce(RoundEnded, round_id=ended.pk, outcome=str(outcome))
    record.round_ended(act, outcome)
    return str(record.outcomes[outcome])


def _open_next(record: Reviewed, act: Act) -> str:
    """Open the next step of the running round, or end the round as passed."""
    board = Board.of(record)
    coming = next((step for step in board.steps if step.outcome == Step.Outcome.COMING), None)
    if coming is None:
        return _finish(record, act, board.going, Round.Outcome.PASSED)
    coming.outcome, coming.opened_at = Step.Outcome.OPEN, act.at
    coming.save(update_fields=["outcome", "opened_at"])
    stage = record.stage(coming.stage)
    found = [] if stage.own else routes.places(record, coming.plan, coming.mode)
    seats = [_placed(coming, place, act) for place in found]
    Board.forget(record)
    act.next_round(record.decision)
    act.tell("asked", {"zh": coming.name_zh, "en": coming.name_en, "who": [named(seat) for seat in seats]})
    act.announce(StepOpened, step_id=coming.pk)
    if any(place.origin == Seat.Origin.KEEPER for place in found):
        act.tell("nobody", coming.code)
        act.announce(NobodyOnStep, step_id=coming.pk)
    return str(stage.state)


def _placed(step: Step, place: Place, act: Act) -> Seat:
    return seat_on(step, act, user=place.user, role=place.role, origin=place.origin, reason=place.reason)


# --- the author's own steps, and taking back -------------------------------------------------------------------------
def pass_own(record: Reviewed, act: Act) -> str:
    """Pass the present step, which is the author's to see to: what the customer says, for instance."""
    step = Board.of(record).step
    if step is None or not record.stage(step.stage).own:
        raise Missing(Reason(_("This step is not for its author to pass.")))
    _close_step(step, Step.Outcome.PASSED, act)
    Board.forget(record)
    return _open_next(record, act)


def fail_own(record: Reviewed, act: Act) -> str:
    """End the round on a step that is the author's to see to: it goes back to be written anew."""
    return _end(record, act, Board.of(record).step, Step.Outcome.RETURNED, Round.Outcome.RETURNED)


def withdraw(record: Reviewed, act: Act) -> str:
    """Take back what nobody has decided on yet. Raises Missing once somebody has."""
    board = Board.of(record)
    if board.decided():
        raise Missing(Reason(_("Somebody has decided already: it can no longer be withdrawn.")))
    return _end(record, act, board.step, Step.Outcome.DROPPED, Round.Outcome.WITHDRAWN)


def stop(record: Reviewed, act: Act) -> None:
    """End a running round because the record itself ends, for instance when it is cancelled."""
    board = Board.of(record)
    if board.running:
        _end(record, act, board.step, Step.Outcome.DROPPED, Round.Outcome.WITHDRAWN)
