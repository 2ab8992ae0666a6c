"""The one door by which an exchange of shifts comes about: asked by one, answered by the other, kept for ever.

An exchange belongs to no customer and so is no record of the kernel (docs/adr/0007-swaps-of-shifts.md). It is held to
the same habits: locks, one transaction, who may, a refusal with its reason, and nothing that can happen twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from duty import letters
from duty.models import Shift, Swap, can_be_on_duty

if TYPE_CHECKING:
    from people.models import User


@transaction.atomic
def ask(shift: Shift, *, of: User, by: User, reason: str, in_return: Shift | None = None) -> Swap:
    """Ask a colleague to take one's shift. Raises ValidationError at the field that stands against it."""
    held = Shift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
    if held.engineer_id != by.pk:
        raise ValidationError({"shift": _("Only whose shift it is can ask for an exchange.")})
    if held.ends_at <= clock.now():
        raise ValidationError({"shift": _("This shift is over.")})
    if of.pk == by.pk:
        raise ValidationError({"of": _("Ask somebody else.")})
    if in_return is not None and (in_return.engineer_id != of.pk or in_return.ends_at <= clock.now()):
        raise ValidationError({"in_return": _("This is no coming shift of that colleague.")})
    if held.swaps.filter(outcome=Swap.Outcome.ASKED).exists():
        raise ValidationError({"shift": _("Somebody has been asked to take this shift already.")})
    if not can_be_on_duty(of):
        raise ValidationError({"of": _("Only an active product support engineer can be on duty.")})
    swap = Swap.objects.create(
        shift=held, in_return=in_return, asked_by=by, asked_of=of, reason=reason, asked_at=clock.now()
    )
    letters.swap_asked(swap)
    return swap


def agree(swap: Swap, *, by: User) -> Swap:
    """Take the shift: from now on it is the colleague's, and the one in return the asker's. Raises ValidationError."""
    with transaction.atomic():
        found = _answer(swap, by, Swap.Outcome.AGREED, "")
        for shift, engineer in ((found.shift, found.asked_of), (found.in_return, found.asked_by)):
            if shift is not None:
                shift.engineer = engineer
                shift.save()
        letters.swap_answered(found)
    return found


def decline(swap: Swap, *, by: User, answer: str) -> Swap:
    """Say no, and why; it stays on record. Raises ValidationError."""
    with transaction.atomic():
        found = _answer(swap, by, Swap.Outcome.DECLINED, answer)
        letters.swap_answered(found)
    return found


def withdraw(swap: Swap, *, by: User) -> Swap:
    """Take the question back before it is answered; it stays on record. Raises ValidationError."""
    with transaction.atomic():
        return _answer(swap, by, Swap.Outcome.WITHDRAWN, "")


def _answer(swap: Swap, by: User, outcome: str, answer: str) -> Swap:
    """End an open exchange under its lock, by the one whose word it is."""
    rows = Swap.objects.select_for_update(of=("self",)).select_related(
        "shift", "in_return", "asked_by", "asked_of", "shift__post"
    )
    found = rows.get(pk=swap.pk)
    if found.outcome != Swap.Outcome.ASKED:
        raise ValidationError(
            _("This question has been answered already: %(state)s.") % {"state": found.get_outcome_display()}
        )
    whose = found.asked_by_id if outcome == Swap.Outcome.WITHDRAWN else found.asked_of_id
    if by.pk != whose:
        raise ValidationError(_("This is not yours to answer."))
    if outcome == Swap.Outcome.AGREED and _moved(found):
        raise ValidationError(_("One of the shifts is over or somebody else's by now; ask anew."))
    found.answered_by, found.answered_at, found.answer = by, clock.now(), answer
    found.outcome = outcome
    found.save()
    return found


def _moved(swap: Swap) -> bool:
    pairs = ((swap.shift, swap.asked_by_id), (swap.in_return, swap.asked_of_id))
    now = clock.now()
    return any(shift.engineer_id != whose or shift.ends_at <= now for shift, whose in pairs if shift is not None)
