"""Every number of a dashboard against what was counted by hand (tests/support/counted.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from reports import boards, periods
from tests.cast import person
from tickets.measures import REPORTS
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from people.models import User
    from reports.boards import Dashboard, Grid
    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db
EVERY = tuple(dimension.code for dimension in REPORTS.dimensions)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def drawn(user: User, board: str = "all", period: str = "month", by: tuple[str, ...] = EVERY) -> Dashboard:
    chosen = next(each for each in REPORTS.boards if each.code == board)
    return boards.draw(registry.get("ticket"), user, chosen, periods.named(period, periods.today()), by)


def numbers(line: Any) -> tuple[int, ...]:
    return tuple(number.value for number in line.numbers)


def before(line: Any) -> tuple[int | None, ...]:
    return tuple(number.before for number in line.numbers)


def lines(grid: Grid) -> dict[str, tuple[int, ...]]:
    return {str(line.label): numbers(line) for line in grid.lines}


def grid(found: Dashboard, code: str) -> dict[str, tuple[int, ...]]:
    return lines(next(each for each in found.grids if each.code == code))


#            accepted, resolved, open, overdue, kept, missed
MARCH = (3, 1, 4, 2, 1, 2)


def test_the_whole_of_this_month_and_of_the_same_days_of_the_last(cast: Cast, tickets: dict[str, Ticket]) -> None:
    found = drawn(cast.director)
    assert numbers(found.whole) == MARCH
    assert before(found.whole) == (1, 0, None, None, 0, 0)
    assert (found.whole.share, found.whole.share_before) == (33, None)


def test_last_month(cast: Cast, tickets: dict[str, Ticket]) -> None:
    found = drawn(cast.director, period="last_month")
    assert numbers(found.whole) == (2, 1, 4, 2, 1, 1)
    assert found.whole.share == 50


def test_divided_by_everything_that_there_is(cast: Cast, tickets: dict[str, Ticket]) -> None:
    found = drawn(cast.director)
    assert grid(found, "severity") == {
        "General": (2, 1, 2, 0, 1, 1),
        "Urgent": (0, 0, 1, 1, 0, 0),
        "Critical": (1, 0, 1, 1, 0, 1),
    }
    assert list(grid(found, "severity")) == ["General", "Urgent", "Critical"], "in the vocabulary's order"
    assert grid(found, "issue_type") == {
        "Technical issue": (2, 1, 3, 2, 1, 1),
        "Application issue": (1, 0, 1, 0, 0, 1),
    }
    assert sum(each[0] for each in grid(found, "channel").values()) == 3
    assert list(grid(found, "region").values()) == [MARCH]
    assert grid(found, "customer") == {"北大": MARCH}
    assert grid(found, "state") == {
        "Dispatched": (0, 0, 1, 1, 0, 0),
        "In progress": (1, 0, 1, 0, 0, 1),
        "Recorded": (1, 0, 1, 1, 0, 1),
        "Resolved": (1, 1, 1, 0, 1, 0),
        "Closed": (0, 0, 0, 0, 0, 0),  # there was one in the days before
    }


def test_people_come_with_the_most_first_and_nobody_last(cast: Cast, tickets: dict[str, Ticket]) -> None:
    found = grid(drawn(cast.director), "handler")
    assert found == {"王工": (1, 1, 2, 1, 1, 0), "陈培训": (1, 0, 1, 0, 0, 1), "nobody yet": (1, 0, 1, 1, 0, 1)}
    assert list(found)[-1] == "nobody yet"


def test_the_months_up_to_the_present_one(cast: Cast, tickets: dict[str, Ticket]) -> None:
    found = lines(drawn(cast.director).months)
    assert len(found) == 12
    assert list(found)[-1] == "2026-03"
    #          accepted, resolved, kept, missed
    assert found["2026-03"] == (3, 1, 1, 2)
    assert found["2026-02"] == (2, 1, 1, 1)
    assert sum(map(sum, found.values())) == 12


def test_who_waits_for_whom_and_how_long(cast: Cast, tickets: dict[str, Ticket]) -> None:
    #  up to 1 day, to 3, to 7, longer
    assert lines(drawn(cast.director).waits) == {
        "李专员": (0, 0, 1, 2),
        "王工": (0, 0, 0, 1),
        "周经理": (0, 0, 0, 1),
        "陈培训": (0, 0, 1, 0),
    }


def test_a_role_on_whose_queue_something_waits_is_named(cast: Cast, tickets: dict[str, Ticket]) -> None:
    from tests.cast import act

    act(tickets["forgotten"], "respond", cast.engineer, **_promise(tickets["forgotten"]))
    act(tickets["forgotten"], "escalate_to_rd", cast.engineer, question="？", tried="重启")
    assert lines(drawn(cast.director).waits)["R&D engineer"] == (1, 0, 0, 0)


def _promise(ticket: Ticket) -> dict[str, Any]:
    return {"contacted_by": ticket.channel_id, "way": "x", "expected_at": "2026-03-20T10:00", "measures": "y"}


@pytest.mark.parametrize(
    ("part", "board", "expected"),
    [
        ("specialist", "specialist", MARCH),
        ("other_specialist", "specialist", (0, 0, 0, 0, 0, 0)),
        ("account_manager", "account_manager", MARCH),
        ("engineer", "engineer", (1, 1, 2, 1, 1, 0)),
        ("trainer", "engineer", (1, 0, 1, 0, 0, 1)),
        ("other_engineer", "engineer", (0, 0, 0, 0, 0, 0)),
        ("other_engineer", "all", MARCH),
    ],
)
def test_each_dashboard_counts_whose_it_is(
    cast: Cast, tickets: dict[str, Ticket], part: str, board: str, expected: tuple[int, ...]
) -> None:
    assert numbers(drawn(vars(cast)[part], board).whole) == expected


def test_whoever_may_not_see_a_record_does_not_find_it_counted(cast: Cast, tickets: dict[str, Ticket]) -> None:
    for user in (cast.finance, cast.rd_engineer, person("sales", "销售", "sales_manager", department="sales")):
        found = drawn(user)
        assert set(numbers(found.whole)) == {0}
        assert [each.lines for each in found.grids] == [[]] * len(EVERY)
        assert found.waits.lines == []


def test_who_was_copied_in_counts_that_one_ticket(cast: Cast, tickets: dict[str, Ticket]) -> None:
    from tests.cast import act

    act(tickets["lying"], "copy_to", cast.specialist, people=[cast.finance.pk])
    found = drawn(cast.finance)
    assert numbers(found.whole) == (1, 0, 1, 1, 0, 1)
    assert grid(found, "severity") == {"Critical": (1, 0, 1, 1, 0, 1)}


def test_a_ticket_with_two_responses_in_the_period_counts_once(cast: Cast, tickets: dict[str, Ticket]) -> None:
    from tests.cast import act

    for _round in range(2):
        act(tickets["quick"], "reopen", cast.specialist, reason="又来了")
        act(tickets["quick"], "respond", cast.engineer, **_promise(tickets["quick"]))
        act(tickets["quick"], "resolve", cast.engineer, method="a", course="b", result="c")
    period = periods.free(periods.today().replace(day=1), periods.today().replace(day=31))
    found = boards.draw(registry.get("ticket"), cast.director, REPORTS.boards[-1], period, ())
    assert numbers(found.whole)[4] == 1


def test_a_miss_that_was_excused_is_still_a_miss(cast: Cast, tickets: dict[str, Ticket]) -> None:
    from tests.cast import act
    from workflow.models import Deadline

    missed = Deadline.objects.get(record=tickets["late"], timer="ticket.response")
    act(tickets["late"], "excuse", cast.director, deadline=missed.pk, reason="客户放假")
    assert numbers(drawn(cast.director).whole) == MARCH


def test_more_than_twenty_customers_are_cut_and_said_to_be(cast: Cast, university: Any, new_ticket: Any) -> None:
    from customers.models import Contact, Organisation

    for n in range(22):
        organisation = Organisation.objects.create(name=f"大学 {n:02}", region=university.region)
        contact = Contact.objects.create(organisation=organisation, name="老师", phone="010-1")
        new_ticket(customer=organisation.pk, contact=contact.pk)
    (found,) = drawn(cast.director, by=("customer",)).grids
    assert (len(found.lines), found.cut) == (boards.MOST, True)


def test_the_number_of_statements_does_not_grow_with_dimensions_or_tickets(
    cast: Cast, tickets: dict[str, Ticket], new_ticket: Any
) -> None:
    def cost(by: tuple[str, ...]) -> int:
        with CaptureQueriesContext(connection) as asked:
            drawn(cast.director, by=by)
        return len(asked)

    assert cast.director.sees_all
    few = cost(("severity",))
    for _n in range(5):
        new_ticket()
    # Four sources, three of which are followed over months, work, and the words.
    assert few == cost(EVERY) == 9
