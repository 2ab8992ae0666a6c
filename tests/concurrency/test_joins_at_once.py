"""Two people merge two tickets into each other at once, or link them from both ends: one of them does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from people.actors import Actor
from tests.concurrency.at_once import at_once, sorted_out
from tickets.flow import State
from tickets.models import Ticket
from workflow.engine import perform
from workflow.models import Entry, Link
from workflow.refusals import InvalidData, Refused, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_round", range(3))
def test_of_two_merges_into_each_other_exactly_one_happens(
    cast: Cast, new_ticket: Callable[..., Ticket], _round: int
) -> None:
    pair = [new_ticket(), new_ticket()]
    people = [cast.specialist, cast.other_specialist]

    def merge(number: int) -> Entry:
        said = {"merged_into": pair[1 - number].pk}
        return perform(pair[number], "merge", actor=Actor(people[number]), data=said)

    done, refused = sorted_out(at_once(2, merge), InvalidData, WrongState)
    assert (len(done), len(refused)) == (1, 1)
    states = sorted(Ticket.objects.filter(pk__in=[each.pk for each in pair]).values_list("state", flat=True))
    assert states == [State.MERGED, State.RECORDED]
    assert Link.objects.count() == 1
    assert Entry.objects.filter(verb="take_in").count() == 1


def test_two_people_who_link_two_records_from_both_ends_make_one_link(
    cast: Cast, new_ticket: Callable[..., Ticket]
) -> None:
    pair = [new_ticket(), new_ticket()]
    people = [cast.specialist, cast.engineer]

    def link(number: int) -> Entry:
        said = {"other": pair[1 - number].pk, "relation": "related"}
        return perform(pair[number], "link", actor=Actor(people[number]), data=said)

    done, refused = sorted_out(at_once(2, link), Refused)
    assert (len(done), len(refused)) == (1, 1)
    assert Link.objects.count() == 1
    assert Entry.objects.filter(verb="linked").count() == 1


def test_many_duplicates_are_merged_into_one_at_once(cast: Cast, new_ticket: Callable[..., Ticket]) -> None:
    survivor, *duplicates = [new_ticket() for _ in range(5)]

    def merge(number: int) -> Entry:
        said = {"merged_into": survivor.pk}
        return perform(duplicates[number], "merge", actor=Actor(cast.specialist), data=said)

    done, _refused = sorted_out(at_once(4, merge))
    assert len(done) == 4
    survivor.refresh_from_db()
    assert survivor.took_in == 4
