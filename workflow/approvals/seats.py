"""Seats: set on a step, closed once, handed on, added before, after and beside, removed, pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from workflow.approvals.board import Board
from workflow.approvals.parties import author_of
from workflow.models import Involvement, Seat
from workflow.refusals import Missing, NotAllowed, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from people.models import User
    from workflow.flow import Act
    from workflow.models import Record, Step

ADDED = (Seat.Origin.BEFORE, Seat.Origin.AFTER, Seat.Origin.BESIDE, Seat.Origin.CONSULTED)
"""How seats come about that somebody on the step has asked for, and may take away again."""
MOST_PRESSED = 3
"""How often somebody may be pressed to decide, on one seat."""


def close(seat: Seat, outcome: Seat.Outcome, act: Act) -> None:
    """Close a seat, once and for all."""
    seat.outcome, seat.closed_at = outcome, act.at
    seat.save(update_fields=["outcome", "closed_at"])


def seat_on(  # noqa: PLR0913 - what a seat consists of
    step: Step,
    act: Act,
    *,
    user: User | None = None,
    role: str = "",
    origin: str,
    reason: str = "",
    source: Seat | None = None,
    after: Seat | None = None,
) -> Seat:
    """Set a seat on a step; whoever gets it may see the record from then on."""
    if user is not None:
        act.involve(Involvement.Part.DECIDER, [user.pk])
    return Seat.objects.create(
        step=step,
        user=user,
        role=role,
        origin=origin,
        reason=reason,
        set_by=act.actor.user,
        set_at=act.at,
        source=source,
        after=after,
    )


def own_seat(record: Record, act: Act) -> Seat:
    """The actor's waiting seat. Raises NotAllowed without one."""
    user = act.actor.on_behalf_of or act.actor.user
    seat = Board.of(record).seat_of(user) if user is not None else None
    if seat is None:
        raise NotAllowed(Reason(_("This was decided meanwhile.")))
    return seat


def transfer(record: Record, act: Act, person: User, reason: str) -> None:
    """Hand one's seat over for good (转办). Raises Missing for somebody who cannot take it."""
    seat = own_seat(record, act)
    _refuse_unfit(record, seat.step, [person])
    _hand_on(seat, person, act, Seat.Outcome.TRANSFERRED, Seat.Origin.TRANSFERRED, reason)
    Board.forget(record)


def _hand_on(seat: Seat, person: User, act: Act, outcome: Seat.Outcome, origin: Seat.Origin, reason: str) -> Seat:
    # Who was asked in before, after or for an opinion only, is followed by somebody who is asked in the same way.
    origin = Seat.Origin(seat.origin) if seat.origin in ADDED else origin
    after = seat.after
    close(seat, outcome, act)
    made = seat_on(seat.step, act, user=person, origin=origin, reason=reason, source=seat, after=after)
    Seat.objects.filter(after=seat, outcome=Seat.Outcome.OPEN).update(after=made)
    return made


def consult(record: Record, act: Act, person: User, question: str) -> None:
    """Ask somebody for an opinion; the seat comes back to who asked, and who asked decides (委派)."""
    seat = own_seat(record, act)
    _refuse_unfit(record, seat.step, [person])
    asked = seat_on(seat.step, act, user=person, origin=Seat.Origin.CONSULTED, reason=question, source=seat)
    _wait_for(seat, asked)
    Board.forget(record)


def add(record: Record, act: Act, people: Iterable[User], where: str, reason: str) -> None:
    """Have others decide as well (加签): before oneself, after, or at the same time. Raises Missing for who cannot."""
    seat = own_seat(record, act)
    chosen = list(people)
    _refuse_unfit(record, seat.step, chosen)
    if where == Seat.Origin.BEFORE and len(chosen) != 1:
        raise Missing(Reason(_("One at a time can be added before oneself.")))
    for person in chosen:
        after = seat if where == Seat.Origin.AFTER else None
        made = seat_on(seat.step, act, user=person, origin=where, reason=reason, source=seat, after=after)
        if where == Seat.Origin.BEFORE:
            _wait_for(seat, made)
    Board.forget(record)


def _wait_for(seat: Seat, other: Seat) -> None:
    seat.after = other
    seat.save(update_fields=["after"])


def _refuse_unfit(record: Record, step: Step, people: Iterable[User]) -> None:
    seated = set(step.seats.filter(outcome=Seat.Outcome.OPEN).values_list("user_id", flat=True))
    for person in people:
        if person.is_customer or not person.is_active:
            raise Missing(Reason(_("%(person)s cannot decide here.") % {"person": person}))
        if person.pk == author_of(record):
            raise Missing(
                Reason(_("%(person)s is the author, and nobody decides on their own work.") % {"person": person})
            )
        if person.pk in seated:
            raise Missing(Reason(_("%(person)s has a seat on this step already.") % {"person": person}))


def remove(record: Record, act: Act, seat: Seat) -> None:
    """Take away a seat that was asked for on this step and not taken yet (减签). Raises Missing otherwise."""
    step = Board.of(record).step
    user = act.actor.on_behalf_of or act.actor.user
    mine = user is not None and user.pk in _askers(seat)
    if step is None or seat.step_id != step.pk or seat.origin not in ADDED or seat.outcome or not mine:
        raise Missing(Reason(_("Only who was asked in by oneself, and has not decided, can be taken off.")))
    close(seat, Seat.Outcome.REMOVED, act)
    Board.forget(record)


def _askers(seat: Seat) -> set[int | None]:
    """Those from whose seats a seat has come about, hand over hand."""
    found: set[int | None] = set()
    while seat.source is not None:
        seat = seat.source
        found.add(seat.user_id)
    return found


def reassign(record: Record, act: Act, seat: Seat, person: User, reason: str) -> None:
    """Give somebody's seat to another from outside: the one is away for long, or has left. Raises Missing."""
    step = Board.of(record).step
    if step is None or seat.step_id != step.pk or seat.outcome:
        raise Missing(Reason(_("Nobody is asked there any more.")))
    _refuse_unfit(record, step, [person])
    _hand_on(seat, person, act, Seat.Outcome.TRANSFERRED, Seat.Origin.REPLACED, reason)
    Board.forget(record)


def press(record: Record, act: Act) -> None:
    """Remind those whose decision waits (催办). Raises Missing once each has been pressed often enough."""
    waiting = [seat for seat in Board.of(record).waiting if seat.pressed < MOST_PRESSED]
    if not waiting:
        raise Missing(Reason(_("They have been pressed %(times)s times already.") % {"times": MOST_PRESSED}))
    for seat in waiting:
        seat.pressed += 1
        seat.save(update_fields=["pressed"])
    act.tell("pressed", [seat.pk for seat in waiting])
    Board.forget(record)


def fill_vacancy(record: Record, act: Act, seat: Seat) -> None:
    """Give the seat of somebody who has left to the superior, or to the step's keeper. Raises Missing if there is none.

    Who would do so has not to be the author, nor to be seated already: then the seat is the keeper's.
    """
    from workflow.approvals import routes

    step = Board.of(record).step
    left = seat.user
    if step is None or seat.step_id != step.pk or seat.outcome or left is None or left.is_active:
        raise Missing(Reason(_("Nobody has left there.")))
    seated = set(step.seats.filter(outcome=Seat.Outcome.OPEN).exclude(pk=seat.pk).values_list("user_id", flat=True))
    place = routes.instead_of_leaver(left, step.plan, author_of(record), seated)
    # Who was asked in before, after or for an opinion only, is followed by somebody who is asked in the same way.
    origin = seat.origin if seat.origin in ADDED else Seat.Origin.REPLACED
    after = seat.after
    close(seat, Seat.Outcome.TRANSFERRED, act)
    made = seat_on(
        step, act, user=place.user, role=place.role, origin=origin, reason=place.reason, source=seat, after=after
    )
    Seat.objects.filter(after=seat, outcome=Seat.Outcome.OPEN).update(after=made)
    Board.forget(record)
