"""A JIRA that is switched on, a ticket that goes to R&D, and a worker that empties the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core import clock
from jira.models import Connection, Issue, Outgoing
from tests.browser.house import worked_on
from tests.cast import act
from tests.support.jira import FIELDS, TOKEN, FakeJira
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

    from tests.cast import Cast
    from tickets.models import Ticket

SECRET = "webhook-s3cret"
QUESTION = {"question": "提交接口为何返回空？", "tried": "重启网关，换浏览器"}


@pytest.fixture
def jira(settings: Settings, tmp_path: Any) -> Iterator[FakeJira]:
    """R&D's JIRA."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    played = FakeJira()
    settings.WEBHOOK_INTERNAL = (played.origin,)
    yield played
    played.stop()


def connect(origin: str, **given: Any) -> Connection:
    """Switch a JIRA on."""
    fields = {f"{name}_field": field for name, field in FIELDS.items()}
    said = {"name": "R&D", "base_url": origin, "project": "RD", "issue_type": "Bug", "language": "en"}
    return Connection.objects.create(
        **{**said, **fields, "token": TOKEN, "webhook_secret": SECRET, "active": True, **given}
    )


@pytest.fixture
def connection(db: None, jira: FakeJira) -> Connection:
    """JIRA is on."""
    return connect(jira.origin)


@dataclass
class Worker:
    """Does what the outbox holds, with what follows each commit, as a worker does; `later` lets time pass first."""

    capture: DjangoCaptureOnCommitCallbacks
    hold: Callable[[datetime], Any]

    def work(self) -> None:
        """Empty the outbox of what is due now."""
        for _ in range(20):
            with self.capture(execute=True):
                done = outbox.drain()
            if not done:
                return

    def later(self, **span: float) -> None:
        """Let time pass, then work."""
        self.hold(clock.now() + timedelta(**span))
        self.work()


@pytest.fixture
def worker(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, held_clock: Callable[[datetime], Any]
) -> Worker:
    """A worker."""
    return Worker(django_capture_on_commit_callbacks, held_clock)


@pytest.fixture
def ticket(held_clock: Callable[[datetime], Any], cast: Cast, new_ticket: Callable[..., Ticket]) -> Ticket:
    """A ticket that the engineer works on."""
    return worked_on(new_ticket(title="在线考试提交后白屏"), cast)


@pytest.fixture
def escalated(ticket: Ticket, cast: Cast, connection: Connection, worker: Worker) -> Ticket:
    """The ticket, passed on to R&D, whose JIRA knows it."""
    act(ticket, "escalate_to_rd", cast.engineer, **QUESTION)
    worker.work()
    return ticket


def issue_of(ticket: Ticket) -> Issue:
    """The issue that speaks for a ticket."""
    return Issue.objects.get(current_for=ticket.pk)


def left() -> list[Outgoing]:
    """What JIRA has not been told yet."""
    return list(Outgoing.objects.unsettled().order_by("id"))
