"""Who looks after JIRA is told once when it does not go along, once when that is over, and never for each ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.utils.translation import override

from jira import tasks
from jira.models import Connection, Outage
from notifications.inbox import inbox
from notifications.models import Notice
from tests.cast import act
from tests.jira.conftest import QUESTION, Worker
from tests.jira.test_inbound import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast
    from tests.support.jira import FakeJira
    from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.rule("TKT-24")]


def told(user: User) -> list[str]:
    """What somebody is told of JIRA, oldest first."""
    with override("en"):
        items = inbox(user)
    return [item.message.title for item in reversed(items) if item.message.path == "/jira/"]


def minutes(worker: Worker, jira: FakeJira, count: int) -> None:
    """Let the regular reading happen for some minutes."""
    for _minute in range(count):
        worker.later(minutes=1)
        tasks.poll()
        worker.work()


DOWN = "R&D does not go along: JIRA cannot be read"
BACK = "R&D goes along again: JIRA cannot be read – that is over"


def test_the_engineers_superior_is_told_once_an_outage_and_once_when_it_is_over(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST .*search", 500, times=40)
    minutes(worker, jira, 40)
    assert told(cast.supervisor) == [DOWN]
    minutes(worker, jira, 3)
    assert told(cast.supervisor) == [DOWN, BACK]
    assert [person for person in vars(cast).values() if told(person)] == [cast.supervisor]
    sent = [m for m in mail.outbox if "JIRA cannot be read" in m.subject or "JIRA" in m.subject]
    assert {address for m in sent for address in m.to} == {cast.supervisor.email}
    assert len(sent) == 2


def test_what_lasts_only_a_few_minutes_is_told_to_nobody(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    for _time in range(4):
        jira.fail("POST .*search", 500, times=10)
        minutes(worker, jira, 12)
    assert told(cast.supervisor) == []
    assert Outage.objects.filter(told_at=None, over_at__isnull=False).count() == 4


def test_the_administration_names_who_is_told_and_directors_are_told_where_nobody_else_is(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    Connection.objects.get().told.set([cast.rd_engineer, cast.admin])
    jira.fail("POST .*search", "drop", times=18)
    minutes(worker, jira, 30)
    assert (told(cast.rd_engineer), told(cast.admin), told(cast.supervisor)) == ([DOWN, BACK], [DOWN, BACK], [])
    Connection.objects.get().told.clear()
    type(cast.engineer).objects.update(supervisor=None)
    jira.fail("POST .*search", 500, times=18)
    minutes(worker, jira, 17)
    assert (told(cast.director), told(cast.supervisor)) == ([DOWN], [])


def test_many_tickets_out_of_step_are_one_notice(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker, new_ticket: Callable[..., Ticket]
) -> None:
    from tests.browser.house import worked_on

    second = worked_on(new_ticket(), cast)
    act(second, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    for key in ("RD-1", "RD-2"):
        jira.moves(key, "Done", "done")
    minutes(worker, jira, 20)
    assert told(cast.supervisor) == ["R&D does not go along: Records and issues are out of step"]
    answer: dict[str, Any] = {"method": "m", "advice": "a", "result": "r"}
    for key, ticket in (("RD-1", escalated), ("RD-2", second)):
        jira.moves(key, "Done", "done", **answer)
        read(ticket)
    minutes(worker, jira, 1)
    assert len(told(cast.supervisor)) == 2


def test_a_jira_that_is_switched_off_has_no_outage_and_nobody_is_told_that_it_is_back(
    escalated: Ticket, cast: Cast, jira: FakeJira, worker: Worker
) -> None:
    jira.fail("POST .*search", 500, times=18)
    minutes(worker, jira, 17)
    Connection.objects.update(active=False)
    minutes(worker, jira, 20)
    assert told(cast.supervisor) == [DOWN]
    assert not Outage.objects.filter(over_at=None).exists()
    assert Notice.objects.filter(tiding__isnull=False).count() == 1
