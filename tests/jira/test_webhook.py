"""JIRA's webhook is heard when it is signed, of now, and new; what else is sent is refused and changes nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from jira.models import Connection, Delivery
from tests.jira.conftest import SECRET, Worker, issue_of
from tests.jira.test_inbound import ANSWER, heard
from workflow.models import Entry, OutboxMessage

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

    from tests.support.jira import FakeJira
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db
WHERE = "/hooks/jira/"


def body(remote_id: str = "10001", *, ago: timedelta = timedelta(0), **more: Any) -> bytes:
    stamp = int((clock.now() - ago).timestamp() * 1000)
    return json.dumps(
        {"timestamp": stamp, "webhookEvent": "jira:issue_updated", "issue": {"id": remote_id}, **more}
    ).encode()


def post(client: Client, content: bytes, secret: str = SECRET, **headers: str) -> HttpResponse:
    sign = "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return client.post(WHERE, content, "application/json", headers={"X-Hub-Signature": sign, **headers})  # type: ignore[return-value]


def asked() -> int:
    return OutboxMessage.objects.filter(topic="jira.read", done_at=None).count()


@pytest.mark.rule("TKT-24")
def test_what_jira_says_has_changed_is_read_from_jira_at_once(
    escalated: Ticket, jira: FakeJira, client: Client, worker: Worker
) -> None:
    jira.says("RD-1", "请提供日志")
    jira.moves("RD-1", "Done", "done", **ANSWER)
    assert post(client, body()).status_code == 204
    worker.work()
    escalated.refresh_from_db()
    assert (escalated.state, len(heard(escalated))) == ("in_progress", 1)


def test_what_a_webhook_says_of_an_issue_is_not_believed(
    escalated: Ticket, jira: FakeJira, client: Client, worker: Worker
) -> None:
    forged: Any = {"comment": {"id": "77", "body": "不是真的", "author": {"displayName": "x"}}}
    assert post(client, body(**forged)).status_code == 204
    worker.work()
    assert heard(escalated) == []


def test_a_burst_of_webhooks_costs_one_reading(
    escalated: Ticket, jira: FakeJira, client: Client, worker: Worker
) -> None:
    before = len(jira.requests("GET", "/RD-1"))
    worker.hold(clock.now() + timedelta(seconds=1))
    for n in range(5):
        assert post(client, body(n=n)).status_code == 204
    worker.hold(clock.now() + timedelta(seconds=1))
    worker.work()
    assert len(jira.requests("GET", "/RD-1")) == before + 1


@pytest.mark.parametrize(
    "sign", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "sha256=é", hashlib.sha256(b"x").hexdigest()]
)
def test_a_webhook_without_the_right_signature_is_refused(escalated: Ticket, client: Client, sign: str) -> None:
    answer = client.post(WHERE, body(), "application/json", headers={"X-Hub-Signature": sign})
    assert (answer.status_code, answer.content, asked()) == (403, b"", 0)
    assert not Delivery.objects.exists()


def test_a_signature_of_another_body_or_another_secret_is_refused(escalated: Ticket, client: Client) -> None:
    sign = "sha256=" + hmac.new(SECRET.encode(), body(), hashlib.sha256).hexdigest()
    other = client.post(WHERE, body("10002"), "application/json", headers={"X-Hub-Signature": sign})
    assert other.status_code == post(client, body(), "another").status_code == 403


def test_without_a_secret_nobody_is_heard(escalated: Ticket, client: Client) -> None:
    connection = Connection.objects.get()
    connection.webhook_secret = ""
    connection.save()
    assert post(client, body(), "").status_code == 403


def test_the_same_webhook_is_heard_once(escalated: Ticket, client: Client) -> None:
    content = body()
    assert [post(client, content).status_code for _time in range(3)] == [204, 409, 409]
    assert asked() == 1


@pytest.mark.parametrize("ago", [timedelta(minutes=6), timedelta(days=3), timedelta(minutes=-6)])
def test_a_webhook_of_another_time_is_refused_though_it_is_signed(
    escalated: Ticket, client: Client, ago: timedelta
) -> None:
    assert post(client, body(ago=ago)).status_code == 403
    assert asked() == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b"{", b'{"timestamp": "now"}', b'{"timestamp": true}', b'{"timestamp": 1e400}',
     b'{"timestamp": -1}', b'{"timestamp": 99999999999999999999}', b"\xff\xfe", b"[" * 100_000],
)  # fmt: skip
def test_a_signed_body_that_makes_no_sense_is_refused(escalated: Ticket, client: Client, content: bytes) -> None:
    assert post(client, content).status_code == 403


@pytest.mark.parametrize("issue", [None, [], "x", {"id": None}, {"id": {"a": 1}}, {}, {"id": "' OR 1=1"}])
def test_a_signed_webhook_without_an_issue_changes_nothing(escalated: Ticket, client: Client, issue: Any) -> None:
    assert post(client, body() if issue is None else body(issue=issue)).status_code in {202, 204}


def test_an_issue_that_is_not_ours_is_heard_and_nothing_is_done(escalated: Ticket, client: Client) -> None:
    before = Entry.objects.count()
    assert post(client, body("99999")).status_code == 202
    assert (asked(), Entry.objects.count()) == (0, before)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(escalated: Ticket, client: Client) -> None:
    assert post(client, body(fill="x" * 1_048_600)).status_code == 413
    sign = {"X-Hub-Signature": "sha256=" + hmac.new(SECRET.encode(), body(), hashlib.sha256).hexdigest()}
    assert client.post(WHERE, body(), "application/json", headers=sign, CONTENT_LENGTH="1" * 30).status_code == 413
    assert client.post(WHERE, body(), "application/json", headers=sign, CONTENT_LENGTH="").status_code == 403


def test_a_visitor_who_only_looks_is_told_nothing(escalated: Ticket, client: Client) -> None:
    assert client.get(WHERE).status_code == 405


def test_while_jira_is_off_there_is_no_such_address(ticket: Ticket, client: Client) -> None:
    assert post(client, body()).status_code == 404


def test_what_was_heard_long_ago_is_forgotten_when_jira_is_polled(
    escalated: Ticket, client: Client, worker: Worker
) -> None:
    from jira import polling

    post(client, body())
    worker.later(minutes=11)
    polling.poll()
    assert not Delivery.objects.exists()
    assert issue_of(escalated).key == "RD-1"
