"""A review as a record's page shows it: the steps in their order, who sits on them and why, and what was said.

Before anything is submitted the same steps are the plan: who will see it, in which order, and why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from desk.timelines import door
from people.actors import Actor
from workflow.approvals.board import Board, is_waiting, seated
from workflow.approvals.deciding import VERDICTS, in_words
from workflow.approvals.parties import named
from workflow.approvals.rounds import CONCERN
from workflow.approvals.routes import LAST_KEEPER
from workflow.approvals.seats import MOST_PRESSED
from workflow.approvals.stages import Reviewing
from workflow.models import Mode, Opinion, Round, Seat, Step
from workflow.parties import role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from workflow.approvals.routes import Place, Plan, PlannedStep
    from workflow.models import Record

_LOOKS: dict[str, tuple[str, str]] = {
    Seat.Outcome.AGREED: ("check", "nearly"),
    Seat.Outcome.ADVISED: ("message", "active"),
    Seat.Outcome.RETURNED: ("arrow-back-up", "aside"),
    Seat.Outcome.REJECTED: ("ban", "over"),
    Seat.Outcome.TRANSFERRED: ("arrow-right", "done"),
    Seat.Outcome.REMOVED: ("user-minus", "done"),
    Seat.Outcome.MOOT: ("circle", "done"),
}
"""Shape and colour of what became of a seat."""
_STANDS: dict[str, tuple[str, str]] = {
    Step.Outcome.COMING: ("later", "circle"),
    Step.Outcome.OPEN: ("here", "circle-half-2"),
    Step.Outcome.PASSED: ("past", "check"),
    Step.Outcome.RETURNED: ("back", "arrow-back-up"),
    Step.Outcome.REJECTED: ("against", "ban"),
    Step.Outcome.DROPPED: ("out", "circle-dashed"),
}
"""Where a step stands on the way, and its shape."""


@dataclass(frozen=True)
class Verdict:
    """What was found of an item of the checklist."""

    item: str
    word: str
    code: str
    comment: str


@dataclass(frozen=True)
class Seating:
    """A seat as it is shown: whose, how it came about, and what became of it."""

    seat: Seat
    who: str
    how: str
    icon: str
    tone: str
    word: str
    by: str = ""
    channel: str = ""
    opinion: Opinion | None = None
    verdicts: list[Verdict] = field(default_factory=list)
    due_at: datetime | None = None
    pressed: str = ""

    @property
    def concerns(self) -> list[Verdict]:
        """What was found to be a concern."""
        return [verdict for verdict in self.verdicts if verdict.code == CONCERN]


@dataclass(frozen=True)
class Stop:
    """A step as it is shown; `when` says where it stands on the way."""

    name: str
    when: str
    icon: str
    word: str
    mode: str
    mode_means: str
    rule: str
    seats: list[Seating] = field(default_factory=list)
    why: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Way:
    """A round as it is shown, or the plan of one that has not begun."""

    stops: list[Stop]
    policy: str
    reason: str
    rule: str
    left_out: list[tuple[str, str]]
    round: Round | None = None


def is_reviewed(record: Any) -> bool:
    """Whether a record is one that people decide on."""
    return isinstance(record, Reviewing)


def way_of(of: Round, steps: Iterable[Step], due_at: datetime | None = None) -> Way:
    """A round with its steps; `due_at` is when the open step is to be decided on."""
    route = of.route
    left_out = [(in_words(each), _why(each)) for each in route.get("left_out", ())]
    stops = [_stop(step, due_at) for step in steps]
    return Way(stops, in_words(route, "policy"), in_words(route, "reason"), route.get("rule", ""), left_out, of)


def _why(left_out: Mapping[str, Any]) -> str:
    why = left_out.get("why", "")
    return in_words(why) if isinstance(why, dict) else str(why)


def _stop(step: Step, due_at: datetime | None) -> Stop:
    when, icon = _STANDS[step.outcome]
    word, means = mode_words(step.mode, step.needed)
    seats = [_seating(step, seat, due_at) for seat in step.seats.all()]
    several = sum(1 for seat in seats if seat.seat.origin != Seat.Origin.CONSULTED) > 1
    return Stop(
        name=step.name,
        when=when,
        icon=icon,
        word=step.get_outcome_display(),
        mode=word if several or step.mode == Mode.VOTE else "",
        mode_means=means,
        rule=step.rule,
        seats=seats,
        opened_at=step.opened_at,
        closed_at=step.closed_at,
    )


def mode_words(mode: str, needed: int | None) -> tuple[str, str]:
    """How many have to agree, as a word and as what it means."""
    if mode == Mode.ANY:
        return _("any-one sign-off"), _("The first who decides, decides for all of them.")
    if mode == Mode.VOTE:
        return _("vote: %(n)s needed") % {"n": needed}, _("It passes as soon as so many of them agree.")
    return _("joint sign-off"), _("All of them have to agree.")


def _seating(step: Step, seat: Seat, due_at: datetime | None) -> Seating:
    opinion: Opinion | None = getattr(seat, "opinion", None)
    if seat.outcome != Seat.Outcome.OPEN:
        icon, tone = _LOOKS[seat.outcome]
        word = str(opinion.get_decision_display() if opinion is not None else seat.get_outcome_display())
        by, channel = _by(seat, opinion)
        return Seating(
            seat, named(seat), _how(seat), icon, tone, word, by, channel, opinion, verdicts(step.checks, opinion)
        )
    waits = is_waiting(seat) and step.outcome == Step.Outcome.OPEN
    icon, tone, word = ("hourglass", "aside", _("waits")) if waits else ("circle", "done", _("after the others"))
    pressed = _("pressed %(n)s of %(most)s times") % {"n": seat.pressed, "most": MOST_PRESSED} if seat.pressed else ""
    return Seating(seat, named(seat), _how(seat), icon, tone, word, due_at=due_at if waits else None, pressed=pressed)


def _by(seat: Seat, opinion: Opinion | None) -> tuple[str, str]:
    """Who decided, where it says more than whose seat it is; and by which door."""
    if opinion is None:
        return "", ""
    channel = str(getattr(seat, "channel", "") or "")
    by = Actor(opinion.by, opinion.on_behalf_of, channel)
    said = str(by) if opinion.on_behalf_of_id is not None or opinion.by_id != seat.user_id else ""
    return said, door(channel)


def _how(seat: Seat) -> str:
    """How a seat came about, where it is not by the policy alone."""
    if seat.origin == Seat.Origin.POLICY:
        return ""
    if seat.set_by is None or seat.origin in {Seat.Origin.SUPERIOR, Seat.Origin.KEEPER}:
        return str(seat.get_origin_display())
    return _("%(how)s by %(who)s") % {"how": seat.get_origin_display(), "who": seat.set_by}


def verdicts(checks: Iterable[Mapping[str, str]], opinion: Opinion | None) -> list[Verdict]:
    """What was found of each item, in the order in which they were asked."""
    if opinion is None or not opinion.answers:
        return []
    words = {code: str(word) for code, word in VERDICTS}
    found = ((in_words(item), opinion.answers.get(item["code"], {})) for item in checks)
    return [
        Verdict(item, words.get(told.get("verdict", ""), ""), told.get("verdict", ""), told.get("comment", ""))
        for item, told in found
        if told.get("verdict")
    ]


# --- the plan -----------------------------------------------------------------------------------------------------
def way_ahead(plan: Plan) -> Way:
    """A plan as it is shown."""
    stops = [_planned(step) for step in plan.steps]
    left_out = [(step.name, str(step.left_out)) for step in plan.left_out]
    return Way(stops, str(plan.policy), plan.reason, plan.policy.rule, left_out)


def _planned(step: PlannedStep) -> Stop:
    word, means = mode_words(step.mode, step.needed)
    seats = [_place(place) for place in step.places]
    shown = word if len(seats) > 1 or step.mode == Mode.VOTE else ""
    return Stop(step.name, "later", "circle", "", shown, means, step.rule, seats)


def _place(place: Place) -> Seating:
    origin = Seat.Origin(place.origin)
    how = "" if origin == Seat.Origin.POLICY else str(origin.label)
    seat = Seat(user=place.user, role=place.role, origin=origin, reason=place.reason)
    who = place.label
    if place.role and place.role != LAST_KEEPER:
        who = _("whoever is %(role)s") % {"role": role(place.role).label}
    return Seating(seat, who, how, "user", "done", "")


def plans_ahead(record: Record, board: Board) -> bool:
    """Whether a round is still to come: nothing is decided on, and nothing has been decided for good."""
    ended = {Round.Outcome.PASSED, Round.Outcome.REJECTED}
    return record.is_open and not board.running and (board.round is None or board.round.outcome not in ended)


def earlier_ways(record: Record, before: int) -> list[Way]:
    """The rounds before one, the latest first, however many: two queries."""
    steps = seated(Step.objects.filter(round__record=record.pk, round__number__lt=before))
    by_round = ([*of_round] for _pk, of_round in groupby(steps, key=lambda step: step.round_id))
    return [way_of(of_round[0].round, of_round) for of_round in by_round]
