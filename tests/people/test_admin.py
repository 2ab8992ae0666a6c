"""The administration of people: usable, and no way around what people may not have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from people.models import Role, Substitution, User

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

pytestmark = pytest.mark.django_db
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def admin(client: Client, person: Callable[..., User]) -> Client:
    """A browser in which a superuser is logged in."""
    client.force_login(
        person("root", "管理员", is_staff=True, is_superuser=True, language="en"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def change(user: User) -> str:
    return reverse("admin:people_user_change", args=(user.pk,))


def fields(user: User, **changed: object) -> dict[str, object]:
    """What the page posts."""
    return {
        "username": user.username,
        "display_name": user.display_name,
        "email": user.email,
        "mobile": "",
        "is_active": "on",
        "language": "zh-hans",
        "theme": "auto",
        "roles": [role.pk for role in user.roles.all()],
        "substituted_by-TOTAL_FORMS": "0",
        "substituted_by-INITIAL_FORMS": "0",
        **changed,
    }


def test_people_are_addressed_by_their_name(admin: Client) -> None:
    page = admin.get(reverse("admin:index")).content.decode()
    assert "<strong>管理员</strong>" in page


def test_no_part_of_a_password_hash_is_shown(admin: Client, person: Callable[..., User]) -> None:
    user = person("wang", "王芳")
    page = admin.get(change(user)).content.decode()
    for part in (*user.password.split("$"), "algorithm", "salt"):
        assert len(part) < 3 or part not in page
    assert reverse("admin:auth_user_password_change", args=(user.pk,)) in page


@pytest.mark.parametrize("query", ["王芳", "wf", "WANG", "ｗａｎｇ", "5566"])
def test_people_are_found_by_name_initials_login_and_number(
    admin: Client, person: Callable[..., User], query: str
) -> None:
    person("wang", "王芳", mobile="13877775566")
    person("zhao", "赵六")
    page = admin.get(reverse("admin:people_user_changelist"), {"q": query}).content.decode()
    assert "王芳" in page
    assert "赵六" not in page


def test_roles_are_changed_and_the_history_shows_old_and_new(admin: Client, person: Callable[..., User]) -> None:
    user = person("wang", "王芳", "trainer")
    answer = admin.post(change(user), fields(user, mobile="138", roles=[Role.objects.get(code="consultant").pk]))
    assert answer.status_code == 302, answer.context["adminform"].errors
    assert User.objects.get(pk=user.pk).role_codes == {"consultant"}
    history = admin.get(reverse("admin:people_user_history", args=(user.pk,))).content.decode()
    assert "138" in history
    assert user.password not in history


def test_a_customers_contact_is_given_no_role(admin: Client, person: Callable[..., User]) -> None:
    user = person("kehu", "客户")
    answer = admin.post(change(user), fields(user, is_customer="on", roles=[Role.objects.get(code="trainer").pk]))
    assert answer.status_code == 200
    assert "roles" in answer.context["adminform"].form.errors


def test_a_substitute_is_named_on_the_persons_page_and_overlaps_are_warned_of(
    admin: Client, person: Callable[..., User]
) -> None:
    ann, bob, cid = person("ann"), person("bob"), person("cid")
    Substitution.objects.create(
        principal=ann,
        substitute=bob,
        starts_at=datetime(2026, 3, 2, tzinfo=UTC),
        ends_at=datetime(2026, 3, 6, tzinfo=UTC),
    )
    row = {
        "principal": ann.pk,
        "substitute": cid.pk,
        "starts_at_0": "2026-03-03",
        "starts_at_1": "09:00",
        "ends_at_0": "2026-03-04",
        "ends_at_1": "18:00",
        "reason": "",
    }
    answer = admin.post(reverse("admin:people_substitution_add"), row, follow=True)
    assert [str(m.level_tag) for m in answer.context["messages"]] == ["warning", "success"]


def test_where_a_colleague_is_picked_no_customer_is_offered(admin: Client, person: Callable[..., User]) -> None:
    person("ann", "安娜")
    person("anton", "安东", is_customer=True)
    where = {"app_label": "people", "model_name": "substitution", "field_name": "substitute", "term": "安"}
    offered = admin.get(reverse("admin:autocomplete"), where).json()["results"]
    assert [row["text"] for row in offered] == ["安娜"]


def test_an_administrator_who_is_no_superuser_cannot_make_one(client: Client, person: Callable[..., User]) -> None:
    clerk, root = person("clerk", is_staff=True), person("root", is_staff=True, is_superuser=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="people"))
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    client.post(change(clerk), fields(clerk, is_superuser="on", is_staff="on"))
    assert not User.objects.get(pk=clerk.pk).is_superuser
    assert client.post(change(root), fields(root)).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=(root.pk,))).status_code == 403


def test_nobody_and_no_role_is_deleted_and_no_role_is_invented(admin: Client, person: Callable[..., User]) -> None:
    user = person("wang")
    assert admin.post(reverse("admin:people_user_delete", args=(user.pk,)), {"post": "yes"}).status_code == 403
    role = Role.objects.get(code="trainer")
    assert admin.post(reverse("admin:people_role_delete", args=(role.pk,)), {"post": "yes"}).status_code == 403
    assert admin.get(reverse("admin:people_role_add")).status_code == 403


@pytest.mark.parametrize("model", ["user", "role", "region", "department", "substitution"])
def test_every_list_and_form_opens(admin: Client, person: Callable[..., User], model: str) -> None:
    person("wang", "王芳", "trainer")
    assert admin.get(reverse(f"admin:people_{model}_changelist")).status_code == 200
    if model in {"role", "region", "department"}:
        first = Role.objects.first() if model == "role" else None
        if first:
            assert admin.get(reverse("admin:people_role_change", args=(first.pk,))).status_code == 200


def test_a_customers_contact_does_not_enter_the_administration(client: Client, person: Callable[..., User]) -> None:
    client.force_login(person("kehu", is_customer=True), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("admin:index")).status_code == 302
