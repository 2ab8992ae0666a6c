"""Group robots and their limit: 20 messages a minute, and above that one digest of all that waits.

What was called when stands on the robot's row and is read under its lock, so the limit holds for any number of workers
and across restarts.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from core import clock
from notifications import delivery
from notifications.models import Robot, Sending
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from notifications.models import Notice
    from workflow.models import Entry, OutboxMessage

TOPIC = "notifications.robot"
LIMIT = 20
WINDOW = timedelta(minutes=1)


def concerned(robot: Robot, entry: Entry, notices: Sequence[Notice], holders: Collection[int] | None) -> Notice | None:
    """The notice of an entry that a robot's group is told of too, or none. `holders` hold the robot's role."""
    customer = entry.record.customer
    if robot.region_id is not None and (customer is None or customer.region_id != robot.region_id):
        return None
    for notice in notices:
        meant = holders is None or notice.recipient_id in holders
        if meant and notice.kind in robot.kinds and notice.urgency >= robot.urgency:
            return notice
    return None


def ask(robot_id: int, at: datetime) -> None:
    """Have what waits for a robot sent at a moment; asking twice for the same moment is asking once."""
    outbox.enqueue(TOPIC, f"robot:{robot_id}:{at.isoformat()}", {"robot": robot_id}, at)


@outbox.handler(TOPIC)
def flush(message: OutboxMessage) -> None:
    """Claim what waits for a robot, as single messages or as one digest, as the limit allows."""
    at = clock.now()
    robot = Robot.objects.select_for_update(of=("self",)).filter(pk=message.payload["robot"]).first()
    if robot is None:
        return
    waiting = list(Sending.objects.free(at).filter(robot=robot).order_by("id"))
    if not waiting:
        return
    if not robot.active:
        _give_up(waiting, at)
        return
    calls = robot.calls_since(at - WINDOW)
    left = LIMIT - len(calls)
    if left <= 0:
        ask(robot.pk, calls[0] + WINDOW)
        return
    # The last call of a minute is kept for the digest of all that came too fast.
    groups = [[sending] for sending in waiting] if len(waiting) < left else [waiting]
    moments = [*calls, *[at] * len(groups)]
    Robot.objects.filter(pk=robot.pk).update(calls=[moment.isoformat() for moment in moments])
    for group in groups:
        _claim(robot.pk, group, at)


def _claim(robot_id: int, group: Sequence[Sending], at: datetime) -> None:
    tries = min(sending.attempts for sending in group)
    claimed = delivery.claim([sending.pk for sending in group], at)
    if not claimed:
        return
    last = tries >= len(delivery.BACKOFF)
    if not last:
        ask(robot_id, at + delivery.BACKOFF[tries])
    transaction.on_commit(partial(_carry_out, robot_id, claimed, group[0].key, last=last))


def _carry_out(robot_id: int, claimed: Sequence[int], key: str, *, last: bool) -> None:
    pause = delivery.carry_out(claimed, key, last=last)
    if pause is not None:
        _rest(robot_id, clock.now() + pause)


def _rest(robot_id: int, until: datetime) -> None:
    """The service has had enough of the robot: fill its minute up, so that nothing is sent before."""
    with transaction.atomic():
        Robot.objects.select_for_update(of=("self",)).filter(pk=robot_id).first()
        Robot.objects.filter(pk=robot_id).update(calls=[(until - WINDOW).isoformat()] * LIMIT)
        ask(robot_id, until)


def _give_up(waiting: Sequence[Sending], at: datetime) -> None:
    Sending.objects.filter(pk__in=[sending.pk for sending in waiting]).update(
        failed_at=at, last_error="the robot was switched off"
    )
