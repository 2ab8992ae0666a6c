"""How often rules applied and were kept, against what was counted by hand (tests/support/counted.py)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from reports import rulebook
from reports.periods import Days
from reports.tallies import KEPT, MISSED, STEP
from tests.cast import act

if TYPE_CHECKING:
    from people.models import User
    from tests.cast import Cast
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db
MARCH = Days(date(2026, 3, 1), date(2026, 3, 31))
BOTH = Days(date(2026, 2, 1), date(2026, 3, 31))


def told(user: User, days: Days = BOTH) -> dict[str, tuple[int, int, int]]:
    found = rulebook.by_rule(user, days)
    return {rule: (tally.step, tally.kept, tally.missed) for rule, tally in found.items()}


def of(people: dict[Any, Any]) -> dict[Any, tuple[int, int, int]]:
    return {key: (tally.step, tally.kept, tally.missed) for key, tally in people.items()}


def test_steps_and_promises_of_every_rule(cast: Cast, tickets: dict[str, Ticket]) -> None:
    found = told(cast.director)
    for rule in ("TKT-01", "TKT-02", "TKT-03", "TKT-04", "TKT-05"):
        assert found[rule] == (5, 0, 0), rule
    # Four were dispatched: three of them technical, one of application; the urgent one was reported.
    assert (found["TKT-07"], found["TKT-08"], found["TKT-19"]) == ((3, 0, 0), (1, 0, 0), (1, 0, 0))
    assert not {"TKT-09", "TKT-10", "TKT-11"} & set(found)
    # Three responses promised a time; two promises were kept, the third is due on 20 March.
    assert found["TKT-13"] == (3, 2, 0)
    assert (found["TKT-16"], found["TKT-17"], found["TKT-18"]) == ((0, 2, 1), (0, 0, 1), (0, 0, 1))
    assert found["TKT-14"] == (2, 0, 0)


def test_a_period_holds_what_happened_and_what_fell_due_in_it(cast: Cast, tickets: dict[str, Ticket]) -> None:
    found = told(cast.director, MARCH)
    assert found["TKT-01"] == (3, 0, 0)
    assert found["TKT-16"] == (0, 1, 1)
    assert "TKT-17" not in found


def test_by_whom_and_in_which_department(cast: Cast, tickets: dict[str, Ticket]) -> None:
    people = rulebook.by_person("TKT-13", cast.director, BOTH)
    assert of(people) == {cast.engineer.pk: (2, 2, 0), cast.trainer.pk: (1, 0, 0)}
    service = cast.engineer.department_id
    places = {cast.engineer.pk: service, cast.trainer.pk: service}
    assert of(rulebook.by_department(people, places)) == {service: (3, 2, 0)}


def test_a_promise_lies_with_the_handler_else_the_specialist_and_contact_with_the_account_manager(
    cast: Cast, tickets: dict[str, Ticket]
) -> None:
    late = rulebook.by_person("TKT-16", cast.director, MARCH)
    assert of(late) == {cast.engineer.pk: (0, 1, 0), cast.trainer.pk: (0, 0, 1)}
    assert of(rulebook.by_person("TKT-18", cast.director, MARCH)) == {cast.specialist.pk: (0, 0, 1)}
    contact = rulebook.by_person("TKT-20", cast.director, BOTH)
    assert of(contact) == {cast.account_manager.pk: (0, 0, 1)}


def test_behind_every_number_stand_as_many_cases(cast: Cast, tickets: dict[str, Ticket]) -> None:
    for rule, numbers in told(cast.director).items():
        done = rulebook.steps(rule, cast.director, BOTH)
        due = rulebook.promises(rule, cast.director, BOTH)
        assert (done.count(), due.filter(verdict=KEPT).count(), due.filter(verdict=MISSED).count()) == numbers
        for person, tally in rulebook.by_person(rule, cast.director, BOTH).items():
            key = rulebook.NOBODY if person is None else str(person)
            assert rulebook.of_person(done, "actor", key, "").count() == tally.step
            assert rulebook.of_person(due.filter(verdict=KEPT), "person", key, "").count() == tally.kept


def test_the_software_and_customers_count_under_no_department(cast: Cast, tickets: dict[str, Ticket]) -> None:
    act(tickets["quick"], "confirm", cast.contact, satisfaction=5)
    people = rulebook.by_person("TKT-22", cast.director, BOTH)
    # The old one was closed by the software.
    assert of(people) == {cast.contact.pk: (1, 0, 0), None: (1, 0, 0)}
    assert of(rulebook.by_department(people, {cast.contact.pk: None})) == {None: (2, 0, 0)}
    done = rulebook.steps("TKT-22", cast.director, BOTH)
    assert rulebook.of_person(done, "actor", "", rulebook.NOBODY).count() == 2
    assert rulebook.of_person(done, "actor", "", str(cast.engineer.department_id)).count() == 0


def test_whoever_may_not_see_a_record_does_not_find_its_acts_counted(cast: Cast, tickets: dict[str, Ticket]) -> None:
    assert told(cast.finance) == {}
    act(tickets["old"], "copy_to", cast.specialist, people=[cast.finance.pk])
    assert told(cast.finance)["TKT-07"] == (1, 0, 0)
    assert rulebook.steps("TKT-07", cast.finance, BOTH).count() == 1


@pytest.mark.rule("TKT-07", "TKT-08", "TKT-16", "TKT-17", "TKT-18", "TKT-19")
def test_the_timeline_names_only_rules_that_are_about_the_ticket(cast: Cast, tickets: dict[str, Ticket]) -> None:
    def rules(name: str, verb: str) -> list[str]:
        return list(tickets[name].entries.get(verb=verb).rules)

    assert rules("old", "dispatch") == ["TKT-07"]
    assert rules("late", "dispatch") == ["TKT-08"]
    assert rules("forgotten", "dispatch") == ["TKT-07", "TKT-19"]
    assert rules("quick", "respond") == ["TKT-13", "TKT-16"]


def test_a_share_of_a_hundred_means_that_none_was_missed() -> None:
    tally = rulebook.Tally()
    assert tally.share is None
    tally.numbers.update({KEPT: 1000, MISSED: 1, STEP: 3})
    assert tally.share == 99
    del tally.numbers[MISSED]
    assert tally.share == 100
