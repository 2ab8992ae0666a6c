"""What the tables of customers refuse, and who sees whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from customers.models import Contact, Organisation, Site
from people.models import User

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def test_staff_see_every_customer_and_a_contact_their_own(
    contact_user: User, pku: Organisation, customer: Callable[..., Organisation]
) -> None:
    other = customer("清华大学")
    staff = User.objects.create_user("wang", display_name="王芳")
    assert set(Organisation.objects.for_actor(staff)) == {pku, other}
    assert list(Organisation.objects.for_actor(contact_user)) == [pku]


def test_a_contact_who_has_left_sees_nothing(contact_user: User, pku: Organisation) -> None:
    Contact.objects.filter(user=contact_user).update(active=False)
    assert not Organisation.objects.for_actor(contact_user).exists()


@pytest.mark.rule("TKT-02")
def test_the_database_refuses_a_contact_who_cannot_be_reached(pku: Organisation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(organisation=pku, name="无联系方式")
    with override("en"), pytest.raises(ValidationError, match="at least one way to reach"):
        Contact(organisation=pku, name="无联系方式").full_clean()


@pytest.mark.rule("TKT-02")
@pytest.mark.parametrize("way", ["phone", "mobile", "fax", "email"])
def test_one_way_to_reach_a_contact_is_enough(pku: Organisation, way: str) -> None:
    value = "a@b.example" if way == "email" else "010-1"
    contact = Contact(organisation=pku, name="一种", **{way: value})
    contact.full_clean()
    assert contact.reach == value


def test_the_database_refuses_a_service_period_that_ends_before_it_starts(
    customer: Callable[..., Organisation],
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        customer("倒转大学", service_from=date(2026, 3, 2), service_to=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("starts", "ends", "covered"),
    [
        (None, None, True),
        (date(2026, 3, 2), None, True),
        (date(2026, 3, 3), None, False),
        (None, date(2026, 3, 2), True),
        (None, date(2026, 3, 1), False),
        (date(2026, 3, 2), date(2026, 3, 2), True),
    ],
)
def test_both_ends_of_a_service_period_are_in_it(
    customer: Callable[..., Organisation], starts: date | None, ends: date | None, *, covered: bool
) -> None:
    made = customer("服务大学", service_from=starts, service_to=ends)
    assert made.in_service(date(2026, 3, 2)) is covered


def test_a_colleagues_login_is_never_a_contacts(pku: Organisation) -> None:
    contact = Contact.objects.get(name="张伟")
    contact.user = User.objects.create_user("wang", display_name="王芳")
    with pytest.raises(ValidationError) as refused:
        contact.full_clean()
    assert list(refused.value.message_dict) == ["user"]


def test_a_contact_is_no_account_manager(contact_user: User, pku: Organisation) -> None:
    pku.account_manager = contact_user
    with pytest.raises(ValidationError) as refused:
        pku.full_clean()
    assert list(refused.value.message_dict) == ["account_manager"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "不是网址"])
def test_a_platforms_address_is_one_that_a_browser_opens(pku: Organisation, address: str) -> None:
    with pytest.raises(ValidationError):
        Site(organisation=pku, name="平台", url=address).full_clean()


def test_history_keeps_old_and_new_without_what_is_derived(pku: Organisation) -> None:
    pku.city = "北京"
    pku.save()
    latest = pku.history.first()
    assert [(c.field, c.old, c.new) for c in latest.diff_against(latest.prev_record).changes] == [("city", "", "北京")]
    assert not {"folded_name", "initials"} & {f.name for f in latest._meta.get_fields()}
