"""Reading where a record's review stands: its present round, the steps, and whose seats wait."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext as _

from core.prepared import fetch, hang
from workflow.models import Opinion, Round, Seat, Step
from workflow.refusals import Reason, WrongState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from people.models import User
    from workflow.models import Record

_KEPT = "_review_board"
_NOT_COUNTED = (Seat.Origin.CONSULTED,)


@dataclass
class Board:
    """The last round of a record, read in two queries and kept on the record object until it is forgotten.

    A round has steps, or it would not have begun. What its version consists of is read only where it is asked for.
    """

    record: Record
    round: Round | None = None
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def of(cls, record: Record) -> Board:
        """The board of a record; without a round as long as none has begun."""
        kept = record.__dict__.get(_KEPT)
        if kept is None:
            kept = record.__dict__[_KEPT] = cls._read(record)
        return kept

    @staticmethod
    def forget(record: Record) -> None:
        """Read anew when asked next."""
        record.__dict__.pop(_KEPT, None)

    @classmethod
    def _read(cls, record: Record) -> Board:
        if record.pk is None:
            return cls(record)
        steps = fetch("steps of the last round", _last_steps, record.pk)
        of: dict[int, list[Seat]] = defaultdict(list)
        for seat in fetch("seats of the last round", _last_seats, record.pk) if steps else ():
            of[seat.step_id].append(seat)
        for step in steps:
            hang(step, "seats", of[step.pk])
            step.round = steps[0].round  # one object, whichever way one comes to it
        return cls(record, steps[0].round if steps else None, steps)

    @property
    def running(self) -> bool:
        """Whether a round is under way."""
        return self.round is not None and self.round.outcome == Round.Outcome.RUNNING

    @property
    def going(self) -> Round:
        """The round under way. Raises WrongState without one."""
        if self.round is None or not self.running:
            raise WrongState(Reason(_("Nothing is being decided on here.")))
        return self.round

    @property
    def step(self) -> Step | None:
        """The step that is decided on now."""
        return next((step for step in self.steps if step.outcome == Step.Outcome.OPEN), None) if self.running else None

    @property
    def waiting(self) -> list[Seat]:
        """The seats of the present step on which something waits now: open, and after nobody who is still asked."""
        step = self.step
        return [seat for seat in step.seats.all() if is_waiting(seat)] if step is not None else []

    @property
    def deciding(self) -> list[Seat]:
        """The waiting seats whose decision counts."""
        return [seat for seat in self.waiting if seat.origin not in _NOT_COUNTED]

    @property
    def consulted(self) -> list[Seat]:
        """The waiting seats of those who were asked for an opinion."""
        return [seat for seat in self.waiting if seat.origin in _NOT_COUNTED]

    def seat_of(self, user: User, *, consulted: bool = False) -> Seat | None:
        """The waiting seat that a person may take; the person's own before one of a role."""
        seats = self.consulted if consulted else self.deciding
        own = (seat for seat in seats if seat.user_id == user.pk)
        lent = (seat for seat in seats if seat.role and user.has_role(seat.role))
        return next(own, None) or next(lent, None)

    def taken_by_other(self, user: User) -> Seat | None:
        """The last seat that would have been the person's, had not somebody decided before."""
        taken = [
            seat
            for step in self.steps
            for seat in step.seats.all()
            if seat.closed_at is not None and (seat.user_id == user.pk or (seat.role and user.has_role(seat.role)))
        ]
        return max(taken, key=lambda seat: (seat.closed_at, seat.pk), default=None)

    def decided(self) -> bool:
        """Whether anybody has said anything in this round, in its author's place or in another."""
        said = {Seat.Outcome.AGREED, Seat.Outcome.ADVISED, Seat.Outcome.RETURNED, Seat.Outcome.REJECTED}
        return any(seat.outcome in said for step in self.steps for seat in step.seats.all())

    def opinions(self) -> list[Opinion]:
        """What was said in this round, in order."""
        found = [seat.opinion for step in self.steps for seat in step.seats.all() if hasattr(seat, "opinion")]
        return sorted(found, key=lambda opinion: opinion.pk)


def is_waiting(seat: Seat) -> bool:
    """Whether a seat can be taken now."""
    blocked = seat.after is not None and seat.after.outcome == Seat.Outcome.OPEN
    return seat.outcome == Seat.Outcome.OPEN and not blocked


def seated(steps: Any) -> list[Step]:
    """Steps with their rounds, the seats on them, and what was said there: two queries, however many there are."""
    return list(_stepwise(steps).prefetch_related(Prefetch("seats", _with_opinions(Seat.objects.all()))))


def _last_steps(record: int) -> Any:
    return _stepwise(Step.objects.filter(round=_last_round(record)))


def _last_seats(record: int) -> Any:
    return _with_opinions(Seat.objects.filter(step__round=_last_round(record)))


def _last_round(record: int) -> Any:
    return Round.objects.filter(record=record).order_by("-number").values("pk")[:1]


def _stepwise(steps: Any) -> Any:
    found = steps.select_related("round__version__made_by").defer("round__version__content")
    return found.order_by("-round__number", "position")


def _with_opinions(seats: Any) -> Any:
    people = ("user", "set_by", "after", "opinion__by", "opinion__on_behalf_of", "opinion__ground")
    return seats.select_related(*people).annotate(channel=F("opinion__entry__channel")).order_by("id")


def waiting_seats(records: Iterable[Record]) -> Any:
    """The waiting seats on present steps of many records, one query."""
    open_steps = Seat.objects.filter(
        outcome=Seat.Outcome.OPEN, step__outcome=Step.Outcome.OPEN, step__round__outcome=Round.Outcome.RUNNING
    )
    free = Q(after__isnull=True) | ~Q(after__outcome=Seat.Outcome.OPEN)
    return open_steps.filter(free, step__round__record__in=[record.pk for record in records])
