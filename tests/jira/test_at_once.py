"""Several workers at once, on a real server: one issue, and every comment once."""

from __future__ import annotations

import threading
from contextvars import copy_context
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database

from jira import inbound, polling
from tests.browser.house import worked_on
from tests.cast import act
from tests.jira.conftest import QUESTION, issue_of, left
from workflow import outbox
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from jira.models import Connection
    from tests.cast import Cast
    from tests.support.jira import FakeJira
    from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


def together(work: Callable[[], object]) -> None:
    """Have all workers begin at the same moment, by the clock that the test holds."""
    start = threading.Barrier(WORKERS)

    def begin() -> None:
        try:
            start.wait(timeout=10)
            work()
        finally:
            database.close()

    workers = [threading.Thread(target=copy_context().run, args=(begin,)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)


@pytest.mark.rule("TKT-24")
def test_four_workers_make_one_issue_and_bring_every_comment_once(
    cast: Cast, new_ticket: Callable[..., Ticket], connection: Connection, jira: FakeJira
) -> None:
    ticket = worked_on(new_ticket(), cast)
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    together(outbox.drain)
    assert (len(jira.issues), issue_of(ticket).key) == (1, "RD-1")
    for n in range(3):
        jira.says("RD-1", f"第 {n} 条")
    jira.moves("RD-1", "Done", "done", method="m", advice="a", result="r")
    pk = issue_of(ticket).pk

    def hear() -> None:
        inbound.read_now(pk)
        polling.poll()

    together(hear)
    assert Entry.objects.filter(record=ticket, verb="hear").count() == 3
    assert Entry.objects.filter(record=ticket, verb="return_from_rd").count() == 1
    assert left() == []
