"""Watching: whoever sees a record may be told of it; it gives no right, and leaves the record as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core import clock
from people.models import Department, Substitution, User
from tests.workflow.conftest import NOON
from workflow.members import members_bulk
from workflow.models import Entry, Involvement, Record
from workflow.parties import INVOLVED
from workflow.watching import pass_on, unwatch, watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workflow.conftest import Crew
    from tests.workflow.errands import Errand

    Ask = Callable[..., Errand]
    Do = Callable[..., Errand]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def anew(user: User) -> User:
    """The person, with nothing remembered of rights."""
    return User.objects.get(pk=user.pk)


def told(record: Record) -> list[str]:
    """Who is told because of reading along."""
    found = members_bulk([record], ["watchers"]).get((record.pk, "watchers"), [])
    return [User.objects.get(pk=pk).username for pk in found]


def test_a_colleague_watches_and_stops_and_the_record_stays_as_it_is(ask: Ask, crew: Crew) -> None:
    errand = ask()
    watch(errand, crew.colleague)
    watch(errand, crew.colleague)
    assert told(errand) == ["colleague"]
    unwatch(errand, crew.colleague)
    unwatch(errand, crew.colleague)
    assert told(errand) == []
    found = Record.objects.get(pk=errand.pk)
    assert (found.version, found.updated_at) == (errand.version, errand.updated_at), "nobody's open form is stale"
    assert Entry.objects.filter(record=errand.pk).count() == 1


def test_who_does_not_see_a_record_cannot_watch_it(ask: Ask, crew: Crew) -> None:
    errand = ask()
    for who in (crew.stranger, crew.rd):
        with pytest.raises(Record.DoesNotExist):
            watch(errand, who)
    assert not Involvement.objects.filter(part="watcher").exists()


def test_a_customer_watches_nothing_not_even_the_own_record(ask: Ask, crew: Crew) -> None:
    for who in (crew.contact, crew.foreign_contact):
        with pytest.raises(Record.DoesNotExist):
            watch(ask(), who)


def test_who_watched_while_standing_in_sees_and_hears_no_more_afterwards(ask: Ask, crew: Crew) -> None:
    errand = ask()
    Substitution.objects.create(
        principal=crew.handler, substitute=crew.stranger, starts_at=NOON, ends_at=NOON + timedelta(days=1)
    )
    with clock.held(NOON + timedelta(hours=1)):
        watch(errand, anew(crew.stranger))
        assert told(errand) == ["stranger"]
    with clock.held(NOON + timedelta(days=2)):
        assert not Record.objects.for_actor(anew(crew.stranger)).exists()
        assert told(errand) == []
        assert not INVOLVED.includes(anew(crew.stranger), Record.objects.get(pk=errand.pk))


def test_who_leaves_the_department_no_longer_hears_of_what_was_watched(ask: Ask, crew: Crew) -> None:
    errand = ask()
    watch(errand, crew.colleague)
    User.objects.filter(pk=crew.colleague.pk).update(department=Department.objects.get(code="finance"))
    assert not Record.objects.for_actor(anew(crew.colleague)).exists()
    assert told(errand) == []


def test_who_was_copied_in_stops_and_still_sees_it_and_is_told_again_when_copied_again(
    ask: Ask, act: Do, crew: Crew
) -> None:
    errand = act(ask(), "copy_to", people=[crew.stranger.pk])
    unwatch(errand, crew.stranger)
    assert told(errand) == []
    assert Record.objects.for_actor(anew(crew.stranger)).exists()
    act(errand, "copy_to", people=[crew.stranger.pk])
    assert told(errand) == ["stranger"]


def test_who_had_stopped_and_watches_again_is_told_again(ask: Ask, act: Do, crew: Crew) -> None:
    errand = act(ask(), "copy_to", people=[crew.stranger.pk])
    unwatch(errand, crew.stranger)
    watch(errand, anew(crew.stranger))
    assert told(errand) == ["stranger"]


def test_nobody_stops_for_another(ask: Ask, crew: Crew) -> None:
    errand = ask()
    watch(errand, crew.colleague)
    unwatch(errand, crew.supervisor)
    assert told(errand) == ["colleague"]


def test_those_who_read_along_read_along_elsewhere_but_not_who_had_stopped_there(ask: Ask, act: Do, crew: Crew) -> None:
    bread, milk = ask(), ask("slow milk")
    watch(bread, crew.colleague)
    for record in (bread, milk):
        act(record, "copy_to", people=[crew.stranger.pk])
    unwatch(milk, crew.stranger)
    pass_on(bread, milk, NOON)
    assert told(milk) == ["colleague"]
