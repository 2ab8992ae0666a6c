"""A few customers to look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from customers.models import Contact, Organisation
from people.models import Region, User

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def region(db: None) -> Region:
    """North China."""
    return Region.objects.create(code="north", name_zh="华北", name_en="North China")


@pytest.fixture
def customer(region: Region) -> Callable[..., Organisation]:
    """Make a customer: `customer("北京大学", short_name="北大")`."""

    def make(name: str, **rest: object) -> Organisation:
        return Organisation.objects.create(name=name, region=region, **rest)

    return make


@pytest.fixture
def pku(customer: Callable[..., Organisation]) -> Organisation:
    """北京大学 with two contacts, one of whom has left."""
    made = customer("北京大学", short_name="北大", name_en="Peking University")
    Contact.objects.create(
        organisation=made, name="张伟", phone="010-6275 1201", mobile="138 1234 5678", email="zhangwei@pku.example"
    )
    Contact.objects.create(organisation=made, name="Alice O'Brien", phone="010-62759999", active=False)
    return made


@pytest.fixture
def contact_user(pku: Organisation) -> User:
    """The portal login of 张伟."""
    user = User.objects.create_user("zhangwei", "zhangwei@pku.example", display_name="张伟", is_customer=True)
    Contact.objects.filter(name="张伟").update(user=user)
    return user
