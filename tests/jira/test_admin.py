"""The connection is set up in the administration: checked at its fields, and keys go in but never come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from jira.models import Connection
from tests.jira.conftest import SECRET
from tests.support.jira import FIELDS, TOKEN

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast
    from tests.support.jira import FakeJira
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db
ADD = "/admin/jira/connection/add/"


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    """An administrator's browser."""
    client.force_login(cast.admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def said(jira: FakeJira) -> dict[str, str]:
    """What is typed to switch a JIRA on."""
    fields = {f"{name}_field": field for name, field in FIELDS.items()}
    kept = {"name": "R&D", "base_url": jira.origin + "/", "project": "RD", "issue_type": "Bug", "link_type": "Relates"}
    return {**kept, **fields, "language": "en", "new_token": TOKEN, "new_webhook_secret": SECRET, "active": "on"}


def faults(answer: Any) -> set[str]:
    """The fields at which something is wrong."""
    return set(answer.context["adminform"].form.errors)


def test_keys_go_in_and_never_come_out(admin: Client, said: dict[str, str]) -> None:
    assert admin.post(ADD, said).status_code == 302
    made = Connection.objects.get()
    assert (made.token.reveal(), made.webhook_secret.reveal(), made.active) == (TOKEN, SECRET, True)
    assert not made.base_url.endswith("/")
    history = reverse("admin:jira_connection_history", args=(made.pk,))
    version = reverse("admin:jira_connection_simple_history", args=(made.pk, made.history.first().pk))
    for page in (f"/admin/jira/connection/{made.pk}/change/", history, version, "/admin/jira/connection/"):
        shown = admin.get(page)
        assert shown.status_code == 200
        for secret in (TOKEN, SECRET, made.token.token):
            assert secret not in shown.content.decode()
    assert TOKEN not in str(list(Connection.history.values()))


def test_an_empty_field_keeps_the_key_and_the_history_shows_that_one_was_changed(
    admin: Client, said: dict[str, str]
) -> None:
    admin.post(ADD, said)
    made = Connection.objects.get()
    where, mark = f"/admin/jira/connection/{made.pk}/change/", made.key_mark
    admin.post(where, said | {"new_token": "", "new_webhook_secret": ""})
    assert (Connection.objects.get().token.reveal(), Connection.objects.get().key_mark) == (TOKEN, mark)
    admin.post(where, said | {"new_token": "another", "new_webhook_secret": ""})
    assert Connection.objects.get().token.reveal() == "another"
    assert [row.key_mark == mark for row in Connection.history.order_by("history_id")] == [True, True, False]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://jira.example",
        "https://evil.example",
        "https://169.254.169.254/latest",
        "https://jira.example@evil.example",
        "https://jira.example:8443",
        "file:///etc/passwd",
        "https://jira.example/?x=1",
    ],
)
def test_an_address_that_may_not_be_called_is_refused_at_its_field(
    admin: Client, said: dict[str, str], url: str, settings: Any
) -> None:
    settings.JIRA_HOSTS = ("jira.example",)
    answer = admin.post(ADD, said | {"base_url": url})
    assert faults(answer) == {"base_url"}
    assert TOKEN not in answer.content.decode()
    assert admin.post(ADD, said | {"base_url": "https://jira.example/jira/"}).status_code == 302


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project", 'RD" OR 1=1'),
        ("project", "rd"),
        ("method_field", "customfield_1,../admin"),
        ("method_field", ""),
        ("advice_field", ""),
        ("result_field", "no such field"),
        ("new_token", ""),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_kept(
    admin: Client, said: dict[str, str], name: str, value: str
) -> None:
    assert faults(admin.post(ADD, said | {name: value})) == {name}
    assert not Connection.objects.exists()


def test_a_connection_that_is_off_may_be_half_finished_and_only_one_is_on(admin: Client, said: dict[str, str]) -> None:
    half = said | {"name": "half", "method_field": "", "new_token": ""}
    del half["active"]
    assert admin.post(ADD, half).status_code == 302
    assert admin.post(ADD, said).status_code == 302
    assert admin.post(ADD, said | {"name": "second"}).status_code == 200
    assert Connection.objects.filter(active=True).count() == 1


def test_issues_and_messages_are_looked_at_and_never_written(admin: Client, escalated: Ticket) -> None:
    for model in ("issue", "outgoing"):
        page = admin.get(f"/admin/jira/{model}/", {"q": escalated.number})
        assert "RD-1" in page.content.decode()
        assert admin.get(f"/admin/jira/{model}/add/").status_code == 403
    made = Connection.objects.get()
    assert admin.get(f"/admin/jira/connection/{made.pk}/delete/").status_code == 403
    assert 'href="/jira/"' in admin.get(f"/admin/jira/connection/{made.pk}/change/").content.decode()
