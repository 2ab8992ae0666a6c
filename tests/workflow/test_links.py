"""Records are linked: both sides say so, in one transaction, and nobody sees more than before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from core import clock
from people.actors import SYSTEM, Actor, principals_of
from people.models import User
from workflow import links, timeline
from workflow.engine import offers, perform
from workflow.models import Entry, Link, Record, Relation
from workflow.refusals import InvalidData, NotAllowed, Refused, WrongState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.workflow.conftest import Crew
    from tests.workflow.errands import Errand

    Ask = Callable[..., Errand]
    Do = Callable[..., Errand]

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture
def two(ask: Ask) -> tuple[Errand, Errand]:
    """Bread and milk."""
    return ask("slow bread"), ask("slow milk")


def faults(caught: pytest.ExceptionInfo[InvalidData]) -> dict[str, list[str]]:
    """What stands against it, at which field."""
    return {name: [str(error) for error in errors] for name, errors in caught.value.form.errors.items()}


def last(record: Record) -> Entry:
    """The latest entry of a record."""
    return Entry.objects.filter(record=record.pk).latest("seq")


def near(user: User, record: Record) -> list[tuple[str | None, str]]:
    """What a person is shown beside a record."""
    found = links.near(User.objects.get(pk=user.pk), record.pk, record.parent_id or 0)
    return [(links.relation_of(each), each.number) for each in found]


def test_a_link_stands_on_both_timelines_in_the_name_of_who_made_it(
    two: tuple[Errand, Errand], act: Do, crew: Crew
) -> None:
    bread, milk = two
    act(bread, "link", by=crew.colleague, other=milk.pk, relation="caused_by")
    here, there = last(bread), last(milk)
    assert (here.verb, here.data["said"], here.actor) == (
        "link",
        {"relation": "caused_by", "other": milk.number},
        crew.colleague,
    )
    assert (there.verb, there.data["said"], there.actor) == (
        "linked",
        {"other": bread.number, "relation": "causes"},
        crew.colleague,
    )
    assert not here.public
    assert not there.public
    for each in (bread, milk):
        found = Record.objects.get(pk=each.pk)
        assert not list(timeline.faults(found, list(found.entries.order_by("seq"))))
    assert near(crew.colleague, bread) == [(Relation.CAUSED_BY, milk.number)]
    assert near(crew.colleague, milk) == [(Relation.CAUSES, bread.number)]


def test_the_number_may_be_typed_in_small_letters(two: tuple[Errand, Errand], act: Do) -> None:
    bread, milk = two
    act(bread, "link", other="", other_text=milk.number.lower(), relation="related")
    assert Link.objects.get().other_id == milk.pk


def test_a_record_is_not_linked_to_itself_nor_twice_nor_to_nothing(two: tuple[Errand, Errand], act: Do) -> None:
    bread, milk = two
    act(bread, "link", other=milk.pk, relation="related")
    for record, said in (
        (bread, {"other": bread.pk, "relation": "related"}),
        (bread, {"other": milk.pk, "relation": "causes"}),
        (milk, {"other": bread.pk, "relation": "related"}),
        (milk, {"other_text": "ER-20200101-0001", "relation": "related"}),
        (milk, {"other": "9" * 30, "relation": "related"}),
        (milk, {"relation": "related"}),
    ):
        with pytest.raises(InvalidData) as caught:
            act(record, "link", **said)
        assert list(faults(caught)) == ["other"]
    assert Link.objects.count() == 1
    assert Entry.objects.filter(verb__in=["link", "linked"]).count() == 2


def test_nobody_says_by_hand_what_only_merging_and_splitting_say(two: tuple[Errand, Errand], act: Do) -> None:
    with pytest.raises(InvalidData) as caught:
        act(two[0], "link", other=two[1].pk, relation="merged_into")
    assert list(faults(caught)) == ["relation"]


def test_the_database_knows_one_link_of_two_records_whichever_comes_first(
    two: tuple[Errand, Errand], act: Do, crew: Crew
) -> None:
    bread, milk = two
    act(bread, "link", other=milk.pk, relation="related")
    kept = Link.objects.get()
    for one, other in ((milk, bread), (bread, bread)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Link.objects.create(one_id=one.pk, other_id=other.pk, relation="related", since=kept.since)


def test_whoever_sees_only_one_of_two_neither_links_nor_is_shown_the_other(
    two: tuple[Errand, Errand], act: Do, crew: Crew
) -> None:
    bread, milk = two
    act(bread, "copy_to", people=[crew.stranger.pk])
    with pytest.raises(NotAllowed):
        act(bread, "link", by=crew.stranger, other=milk.pk, relation="related")
    act(bread, "hand_over", handler=crew.rd.pk)
    with pytest.raises(InvalidData) as caught:  # the handler may link here, but does not see the other
        act(bread, "link", by=crew.rd, other=milk.pk, relation="related")
    assert list(faults(caught)) == ["other"]
    act(bread, "link", by=crew.colleague, other=milk.pk, relation="related")
    assert near(crew.stranger, bread) == []
    assert near(crew.rd, bread) == []
    assert milk.title not in str(last(bread).data), "a number is no secret, a title may be"


def test_a_customer_neither_links_nor_is_told(two: tuple[Errand, Errand], act: Do, crew: Crew) -> None:
    with pytest.raises(NotAllowed):
        act(two[0], "link", by=crew.contact, other=two[1].pk, relation="related")


def test_a_link_is_taken_back_with_a_reason_that_stands_on_both(
    two: tuple[Errand, Errand], act: Do, crew: Crew
) -> None:
    bread, milk = two
    act(bread, "link", other=milk.pk, relation="related")
    with pytest.raises(InvalidData):
        act(milk, "unlink", other=bread.pk, reason=" ")
    act(milk, "unlink", by=crew.colleague, other=bread.pk, reason="Another shop.")
    assert not Link.objects.exists()
    assert last(bread).data["said"] == {"other": milk.number, "reason": "Another shop."}
    assert last(bread).actor == crew.colleague
    with pytest.raises(InvalidData):
        act(milk, "unlink", other=bread.pk, reason="Again.")


def test_what_was_done_to_two_records_is_not_taken_back(two: tuple[Errand, Errand], act: Do) -> None:
    bread, milk = two
    links.join(bread, milk, Relation.SPLIT_FROM, SYSTEM)
    with pytest.raises(InvalidData) as caught:
        act(bread, "unlink", other=milk.pk, reason="No.")
    assert list(faults(caught)) == ["other"]


@pytest.mark.parametrize("verb", ["linked", "unlinked"])
def test_nobody_does_the_other_side_by_itself(two: tuple[Errand, Errand], crew: Crew, verb: str) -> None:
    said: dict[str, Any] = {"other": two[1].number, "relation": "related", "reason": "x"}
    for actor in (Actor(crew.director), Actor(crew.handler), Actor(crew.contact), SYSTEM):
        with pytest.raises((NotAllowed, WrongState)):
            perform(two[0], verb, actor=actor, data=said)
    assert verb not in {offer.verb.code for offer in offers(two[0], Actor(crew.director))}


def test_if_the_other_side_is_refused_nothing_has_happened(
    two: tuple[Errand, Errand], act: Do, monkeypatch: pytest.MonkeyPatch
) -> None:
    bread, milk = two

    def refuse(*_args: Any, **_rest: Any) -> None:
        raise Refused

    monkeypatch.setattr(links, "perform_beside", refuse)
    with pytest.raises(Refused):
        act(bread, "link", other=milk.pk, relation="related")
    assert not Link.objects.exists()
    assert last(bread).verb == "ask"


def test_what_a_record_belongs_with_is_one_question_however_much_it_is(
    ask: Ask, act: Do, crew: Crew, django_assert_num_queries: Any
) -> None:
    bread = ask()
    others = [ask(f"slow {n}") for n in range(5)]
    for other in others:
        act(bread, "link", other=other.pk, relation="related")
    reader = User.objects.get(pk=crew.colleague.pk)
    assert reader.sees_all is False
    assert reader.department is not None
    reader.stands_in_for = principals_of(reader, clock.now())
    with django_assert_num_queries(1):
        assert len(list(links.near(reader, bread.pk, 0))) == 5
