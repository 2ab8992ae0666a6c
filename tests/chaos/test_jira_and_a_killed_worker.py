"""A worker is killed after JIRA has taken an issue and before anybody here knows: there is one issue all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from core import clock
from jira.models import Issue, Outgoing
from tests.browser.house import worked_on
from tests.cast import act
from tests.jira.conftest import QUESTION, connect
from tests.support.jira import FakeJira
from tests.support.processes import wait_until
from workflow.models import OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tests.support.processes import Stage
    from tickets.models import Ticket

pytestmark = [pytest.mark.timeout(600), pytest.mark.chaos, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.rule("TKT-24")
def test_a_worker_killed_between_the_request_and_its_commit_makes_no_second_issue(
    stage: Stage, cast: Cast, new_ticket: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    jira = FakeJira()
    # The processes read with the key with which the test has written.
    monkeypatch.setenv("FIELD_KEYS", Fernet.generate_key().decode())
    try:
        stage.env["WEBHOOK_INTERNAL"] = jira.origin
        _killed(stage, jira, worked_on(new_ticket(), cast), cast)
    finally:
        jira.stop()


def _killed(stage: Stage, jira: FakeJira, ticket: Ticket, cast: Cast) -> None:
    jira.fail("POST .*/issue$", "hang")
    connect(jira.origin)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    stage.start_broker()
    stage.beat()
    worker = stage.worker()
    assert jira.accepted.wait(40), "JIRA was not asked"
    worker.kill()
    jira.released.set()
    assert (len(jira.issues), Issue.objects.get().key) == (1, "")
    # As if the time had passed after which the dead worker's claim is over.
    Outgoing.objects.update(busy_until=clock.now() - timedelta(seconds=1))
    OutboxMessage.objects.filter(topic="jira.carry").update(available_at=clock.now())
    stage.worker("second")
    wait_until(lambda: Issue.objects.get().key, 80, "the issue was not found again")
    assert Issue.objects.get().key == "RD-1"
    assert len(jira.issues) == len(jira.requests("POST", "/issue")) == 1
