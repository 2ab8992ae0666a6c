"""What is settled of days that are over, with what is counted when asked, is exactly what counting everything gives."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from reports import rulebook, tallies, tasks
from reports.models import RuleDay, Settled
from reports.periods import Days
from tests.cast import act
from workflow import sweep
from workflow.models import Deadline, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

    Hold = Callable[[datetime], Any]

pytestmark = pytest.mark.django_db
PERIODS = [
    Days(date(2026, 2, 1), date(2026, 2, 28)),
    Days(date(2026, 3, 1), date(2026, 3, 31)),
    Days(date(2026, 3, 4), date(2026, 3, 4)),
    Days(date(2025, 1, 1), date(2026, 12, 31)),
]


def numbers(user: User) -> list[Any]:
    """All that the handbook's pages say to somebody, period by period, rule by rule, person by person."""
    found: list[Any] = []
    for days in PERIODS:
        rules = rulebook.by_rule(user, days)
        found.append({rule: (tally.step, tally.kept, tally.missed) for rule, tally in rules.items()})
        for rule in sorted(rules):
            people = rulebook.by_person(rule, user, days)
            found.append({key: (t.step, t.kept, t.missed) for key, t in people.items()})
    return found


def counted(user: User) -> list[Any]:
    """The same, with nothing settled."""
    kept = list(Settled.objects.all())
    Settled.objects.all().delete()
    try:
        return numbers(user)
    finally:
        Settled.objects.bulk_create(kept)


def agree(cast: Cast, *parts: str) -> None:
    """Whoever asks gets what counting gives: of some people, or of all."""
    for part, person in vars(cast).items():
        if not person.is_customer and part in (parts or vars(cast)):
            assert numbers(person) == counted(person), part


def test_settled_and_counted_together_are_what_counting_gives_to_everybody(
    cast: Cast, tickets: dict[str, Ticket]
) -> None:
    tasks.settle()
    assert RuleDay.objects.filter(whole=True).exists()
    assert RuleDay.objects.filter(whole=False).exists()
    agree(cast)
    assert any(numbers(cast.director)), "there is something to be counted"


def test_it_stays_so_while_days_pass_work_goes_on_and_nights_settle_it(
    cast: Cast, tickets: dict[str, Ticket], held_clock: Hold
) -> None:
    for _night in range(6):
        tallies.settle()
        tallies.settle()
        for ticket in tickets.values():
            ticket.refresh_from_db()
            act(ticket, "note", cast.specialist, text="…")
        sweep.run()
        open_ = Deadline.objects.open().order_by("due_at").first()
        if open_ is not None:
            record = Record.objects.get(pk=open_.record_id).concrete
            if "cancel" in type(record).verbs and record.is_open:  # type: ignore[attr-defined]
                act(record, "cancel", cast.specialist, reason="重复登记")
        agree(cast, "director", "specialist", "engineer")
        held_clock(clock.now() + timedelta(hours=31))
    agree(cast)


def test_a_miss_that_is_open_is_counted_and_settled_only_when_it_is_closed(
    cast: Cast, tickets: dict[str, Ticket], held_clock: Hold
) -> None:
    held_clock(clock.now() + timedelta(days=20))
    sweep.run()
    tallies.settle()
    missed = Deadline.objects.open().filter(missed_at__isnull=False).exclude(rule="").first()
    assert missed is not None
    before = rulebook.by_rule(cast.director, PERIODS[3])[missed.rule].missed
    Deadline.objects.filter(pk=missed.pk).update(outcome="met_late", closed_at=clock.now(), next_fire_at=None)
    for _night in range(3):
        assert rulebook.by_rule(cast.director, PERIODS[3])[missed.rule].missed == before
        held_clock(clock.now() + timedelta(days=1))
        tallies.settle()
    assert rulebook.by_rule(cast.director, PERIODS[3])[missed.rule].missed == before
    agree(cast)


def test_with_whom_a_promise_lies_is_who_has_the_record_now(cast: Cast, tickets: dict[str, Ticket]) -> None:
    tallies.settle()
    Record.objects.filter(handler=cast.engineer).update(handler=cast.other_engineer)
    people = rulebook.by_person("TKT-16", cast.director, PERIODS[1])
    assert cast.engineer.pk not in people
    assert people[cast.other_engineer.pk].kept == 1
    agree(cast)


def test_what_came_late_is_in_the_next_night(
    cast: Cast, tickets: dict[str, Ticket], new_ticket: Callable[..., Ticket], held_clock: Hold
) -> None:
    tallies.settle()
    now = clock.now()
    with clock.held(now - timedelta(days=3)):
        new_ticket(title="补录")
    assert numbers(cast.director) != counted(cast.director)
    tallies.settle()
    agree(cast)


def test_the_day_that_runs_is_never_settled(cast: Cast, tickets: dict[str, Ticket], held_clock: Hold) -> None:
    midnight = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    for moment, over in (
        (midnight + timedelta(minutes=30), midnight.date() - timedelta(days=1)),
        (midnight + timedelta(minutes=100), midnight.date()),
        (midnight + timedelta(hours=23), midnight.date()),
    ):
        held_clock(moment)
        tallies.settle()
        assert tallies.until() == over


def test_where_something_else_is_looked_for_all_is_counted_until_it_is_settled_anew(
    cast: Cast, tickets: dict[str, Ticket]
) -> None:
    tallies.settle()
    Settled.objects.update(meant="what an earlier version looked for")
    RuleDay.objects.update(number=1000)
    assert tallies.until() is None
    right = numbers(cast.director)
    tallies.settle()
    assert (numbers(cast.director), tallies.until() is not None) == (right, True)


def test_of_a_period_that_is_settled_no_act_is_counted_and_of_promises_only_what_is_open_or_fresh(
    cast: Cast, tickets: dict[str, Ticket]
) -> None:
    tallies.settle()
    february = PERIODS[0]
    with CaptureQueriesContext(connection) as asked:
        rulebook.by_rule(cast.director, february)
    statements = [query["sql"] for query in asked.captured_queries]
    assert not any("workflow_entry" in sql for sql in statements)
    due = [sql for sql in statements if "workflow_deadline" in sql]
    assert len(due) == 2
    assert all('"closed_at" IS NULL' in sql or '"closed_at" >=' in sql for sql in due)


def test_nothing_to_settle_is_settled_too(db: None) -> None:
    assert tallies.settle() == 0
    assert RuleDay.objects.count() == 0
