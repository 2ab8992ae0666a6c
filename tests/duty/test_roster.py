"""The roster: who is on duty, what cannot be planned, exchanges on record, hours that nobody covers (OFH-12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from calendars.schedules import default_calendar
from core import clock
from duty import alarm, roster, seeds, swaps, tasks
from duty.models import Gap, Post, Shift, Swap
from duty.parties import DUTY_ENGINEER
from tests.night import CLOSING, OPENING, TEN_AT_NIGHT, shift
from workflow import outbox
from workflow.members import members_bulk
from workflow.parties import Party, RolePart, introduce, party

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tickets.models import Ticket

HOUR = timedelta(hours=1)


def sent(capture: Any) -> None:
    """Have all that waits in the outbox done, with what follows."""
    done = 1
    while done:
        with capture(execute=True):
            done = outbox.drain()


# --- who is on duty -----------------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-12")
def test_a_shift_covers_its_first_instant_and_not_its_last(night: Shift, cast: Cast) -> None:
    assert [s.engineer for s in roster.on_duty(CLOSING)] == [cast.engineer]
    assert roster.is_on_duty(cast.engineer, OPENING - timedelta(seconds=1))
    assert roster.on_duty(OPENING) == []
    assert not roster.is_on_duty(cast.other_engineer, TEN_AT_NIGHT)


@pytest.mark.rule("OFH-12")
def test_the_engineer_on_duty_is_a_party_that_the_kernel_knows(
    night: Shift, cast: Cast, new_ticket: Callable[..., Ticket], held_clock: Callable[..., Any]
) -> None:
    ticket = new_ticket()
    assert party("duty_engineer") == DUTY_ENGINEER
    assert DUTY_ENGINEER.includes(cast.engineer, ticket)
    assert not DUTY_ENGINEER.includes(cast.other_engineer, ticket)
    assert [slot.user_id for slot in DUTY_ENGINEER.slots(ticket)] == [cast.engineer.pk]
    assert "王工" in DUTY_ENGINEER.named(ticket)
    assert members_bulk([ticket], ["duty_engineer"])[ticket.pk, "duty_engineer"] == [cast.engineer.pk]
    held_clock(OPENING)
    assert not DUTY_ENGINEER.includes(cast.engineer, ticket)
    assert members_bulk([ticket], ["duty_engineer"]) == {}
    assert DUTY_ENGINEER.named(ticket) == DUTY_ENGINEER.label


def test_a_code_belongs_to_one_relation() -> None:
    assert introduce(DUTY_ENGINEER) == DUTY_ENGINEER
    with pytest.raises(ValueError, match="duty_engineer"):
        introduce(Party((RolePart("duty_engineer", "another"),)))


@pytest.mark.parametrize(
    ("local", "closed"),
    [
        ("2026-03-02 08:59", True),
        ("2026-03-02 09:00", False),
        ("2026-03-02 12:30", False),  # a lunch break is no night
        ("2026-03-02 18:00", True),
        ("2026-03-07 11:00", True),
    ],
)
def test_out_of_hours_is_before_opening_after_closing_and_on_days_off(cast: Cast, local: str, closed: bool) -> None:
    at = datetime.fromisoformat(f"{local}+08:00")
    assert roster.off_hours(at) is closed


def test_where_no_calendar_says_anything_it_is_never_night(db: None) -> None:
    assert roster.off_hours(TEN_AT_NIGHT) is False


def test_the_night_before_reaches_back_over_the_days_off(cast: Cast) -> None:
    monday = datetime(2026, 3, 9, 1, 5, tzinfo=UTC)
    night = roster.night_before(monday)
    assert (night.start, night.end) == (datetime(2026, 3, 6, 10, 0, tzinfo=UTC), monday - timedelta(minutes=5))
    late = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
    assert (roster.night_before(late).start, roster.night_before(late).end) == (late - 4 * HOUR, late)


# --- what cannot be planned ---------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-12")
@pytest.mark.parametrize(("since", "until"), [(-1, 1), (1, 2), (-1, 16), (14, 16), (0, 15)])
def test_shifts_of_a_post_never_overlap(night: Shift, cast: Cast, since: int, until: int) -> None:
    with pytest.raises(ValidationError) as refused:
        shift(cast.other_engineer, CLOSING + since * HOUR, CLOSING + until * HOUR)
    assert "王工" in str(refused.value.message_dict["starts_at"])
    assert Shift.objects.count() == 1


@pytest.mark.rule("OFH-12")
def test_one_shift_may_follow_another_and_another_post_is_another_matter(night: Shift, cast: Cast) -> None:
    shift(cast.other_engineer, OPENING, OPENING + HOUR)
    second = Post.objects.create(code="second", name_zh="二线", name_en="Second line")
    Shift.objects.create(post=second, engineer=cast.other_engineer, starts_at=CLOSING, ends_at=OPENING)
    assert Shift.objects.count() == 3


@pytest.mark.rule("OFH-12")
@pytest.mark.parametrize("until", [CLOSING, CLOSING - HOUR])
def test_a_shift_ends_after_it_starts(cast: Cast, held_clock: Callable[..., Any], until: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        shift(cast.engineer, CLOSING, until)
    assert list(refused.value.message_dict) == ["ends_at"]
    kept = shift(cast.engineer, CLOSING, OPENING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.filter(pk=kept.pk).update(ends_at=until)


@pytest.mark.rule("OFH-12")
@pytest.mark.parametrize("who", ["trainer", "director", "contact"])
def test_only_product_support_engineers_are_on_duty(cast: Cast, who: str) -> None:
    with pytest.raises(ValidationError) as refused:
        shift(vars(cast)[who], CLOSING, OPENING)
    assert list(refused.value.message_dict) == ["engineer"]


# --- exchanges ----------------------------------------------------------------------------------------------------
@pytest.fixture
def swap(cast: Cast, held_clock: Callable[..., Any]) -> Swap:
    """The engineer asks the other one to take tonight, for tomorrow night in return."""
    tonight = shift(cast.engineer, CLOSING, OPENING)
    tomorrow = shift(cast.other_engineer, CLOSING + 24 * HOUR, OPENING + 24 * HOUR)
    return swaps.ask(tonight, of=cast.other_engineer, by=cast.engineer, reason="孩子发烧", in_return=tomorrow)


@pytest.mark.rule("OFH-12")
def test_an_exchange_that_is_agreed_changes_both_shifts(swap: Swap, cast: Cast) -> None:
    swaps.agree(swap, by=cast.other_engineer)
    assert roster.on_duty(TEN_AT_NIGHT)[0].engineer == cast.other_engineer
    assert roster.on_duty(TEN_AT_NIGHT + 24 * HOUR)[0].engineer == cast.engineer
    swap.refresh_from_db()
    assert (swap.outcome, swap.answered_by) == ("agreed", cast.other_engineer)


@pytest.mark.rule("OFH-12")
@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_one_that_is_declined_or_withdrawn_stays_on_record_and_changes_nothing(
    swap: Swap, cast: Cast, end: str
) -> None:
    if end == "decline":
        swaps.decline(swap, by=cast.other_engineer, answer="当晚有事")
    else:
        swaps.withdraw(swap, by=cast.engineer)
    kept = Swap.objects.get()
    assert kept.outcome == {"decline": "declined", "withdraw": "withdrawn"}[end]
    assert kept.answered_at == clock.now()
    assert roster.on_duty(TEN_AT_NIGHT)[0].engineer == cast.engineer
    for again in (swaps.agree, swaps.withdraw):
        with pytest.raises(ValidationError):
            again(kept, by=cast.other_engineer)


@pytest.mark.rule("OFH-12")
def test_nobody_answers_for_somebody_else(swap: Swap, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        swaps.agree(swap, by=cast.engineer)
    with pytest.raises(ValidationError):
        swaps.withdraw(swap, by=cast.other_engineer)
    assert Swap.objects.get().outcome == "asked"


def test_what_cannot_be_asked_is_said_at_its_field(swap: Swap, cast: Cast, held_clock: Callable[..., Any]) -> None:
    mine = Shift.objects.get(engineer=cast.engineer)
    cases: list[tuple[str, dict[str, Any]]] = [
        ("shift", {"by": cast.other_engineer}),
        ("shift", {}),  # somebody was asked already
        ("of", {"of": cast.engineer}),
        ("in_return", {"in_return": mine}),
    ]
    usual: dict[str, Any] = {"of": cast.other_engineer, "by": cast.engineer, "reason": "x"}
    for field, other in cases:
        with pytest.raises(ValidationError) as refused:
            swaps.ask(mine, **usual | other)
        assert list(refused.value.message_dict) == [field]
    swaps.withdraw(swap, by=cast.engineer)
    with pytest.raises(ValidationError) as refused:
        swaps.ask(mine, of=cast.trainer, by=cast.engineer, reason="x")
    assert list(refused.value.message_dict) == ["of"]
    held_clock(OPENING)
    with pytest.raises(ValidationError):
        swaps.ask(mine, of=cast.other_engineer, by=cast.engineer, reason="x")


def test_an_exchange_of_a_shift_that_is_over_or_somebody_elses_is_refused(
    swap: Swap, cast: Cast, held_clock: Callable[..., Any]
) -> None:
    held_clock(OPENING)
    with pytest.raises(ValidationError):
        swaps.agree(swap, by=cast.other_engineer)


@pytest.mark.rule("OFH-12")
def test_the_colleague_and_then_the_asker_get_a_letter(
    swap: Swap, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    sent(django_capture_on_commit_callbacks)
    assert [m.to for m in mail.outbox] == [[cast.other_engineer.email]]
    assert "孩子发烧" in mail.outbox[0].body
    swaps.decline(swap, by=cast.other_engineer, answer="当晚有事")
    sent(django_capture_on_commit_callbacks)
    assert [m.to for m in mail.outbox[1:]] == [[cast.engineer.email]]
    assert "当晚有事" in mail.outbox[1].body


# --- gaps ---------------------------------------------------------------------------------------------------------
@pytest.mark.rule("OFH-12")
def test_hours_that_nobody_covers_are_told_to_the_director_once_each(
    night: Shift, cast: Cast, held_clock: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    found = alarm.look()
    assert found[0].starts_at == CLOSING + 24 * HOUR
    sent(django_capture_on_commit_callbacks)
    told = len(mail.outbox)
    assert {address for m in mail.outbox for address in m.to} == {cast.director.email}
    assert told == len(found) > 0
    held_clock(TEN_AT_NIGHT + HOUR)
    tasks.look_for_gaps()
    sent(django_capture_on_commit_callbacks)
    assert len(mail.outbox) == told


@pytest.mark.rule("OFH-12")
def test_a_gap_that_has_begun_is_still_the_same_gap(cast: Cast, held_clock: Callable[..., Any]) -> None:
    seeds.seed()
    held_clock(CLOSING - HOUR)
    alarm.look()
    held_clock(TEN_AT_NIGHT)
    assert alarm.look() == []
    assert Gap.objects.filter(starts_at=CLOSING).count() == 1


@pytest.mark.rule("OFH-12")
def test_a_covered_week_raises_no_alarm(cast: Cast, held_clock: Callable[..., Any]) -> None:
    shift(cast.engineer, CLOSING - timedelta(days=40), CLOSING + timedelta(days=20))
    assert alarm.look() == []


def test_a_house_without_a_calendar_has_no_gaps(cast: Cast, held_clock: Callable[..., Any]) -> None:
    seeds.seed()
    default_calendar().slots.all().delete()
    default_calendar().save()
    assert roster.uncovered(Post.objects.get(), clock.now(), 7) == []
