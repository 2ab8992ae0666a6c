"""Supervisors form a tree; customers' contacts stand outside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from people.models import Department

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_a_circle_of_supervisors_is_refused_with_a_message_at_the_field(person: Callable[..., User]) -> None:
    top = person("top", "顶")
    middle = person("middle", "中", supervisor=top)
    low = person("low", "低", supervisor=middle)
    top.supervisor = low
    with override("en"), pytest.raises(ValidationError) as refused:
        top.full_clean()
    assert "低 already reports to this person" in refused.value.message_dict["supervisor"][0]


def test_a_tree_is_accepted(person: Callable[..., User]) -> None:
    top = person("top", "顶")
    middle = person("middle", "中", supervisor=top)
    low = person("low", "低", supervisor=middle)
    low.full_clean()
    assert low.chain_of_command() == [low.pk, middle.pk, top.pk]


def test_a_circle_made_behind_our_back_does_not_hang(person: Callable[..., User]) -> None:
    one, two = person("one"), person("two")
    type(one).objects.filter(pk=one.pk).update(supervisor=two)
    type(one).objects.filter(pk=two.pk).update(supervisor=one)
    assert one.chain_of_command() == [one.pk, two.pk]


def test_the_database_refuses_a_person_as_their_own_supervisor(person: Callable[..., User]) -> None:
    user = person("self")
    user.supervisor = user
    with pytest.raises(IntegrityError), transaction.atomic():
        user.save()


def test_a_customers_contact_cannot_be_a_supervisor(person: Callable[..., User]) -> None:
    user = person("one", supervisor=person("kehu", is_customer=True))
    with pytest.raises(ValidationError) as refused:
        user.full_clean()
    assert "supervisor" in refused.value.message_dict


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_the_database_refuses_rights_for_a_customers_contact(person: Callable[..., User], right: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        person("kehu", is_customer=True, **{right: True})


def test_the_database_refuses_a_department_for_a_customers_contact(person: Callable[..., User]) -> None:
    person("first")
    with pytest.raises(IntegrityError), transaction.atomic():
        person("kehu", is_customer=True, department=Department.objects.get(code="service"))
