"""A house with work in it: one ticket in every state, one of them late, notices, a substitute and a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from people.models import Substitution
from tests.cast import act
from workflow import sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast
    from tickets.models import Ticket

    Record = Callable[..., Ticket]

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@dataclass
class House:
    """Tickets by the states in which they stand."""

    recorded: Ticket
    late: Ticket
    in_progress: Ticket
    with_rd: Ticket
    waiting: Ticket
    resolved: Ticket
    closed: Ticket

    def by_state(self) -> dict[str, Ticket]:
        """The tickets, by the names that they have here."""
        return dict(vars(self))


def in_two_days() -> str:
    """A promise, as it is typed."""
    return f"{clock.local(clock.now() + timedelta(days=2)):%Y-%m-%dT%H:%M}"


def dispatched(ticket: Ticket, cast: Cast) -> Ticket:
    """Given to the engineer."""
    act(ticket, "dispatch", cast.specialist, handler=cast.engineer.pk)
    return ticket


def worked_on(ticket: Ticket, cast: Cast) -> Ticket:
    """Given to the engineer, who has got in touch."""
    said = {"way": "远程检查日志", "expected_at": in_two_days(), "measures": "先查网关，再查数据库"}
    act(dispatched(ticket, cast), "respond", cast.engineer, contacted_by=ticket.channel_id, **said)
    return ticket


def solved(ticket: Ticket, cast: Cast) -> Ticket:
    """Resolved by the engineer."""
    act(ticket, "resolve", cast.engineer, method="重启登录网关", course="查日志，重启，验证", result="可以登录")
    return ticket


def furnish(cast: Cast, new_ticket: Record) -> House:
    """Make the house."""
    with clock.held(clock.now() - timedelta(days=4)):
        late = dispatched(new_ticket(title="成绩册打不开", severity="urgent"), cast)
    for _round in range(3):
        sweep.run(200)
    picture = SimpleUploadedFile("登录错误.png", PICTURE, "image/png")
    with_rd = worked_on(new_ticket(title="在线考试提交后白屏"), cast)
    act(with_rd, "escalate_to_rd", cast.engineer, question="提交接口为何返回空", tried="重启，换浏览器")
    waiting = worked_on(new_ticket(title="课程资源无法上传"), cast)
    act(waiting, "wait_for_customer", cast.engineer, asked="请提供出错页面的截图")
    closed = solved(worked_on(new_ticket(title="忘记密码"), cast), cast)
    act(closed, "confirm", cast.specialist, satisfaction=5, comment="很快")
    late.refresh_from_db()
    Substitution.objects.create(
        principal=cast.other_engineer,
        substitute=cast.engineer,
        starts_at=clock.now() - timedelta(days=1),
        ends_at=clock.now() + timedelta(days=3),
        reason="年假",
    )
    in_progress = worked_on(new_ticket(title="教学平台无法登录"), cast)
    act(in_progress, "attach", cast.engineer, files={"files": [picture]}, text="登录页的截图")
    return House(
        recorded=new_ticket(title="直播卡顿"),
        late=late,
        in_progress=in_progress,
        with_rd=with_rd,
        waiting=waiting,
        resolved=solved(worked_on(new_ticket(title="统计报表为空"), cast), cast),
        closed=closed,
    )
