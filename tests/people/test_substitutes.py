"""Substitutes: from one moment to another, never themselves, never in chains."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from people.actors import SYSTEM, Actor, principals_of
from people.models import Substitution, User

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
END = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def away(principal: User, substitute: User, starts_at: datetime = START, ends_at: datetime = END) -> Substitution:
    return Substitution.objects.create(principal=principal, substitute=substitute, starts_at=starts_at, ends_at=ends_at)


@pytest.mark.parametrize(
    ("moment", "stands_in"),
    [(START - INSTANT, False), (START, True), (END - INSTANT, True), (END, False)],
    ids=["just before", "first instant", "last instant", "the end itself"],
)
def test_a_substitute_stands_in_from_the_first_instant_until_just_before_the_end(
    person: Callable[..., User], moment: datetime, *, stands_in: bool
) -> None:
    ann, bob = person("ann"), person("bob")
    away(ann, bob)
    assert principals_of(bob, moment) == ([ann] if stands_in else [])
    assert (ann in User.objects.staff().present(moment)) is not stands_in


def test_a_past_and_a_future_absence_do_not_make_one_absent_now(person: Callable[..., User]) -> None:
    ann, bob = person("ann"), person("bob")
    away(ann, bob, START - timedelta(days=9), START - timedelta(days=8))
    away(ann, bob, END + timedelta(days=8), END + timedelta(days=9))
    assert ann in User.objects.staff().present(START)


def test_there_are_no_chains_of_substitutes(person: Callable[..., User]) -> None:
    ann, bob, cid = person("ann"), person("bob"), person("cid")
    away(ann, bob)
    away(bob, cid)
    assert principals_of(cid, START) == [bob]


def test_nobody_stands_in_for_one_who_has_left(person: Callable[..., User]) -> None:
    ann, bob = person("ann", is_active=False), person("bob")
    away(ann, bob)
    assert principals_of(bob, START) == []


def test_the_database_refuses_an_end_before_the_start_and_oneself(person: Callable[..., User]) -> None:
    ann, bob = person("ann"), person("bob")
    with pytest.raises(IntegrityError), transaction.atomic():
        away(ann, bob, END, START)
    with pytest.raises(IntegrityError), transaction.atomic():
        away(ann, bob, START, START)
    with pytest.raises(IntegrityError), transaction.atomic():
        away(ann, ann)


@pytest.mark.parametrize("unfit", [{"is_active": False}, {"is_customer": True}], ids=["inactive", "customer"])
def test_only_active_staff_can_stand_in(person: Callable[..., User], unfit: dict[str, bool]) -> None:
    row = Substitution(principal=person("ann"), substitute=person("bob", **unfit), starts_at=START, ends_at=END)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert list(refused.value.message_dict) == ["substitute"]


def test_two_substitutes_at_once_are_allowed_with_a_warning(person: Callable[..., User]) -> None:
    ann, bob, cid = person("ann"), person("bob"), person("cid")
    away(ann, bob)
    second = away(ann, cid, END - INSTANT, END + timedelta(days=1))
    after = away(ann, cid, END + timedelta(days=1), END + timedelta(days=2))
    with override("en"):
        assert second.warnings() == ["bob stands in for ann in part of this time too; both may act."]
        assert after.warnings() == []


def test_a_substitute_who_is_away_too_is_warned_of(person: Callable[..., User]) -> None:
    ann, bob, cid = person("ann"), person("bob"), person("cid")
    away(bob, cid)
    with override("en"):
        assert "bob is away" in away(ann, bob).warnings()[0]


def test_an_actor_is_read_aloud(person: Callable[..., User]) -> None:
    ann, bob = person("ann", "安娜"), person("bob", "鲍勃")
    with override("en"):
        assert str(Actor(bob)) == "鲍勃"
        assert str(Actor(bob, on_behalf_of=ann)) == "鲍勃 for 安娜"
        assert str(SYSTEM) == "System"
    assert SYSTEM.is_system
    assert not Actor(bob).is_system
