"""Several people plan the same night, answer the same question or fetch the same password at once: one of them does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from core import clock
from duty import seeds, swaps
from duty.models import Post, Shift, Swap
from tests.cast import act
from tests.concurrency.at_once import at_once, sorted_out
from tests.night import ACCESS, SECRET, shift
from vault import log
from vault.models import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


@pytest.mark.rule("OFH-12")
def test_a_night_is_planned_once(cast: Cast) -> None:
    seeds.seed()
    now, post = clock.now(), Post.objects.get()

    def plan(number: int) -> Shift:
        engineer = (cast.engineer, cast.other_engineer)[number % 2]
        made = Shift(post=post, engineer=engineer, starts_at=now + number * HOUR, ends_at=now + 8 * HOUR)
        made.save()
        return made

    done, refused = sorted_out(at_once(6, plan), ValidationError)
    assert (len(done), len(refused)) == (1, 5)
    assert Shift.objects.count() == 1


@pytest.mark.rule("OFH-12")
def test_a_question_is_answered_once(cast: Cast) -> None:
    night = shift(cast.engineer, clock.now(), clock.now() + 8 * HOUR)
    swap = swaps.ask(night, of=cast.other_engineer, by=cast.engineer, reason="家中有事")

    def answer(number: int) -> Swap:
        if number % 2:
            return swaps.withdraw(swap, by=cast.engineer)
        return swaps.agree(swap, by=cast.other_engineer)

    done, refused = sorted_out(at_once(4, answer), ValidationError)
    assert (len(done), len(refused)) == (1, 3)
    night.refresh_from_db()
    agreed = done[0].outcome == Swap.Outcome.AGREED
    assert night.engineer == (cast.other_engineer if agreed else cast.engineer)


@pytest.mark.rule("OFH-05")
def test_a_password_is_handed_out_once(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket()
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    act(ticket, "record_access", cast.engineer, **ACCESS)
    look = Look.objects.get(entry=act(ticket, "reveal_access", cast.engineer, reason="登录"))
    done, refused = sorted_out(at_once(5, lambda _number: log.take(look.pk, cast.engineer)), log.LookOverError)
    assert (done, len(refused)) == ([SECRET], 4)
