"""A small department whose numbers are counted by hand: five tickets of February and March, looked at on 10 March.

| | accepted | what | with | response | then |
| --- | --- | --- | --- | --- | --- |
| old | 10 Feb | general fault | engineer | due 11 Feb, kept | resolved 11 Feb, closed by itself |
| forgotten | 20 Feb | urgent fault | engineer | due 20 Feb, missed | nobody has responded yet |
| late | 2 Mar | general, application | trainer | due 3 Mar, missed | responded 4 Mar, promised for 20 Mar |
| lying | 2 Mar | critical fault, by email | nobody yet | due 2 Mar, missed | accepted by the specialist |
| quick | 3 Mar | general fault | engineer | due 4 Mar, kept | resolved 5 Mar, not yet confirmed |
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.cast import act
from workflow import sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tickets.models import Ticket

TEN = 2
"""Ten o'clock in Shanghai, as an hour of UTC."""


def counted(cast: Cast, new_ticket: Callable[..., Ticket], hold: Callable[[datetime], Any]) -> dict[str, Ticket]:
    """Make them; the clock then stands at 10 March 2026, ten o'clock."""

    def on(month: int, day: int) -> None:
        hold(datetime(2026, month, day, TEN, tzinfo=UTC))

    on(2, 10)
    old = _responded(_given(new_ticket(title="旧的"), cast, cast.engineer), cast.engineer, "2026-02-12T10:00")
    on(2, 11)
    _solved(old, cast)
    on(2, 20)
    forgotten = _given(new_ticket(title="忘了的", severity="urgent"), cast, cast.engineer)
    on(2, 23)
    sweep.run(100)
    on(3, 2)
    late = _given(new_ticket(title="迟了的", subtype="features"), cast, cast.trainer)
    lying = new_ticket(title="没人管的", severity="critical", channel="email")
    on(3, 3)
    quick = _responded(_given(new_ticket(title="快的"), cast, cast.engineer), cast.engineer, "2026-03-06T10:00")
    on(3, 4)
    _responded(late, cast.trainer, "2026-03-20T10:00")
    on(3, 5)
    _solved(quick, cast)
    on(3, 10)
    return {"old": old, "forgotten": forgotten, "late": late, "lying": lying, "quick": quick}


def _given(ticket: Ticket, cast: Cast, handler: Any) -> Ticket:
    act(ticket, "dispatch", cast.specialist, handler=handler.pk)
    return ticket


def _responded(ticket: Ticket, handler: Any, promised: str) -> Ticket:
    said = {"way": "远程检查", "expected_at": promised, "measures": "查日志"}
    act(ticket, "respond", handler, contacted_by=ticket.channel_id, **said)
    return ticket


def _solved(ticket: Ticket, cast: Cast) -> None:
    act(ticket, "resolve", cast.engineer, method="重启", course="查日志，重启", result="恢复")
