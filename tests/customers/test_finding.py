"""How customers are found while the phone is at the ear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from customers.models import Contact, Organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.mark.parametrize(
    "query",
    [
        "北京",
        "京大",
        "北大",
        "bjdx",
        "BJ",
        "ｂｊｄｘ",
        "peking",
        "ＰＥＫＩＮＧ",
        "bd",
        "张伟",
        "zw",
        "6275",
        "62751201",
        "1234 5678",
        "１３８１２３４",
        "zhangwei@",
        "  北京大学  ",
    ],
)
def test_a_customer_is_found_by(query: str, pku: Organisation, customer: Callable[..., Organisation]) -> None:
    customer("清华附中")
    assert list(Organisation.objects.found_by(query)) == [pku]


@pytest.mark.parametrize(
    "query", ["", "   ", "南京", "jdx", "62", "a1b2", "%", "_", "62759999", "alice", "' OR 1=1 --"]
)
def test_a_customer_is_not_found_by(query: str, pku: Organisation) -> None:
    assert pku not in Organisation.objects.found_by(query)


def test_a_customer_with_many_matching_contacts_comes_once(pku: Organisation) -> None:
    for n in range(3):
        Contact.objects.create(organisation=pku, name="张伟", phone=f"010-1111000{n}")
    assert list(Organisation.objects.found_by("张伟")) == [pku]


def test_one_query_finds_a_customer(pku: Organisation, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        list(Organisation.objects.found_by("6275"))


def test_a_contact_with_a_latin_name_is_found_in_any_case_and_width(pku: Organisation) -> None:
    for query in ("alice", "ALICE", "ｏ'brien"):
        assert [c.name for c in Contact.objects.found_by(query)] == ["Alice O'Brien"]
    assert not Contact.objects.found_by(" ").exists()


def test_a_new_name_is_found_and_the_old_one_is_not(pku: Organisation) -> None:
    pku.name, pku.short_name, pku.name_en = "燕京大学", "", ""
    pku.save()
    assert Organisation.objects.found_by("yjdx").exists()
    assert not Organisation.objects.found_by("bjdx").exists()


def test_names_that_grow_when_folded_are_stored(customer: Callable[..., Organisation]) -> None:
    made = customer("ﷺ" * 200, name_en="½" * 200)
    contact = Contact.objects.create(organisation=made, name="㍿" * 60, phone="⑩" * 40, mobile="⑩" * 40, fax="⑩" * 40)
    assert Contact.objects.get(pk=contact.pk).digits.startswith("1010")
