"""What is asked by hand or from a prepared query says the same as the querysets whose meaning it shares."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock, prepared
from desk import standing
from duty import roster
from notifications.models import Notice
from people.actors import principals_of
from people.models import Substitution, User
from tests.browser.house import worked_on
from tests.cast import act
from tests.night import CLOSING, OPENING, TEN_AT_NIGHT
from tickets.models import Ticket
from workflow.models import Record, WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.test import Client

    from duty.models import Shift
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def by_number(number: str) -> Any:
    return Ticket.objects.select_related("customer__account_manager", "handler", "severity").filter(number=number)


@pytest.mark.kernel
def test_a_prepared_query_gives_the_same_rows_for_every_value(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    first, second = new_ticket(title="first"), new_ticket(title="second", severity="urgent")
    act(second, "dispatch", cast.specialist, handler=cast.engineer.pk)
    for ticket in (first, second, first):
        (found,) = prepared.fetch("by number", by_number, ticket.number)
        expected = by_number(ticket.number).get()
        assert found == expected
        for field in Ticket._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(expected, field.attname), field
        with CaptureQueriesContext(connection) as asked:
            related = (found.customer.account_manager, found.handler, found.severity)
        assert related == (cast.account_manager, expected.handler, expected.severity)
        assert len(asked) == 0
        assert (found._state.db, found._state.adding) == ("default", False)
    assert prepared.fetch("by number", by_number, "TK-20260301-9999") == []


@pytest.mark.kernel
def test_a_prepared_query_takes_keys_of_rows_and_counts_up_to_a_limit(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    for _n in range(3):
        new_ticket()

    def of(pk: int) -> Any:
        return Record.objects.filter(specialist=pk).order_by("-id")

    for person, number in ((cast.specialist, 3), (cast.engineer, 0), (cast.specialist, 3)):
        assert prepared.fetch("of", of, person.pk) == list(of(person.pk))
        assert prepared.count("of", of, person.pk, most=10) == number
    assert prepared.count("of", of, cast.specialist.pk, most=2) == 2


@pytest.mark.kernel
def test_a_prepared_query_takes_however_many_keys_and_a_row_met_before_is_the_same_object(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    tickets = [new_ticket() for _n in range(4)]
    keys = [ticket.pk for ticket in tickets]

    def of(*pks: int) -> Any:
        return Ticket.objects.select_related("customer", "specialist").filter(pk__in=pks).order_by("pk")

    def told(*pks: int) -> Any:
        return of(*pks).values_list("number", "created_at")

    for some in (keys, keys[:1], keys[1:3], []):
        found = prepared.fetch_of("of keys", of, some)
        assert [ticket.pk for ticket in found] == sorted(some)
        assert len({id(ticket.customer) for ticket in found}) == min(len(some), 1)
        numbers = [(ticket.number, ticket.created_at) for ticket in tickets if ticket.pk in some]
        assert prepared.tuples_of("of keys", told, some) == numbers


@pytest.mark.kernel
def test_days_and_moments_go_into_a_prepared_query_too(
    held_clock: Callable[[datetime], Any], new_ticket: Callable[..., Ticket]
) -> None:
    first = new_ticket()
    held_clock(clock.now() + timedelta(days=2))
    second = new_ticket()

    def since(moment: datetime, day: date) -> Any:
        rows = Ticket.objects.filter(created_at__gte=moment, created_at__date__lte=day)
        return rows.order_by("pk").values_list("number")

    for moment, day, numbers in (
        (first.created_at, second.created_at.date(), [first.number, second.number]),
        (second.created_at, second.created_at.date(), [second.number]),
        (first.created_at, first.created_at.date(), [first.number]),
    ):
        assert prepared.tuples("since", since, moment, day) == [(number,) for number in numbers]


def test_rows_that_were_read_already_are_what_their_owner_has(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    ticket = new_ticket()
    work = list(WorkItem.objects.filter(record=ticket.pk))
    assert work
    record = Record.objects.get(pk=ticket.pk)
    with CaptureQueriesContext(connection) as asked:
        prepared.hang(record, "work_items", work)
        assert list(record.work_items.all()) == work
        assert all(item.record is record for item in work)
    assert not asked.captured_queries
    assert list(record.work_items.filter(pk=work[0].pk)) == work[:1]


def test_what_cannot_be_prepared_is_simply_run(cast: Cast) -> None:
    def names(pk: int) -> Any:
        return User.objects.filter(pk=pk).values_list("username", flat=True)

    assert prepared.fetch("names", names, cast.engineer.pk) == ["engineer"]
    assert prepared.fetch("none", lambda _pk: User.objects.none(), cast.engineer.pk) == []
    # A value that the database never sees cannot be put in later.
    everybody = len(User.objects.all())
    assert len(prepared.fetch("unused", lambda _pk: User.objects.all(), cast.engineer.pk)) == everybody


def test_two_people_never_share_a_query(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    shapes = {standing.shape(User.objects.get(pk=user.pk)) for user in (cast.specialist, cast.finance, cast.director)}
    assert len(shapes) == 3
    before = standing.shape(User.objects.get(pk=cast.finance.pk))
    cast.finance.roles.clear()
    assert standing.shape(User.objects.get(pk=cast.finance.pk)) != before


@pytest.mark.kernel
def test_what_is_learned_of_a_person_is_what_the_person_is(cast: Cast) -> None:
    for user in cast.everybody().values():
        learned, plain = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)
        standing.learn(learned)
        with CaptureQueriesContext(connection) as asked:
            said = (learned.role_codes, learned.sees_all, learned.department)
        assert len(asked) == 0
        assert said == (plain.role_codes, plain.sees_all, plain.department)


@pytest.mark.kernel
@pytest.mark.parametrize("moment", [CLOSING, TEN_AT_NIGHT, OPENING - timedelta(seconds=1), OPENING])
def test_who_is_on_duty_is_what_the_roster_says(
    night: Shift, cast: Cast, held_clock: Callable[..., Any], moment: datetime
) -> None:
    held_clock(moment)
    for part in (cast.engineer, cast.other_engineer):
        person = User.objects.get(pk=part.pk)
        standing.learn(person)
        assert person.on_duty_now is roster.is_on_duty(part, moment)  # type: ignore[attr-defined]
        named = [str(shift.engineer) for shift in roster.on_duty(moment)]
        assert [post.person for post in standing.posts(person)] == (named if roster.off_hours(moment) else [])


@pytest.mark.kernel
@pytest.mark.parametrize(("since", "until"), [(-1, 1), (1, 2), (-2, -1), (0, 1), (-1, 0)])
def test_substitution_holds_from_its_first_moment_to_before_its_last(cast: Cast, since: int, until: int) -> None:
    now = clock.now()
    with clock.held(now):
        for principal in (cast.engineer, cast.trainer):
            Substitution.objects.create(
                principal=principal,
                substitute=cast.other_engineer,
                starts_at=now + timedelta(hours=since),
                ends_at=now + timedelta(hours=until),
            )
        user = User.objects.get(pk=cast.other_engineer.pk)
        found = standing.principals(user)
        assert found == principals_of(user, now)
        assert [str(person) for person in found] == [str(person) for person in principals_of(user, now)]


@pytest.mark.kernel
def test_what_waits_is_counted_as_the_lists_count_it(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    now = clock.now()
    Substitution.objects.create(
        principal=cast.engineer, substitute=cast.other_engineer, starts_at=now - timedelta(hours=1), ends_at=now
    )
    Substitution.objects.create(
        principal=cast.engineer, substitute=cast.other_engineer, starts_at=now, ends_at=now + timedelta(hours=1)
    )
    with clock.held(now):
        for _n in range(4):
            act(new_ticket(), "dispatch", cast.specialist, handler=cast.engineer.pk)
        new_ticket(by=cast.specialist)
        with_rd = worked_on(new_ticket(), cast)
        act(with_rd, "escalate_to_rd", cast.engineer, question="?", tried="!")
        for substitute in (cast.other_engineer, cast.finance):
            Substitution.objects.create(
                principal=cast.rd_engineer, substitute=substitute, starts_at=now, ends_at=now + timedelta(hours=1)
            )
        for user in (
            cast.specialist,
            cast.engineer,
            cast.other_engineer,
            cast.rd_engineer,
            cast.director,
            cast.finance,
        ):
            person = User.objects.get(pk=user.pk)
            found = standing.waiting(person)
            notices = Notice.objects.of(person)
            assert found.unread == notices.unread().count()
            assert found.work == WorkItem.objects.of(person, principals_of(person, now)).count()
            assert found.newest == max((notice.pk for notice in notices), default=0)
            assert standing.told(person) == standing.Waiting(found.unread, found.newest)
        assert standing.waiting(User.objects.get(pk=cast.finance.pk)).work == 1
    assert standing.waiting(User.objects.get(pk=cast.specialist.pk)).work > 0


def test_a_role_that_a_principal_holds_is_learned_with_the_principal(cast: Cast) -> None:
    now = clock.now()
    Substitution.objects.create(
        principal=cast.rd_engineer, substitute=cast.finance, starts_at=now, ends_at=now + timedelta(hours=1)
    )
    (principal,) = standing.principals(User.objects.get(pk=cast.finance.pk))
    with CaptureQueriesContext(connection) as asked:
        assert principal.role_codes == {"rd_engineer"}
    assert len(asked) == 0


def test_a_prepared_query_knows_when_a_substitution_has_begun_and_ended(
    cast: Cast, new_ticket: Callable[..., Ticket], browser_of: Callable[[User], Client]
) -> None:
    watched = new_ticket(title="only for those who are copied in")
    act(watched, "copy_to", cast.specialist, people=[cast.rd_engineer.pk])
    now, browser = clock.now(), browser_of(cast.finance)
    Substitution.objects.create(
        principal=cast.rd_engineer,
        substitute=cast.finance,
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
    )
    seen = []
    for hours in (0, 1, 2):
        with clock.held(now + timedelta(hours=hours)):
            seen.append(watched.number in browser.get("/ticket/?show=all").content.decode())
    assert seen == [False, True, False]
