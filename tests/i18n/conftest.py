"""A house in which everything shows: tickets in every state, notices, a substitute, comments, files."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import clock
from notifications.models import Notice
from people.models import Substitution, User
from tests.cast import act
from workflow import sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from typing import Any

    from tests.cast import Cast
    from tickets.models import Ticket

    Reader = Callable[[User, str], Client]


@pytest.fixture
def reader() -> Reader:
    """A browser in which somebody is logged in, reading a language."""

    def open_browser(user: User, language: str) -> Client:
        User.objects.filter(pk=user.pk).update(language=language)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser


@pytest.fixture
def house(
    cast: Cast, new_ticket: Callable[..., Ticket], held_clock: Callable[[datetime], Any]
) -> Iterator[dict[str, Ticket]]:
    """Tickets by the state in which they are left; two days on, so that deadlines have been missed and told."""
    made = {state: new_ticket(severity="urgent") for state in ("recorded", "cancelled", "late")}
    act(made["recorded"], "attach", cast.specialist, files={"files": [picture()]})
    act(made["cancelled"], "cancel", cast.specialist, reason="重复登记")
    for state in ("dispatched", "in_progress", "with_rd", "waiting_customer", "resolved", "closed", "reopened"):
        made[state] = new_ticket(severity="critical" if state == "with_rd" else "general")
        act(made[state], "dispatch", cast.specialist, handler=cast.engineer.pk)
        if state != "dispatched":
            respond(made[state], cast)
    _work(made, cast)
    today = clock.now()
    Substitution.objects.create(
        principal=cast.engineer,
        substitute=cast.other_engineer,
        starts_at=today,
        ends_at=today + timedelta(days=9),
        reason="休假",
    )
    held_clock(today + timedelta(days=2))
    sweep.run(500)
    yield made
    assert Notice.objects.exists()


def _work(made: dict[str, Ticket], cast: Cast) -> None:
    channel = made["recorded"].channel_id
    act(made["with_rd"], "escalate_to_rd", cast.engineer, question="是否已知缺陷", tried="重装")
    act(made["with_rd"], "press", cast.account_manager, text="客户很急")
    act(made["waiting_customer"], "wait_for_customer", cast.engineer, asked="请提供截图")
    act(made["in_progress"], "log_contact", cast.specialist, contacted_by=channel, person="张老师", summary="已通报")
    act(made["in_progress"], "copy_to", cast.specialist, people=[cast.director.pk])
    act(made["in_progress"], "change_severity", cast.specialist, severity="urgent", reason="影响扩大")
    for state in ("resolved", "closed", "reopened"):
        act(made[state], "resolve", cast.engineer, method="重建索引", course="逐步排查", result="已恢复")
    act(made["closed"], "confirm", cast.specialist, satisfaction=5, comment="很好")
    act(made["reopened"], "reopen", cast.specialist, reason="又出现了")


def respond(ticket: Ticket, cast: Cast) -> None:
    """The engineer gets in touch and promises the next day."""
    expected = f"{clock.local(clock.now() + timedelta(days=1)):%Y-%m-%dT%H:%M}"
    said = {"contacted_by": ticket.channel_id, "way": "远程检查", "expected_at": expected, "measures": "查日志"}
    act(ticket, "respond", cast.engineer, **said)


def picture() -> SimpleUploadedFile:
    """A picture of an error."""
    return SimpleUploadedFile("error.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "image/png")
