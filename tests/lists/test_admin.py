"""The administration of saved views: wrong values are told at the form, and whoever is no administrator stays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from lists.models import SavedView

if TYPE_CHECKING:
    from people.models import User
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
ADD = "/admin/lists/savedview/add/"


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_administrator_takes_over_the_views_of_somebody_who_left(cast: Cast) -> None:
    view = SavedView.objects.create(kind="ticket", name="旧的", owner=cast.engineer, query="show=open")
    browser = browser_of(cast.admin)
    said: dict[str, Any] = {"kind": "ticket", "name": "旧的", "owner": cast.director.pk, "sharing": "everybody"}
    answer = browser.post(f"/admin/lists/savedview/{view.pk}/change/", {**said, "query": "show=all&evil=1"})
    assert answer.status_code == 302
    view.refresh_from_db()
    assert (view.owner, view.sharing, view.query) == (cast.director, "everybody", "show=all")
    assert view.history.count() == 2
    assert browser.post(f"/admin/lists/savedview/{view.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"owner": ""}, {"kind": "nothing"}, {"sharing": "department"}, {"name": ""}, {"query": "q=" + "长" * 400}]
)
def test_what_cannot_be_is_told_at_the_form(cast: Cast, wrong: dict[str, str]) -> None:
    said = {"kind": "ticket", "name": "新的", "owner": cast.director.pk, "sharing": "private", "query": "show=open"}
    answer = browser_of(cast.admin).post(ADD, {**said, **wrong})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_nobody_else_gets_in(cast: Cast) -> None:
    for user in (cast.director, cast.specialist, cast.contact):
        assert browser_of(user).get(ADD).status_code == 302
