"""The administration of customers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from core import clock
from customers.models import Contact, Organisation
from people.models import User

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    """A browser in which a superuser is logged in."""
    root = User.objects.create_user("root", display_name="管理员", is_staff=True, is_superuser=True)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(pku: Organisation, **changed: object) -> dict[str, object]:
    """What the page of 北京大学 posts, with its contact 张伟 in the first row."""
    contact = pku.contacts.get(name="张伟")
    return {
        "name": pku.name,
        "short_name": pku.short_name,
        "active": "on",
        "region": pku.region_id,
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "1",
        "contacts-0-id": contact.pk,
        "contacts-0-organisation": pku.pk,
        "contacts-0-name": contact.name,
        "contacts-0-phone": contact.phone,
        "contacts-0-active": "on",
        "sites-TOTAL_FORMS": "0",
        "sites-INITIAL_FORMS": "0",
        **changed,
    }


def test_a_customer_is_kept_with_its_contacts_on_one_page(admin: Client, pku: Organisation) -> None:
    where = reverse("admin:customers_organisation_change", args=(pku.pk,))
    answer = admin.post(where, page(pku, city="北京", **{"contacts-0-title": "主任"}))
    assert answer.status_code == 302
    pku = Organisation.objects.get(pk=pku.pk)
    assert pku.city == "北京"
    assert pku.contacts.get(name="张伟").title == "主任"
    history = admin.get(reverse("admin:customers_organisation_history", args=(pku.pk,))).content.decode()
    assert "北京" in history
    assert "管理员" in history


def test_a_contact_without_any_way_is_refused_at_its_row(admin: Client, pku: Organisation) -> None:
    where = reverse("admin:customers_organisation_change", args=(pku.pk,))
    answer = admin.post(where, page(pku, **{"contacts-0-phone": ""}))
    assert answer.status_code == 200
    assert Contact.objects.get(name="张伟").phone


def test_a_colleagues_login_is_refused_for_a_contact(admin: Client, pku: Organisation) -> None:
    where = reverse("admin:customers_organisation_change", args=(pku.pk,))
    root = User.objects.get(username="root")
    answer = admin.post(where, page(pku, **{"contacts-0-user": root.pk}))
    assert answer.status_code == 200
    assert Contact.objects.get(name="张伟").user is None


@pytest.mark.parametrize("query", ["bjdx", "6275", "ＰＥＫＩＮＧ", "张伟"])
def test_the_lists_are_searched_as_at_intake(admin: Client, pku: Organisation, query: str) -> None:
    found = admin.get(reverse("admin:customers_organisation_changelist"), {"q": query}).content.decode()
    assert "北京大学" in found
    assert "张伟" in admin.get(reverse("admin:customers_contact_changelist"), {"q": query}).content.decode()


def test_customers_are_filtered_by_service_period_and_by_having_nobody(
    admin: Client, pku: Organisation, customer: Callable[..., Organisation]
) -> None:
    customer("到期大学", service_to=datetime(2026, 3, 1, tzinfo=UTC).date())
    where = reverse("admin:customers_organisation_changelist")
    with clock.held(datetime(2026, 3, 1, 17, 0, tzinfo=UTC)):  # the second of March in Shanghai
        assert "到期大学" in admin.get(where, {"service": "out"}).content.decode()
        assert "到期大学" not in admin.get(where, {"service": "in"}).content.decode()
    pku.account_manager = User.objects.create_user("gone", display_name="离职", is_active=False)
    pku.save()
    assert "北京大学" in admin.get(where, {"manager": "none"}).content.decode()


@pytest.mark.parametrize("model", ["organisation", "contact", "site"])
def test_every_list_and_form_opens(admin: Client, pku: Organisation, model: str) -> None:
    for name in ("changelist", "add"):
        assert admin.get(reverse(f"admin:customers_{model}_{name}")).status_code == 200
