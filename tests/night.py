"""A night on which the engineer is on duty, for tests of what happens while the department is closed.

`night` holds the clock at Monday 2 March 2026, 22:00 in Shanghai, with the engineer's shift from closing to opening;
`new_emergency(**overrides)` has the engineer on duty record one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from duty import seeds
from duty.models import Post, Shift
from tests.cast import act, ticket_data
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.cast import Cast, University

CLOSING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TEN_AT_NIGHT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
OPENING = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
SECRET = "pa55-of-the-platform-Zyzzyva"
"""A password that stands nowhere but in the vault."""


def shift(engineer: User, starts_at: datetime, ends_at: datetime) -> Shift:
    """A shift on the hotline's post."""
    seeds.seed()
    return Shift.objects.create(post=Post.objects.get(), engineer=engineer, starts_at=starts_at, ends_at=ends_at)


@pytest.fixture
def night(held_clock: Callable[[datetime], Any], cast: Cast) -> Shift:
    """The engineer's night."""
    made = shift(cast.engineer, CLOSING, OPENING)
    held_clock(TEN_AT_NIGHT)
    return made


def emergency_data(university: University) -> dict[str, Any]:
    """What is said when a usual emergency is recorded."""
    said = {name: value for name, value in ticket_data(university).items() if name not in {"channel", "severity"}}
    return said | {
        "product_related": "on",
        "major_failure": "on",
        "title": "教学平台宕机",
        "body": "晚上十点起全校无法登录。",
    }


@pytest.fixture
def new_emergency(night: Shift, cast: Cast, university: University) -> Callable[..., Ticket]:
    """Record an emergency, as the engineer on duty unless said otherwise."""

    def record(*, by: Any = None, files: Any = None, **overrides: Any) -> Ticket:
        ticket = Ticket()
        act(ticket, "record_emergency", by or cast.engineer, files=files, **emergency_data(university) | overrides)
        return ticket

    return record


ACCESS = {
    "address": "lms.pku.example",
    "username": "root",
    "password": SECRET,
    "login_method": "ssh",
    "firewall": "vpn",
}
"""The access details that a customer gives by phone."""


def admitted(ticket: Ticket, by: User) -> Ticket:
    """With its access details on record."""
    act(ticket, "record_access", by, **ACCESS)
    return ticket


def responded(ticket: Ticket, by: User) -> Ticket:
    """Admitted, and responded to."""
    expected = (ticket.accepted_at + timedelta(hours=11)).strftime("%Y-%m-%dT%H:%M")
    said = {"contacted_by": ticket.channel_id, "way": "远程登录", "expected_at": expected, "measures": "重启服务"}
    act(admitted(ticket, by), "respond", by, **said)
    return ticket


def resolved(ticket: Ticket, by: User) -> Ticket:
    """Responded to and solved, with its cause."""
    said = {"method": "重启数据库", "course": "查日志", "result": "恢复登录", "cause": "连接数耗尽"}
    act(responded(ticket, by), "resolve", by, **said)
    return ticket
