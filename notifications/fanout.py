"""From a notice to the ways it goes out: the outbox's handler decides for each, and writes what is to be sent."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock
from notifications import customers, delivery, robots
from notifications.kinds import PERSONAL_WAYS, Way
from notifications.models import MessageTemplate, Notice, Robot, Sending
from notifications.preferences import Wishes
from people.models import User
from workflow import outbox
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from notifications.models import Tiding
    from workflow.models import OutboxMessage

TOPIC = "notifications.fan_out"
FRESH = timedelta(hours=48)
"""What is older is history: it stays in the application, and no mail is written of it."""
DIGEST_FROM = 4
"""So many messages for one person at once become one mail."""


def ask(entries: Sequence[int]) -> None:
    """Have the notices of new entries carried out of the house; one row, however many entries."""
    outbox.enqueue(TOPIC, f"notices:{entries[0]}", {"entries": list(entries)})


def ask_of_tiding(tiding: Tiding) -> None:
    """Have the notices of a tiding carried out of the house."""
    outbox.enqueue(TOPIC, f"tiding:{tiding.pk}", {"tiding": tiding.pk})


@outbox.handler(TOPIC)
def fan_out(message: OutboxMessage) -> None:
    """Write a sending for each notice and way, and ask for their delivery."""
    at = clock.now()
    if "tiding" in message.payload:
        fresh_news = Notice.objects.filter(tiding=message.payload["tiding"], created_at__gte=at - FRESH)
        _deliver(_personal(list(fresh_news.select_related("recipient").order_by("id")), at))
        return
    fresh = Entry.objects.filter(pk__in=message.payload["entries"], at__gte=at - FRESH)
    entries = list(fresh.select_related("actor", "record__customer"))
    if not entries:
        return
    notices = list(Notice.objects.filter(entry__in=entries).select_related("recipient").order_by("id"))
    _deliver([*_personal(notices, at), *_to_customers(entries, at)])
    _to_robots(entries, notices, at)


def _deliver(groups: Iterable[list[Sending]]) -> None:
    wanted = list(groups)
    _write([sending for group in wanted for sending in group])
    delivery.ask(wanted)


def _write(sendings: Sequence[Sending]) -> None:
    Sending.objects.bulk_create(sendings, batch_size=500)


def _personal(notices: Sequence[Notice], at: datetime) -> Iterator[list[Sending]]:
    """What goes to each person, one message each, or all in one where there are many."""
    wishes = Wishes(notice.recipient_id for notice in notices)
    mine: dict[tuple[int, str], list[Sending]] = defaultdict(list)
    for notice in notices:
        for way in PERSONAL_WAYS:
            address = _address(notice.recipient, way)
            if address and wishes.wants(notice.recipient_id, notice.kind, way):
                mine[notice.recipient_id, way].append(
                    Sending(
                        key=f"{way}:{notice.pk}",
                        way=way,
                        entry_id=notice.entry_id,
                        notice=notice,
                        recipient=notice.recipient,
                        address=address,
                        created_at=at,
                    )
                )
    for sendings in mine.values():
        if len(sendings) >= DIGEST_FROM:
            yield sendings
        else:
            yield from ([sending] for sending in sendings)


def _address(user: User, way: str) -> str:
    return user.email if way == Way.EMAIL else user.mobile


def _to_customers(entries: Sequence[Entry], at: datetime) -> Iterator[list[Sending]]:
    public = [entry for entry in entries if entry.public]
    if not public:
        return
    templates = {row.code: row for row in MessageTemplate.objects.filter(active=True)}
    for entry in public:
        record = entry.record.concrete
        declared = customers.mail_of(entry, record)
        template = templates.get(declared.messages[entry.verb]) if declared else None
        if declared is None or template is None:
            continue
        for place, address in enumerate(customers.addresses(declared, record)):
            key = f"customer:{entry.pk}:{place}" if place else f"customer:{entry.pk}"
            yield [Sending(key=key, way=Way.EMAIL, entry=entry, template=template, address=address, created_at=at)]


def _to_robots(entries: Sequence[Entry], notices: Sequence[Notice], at: datetime) -> None:
    of_entry: dict[int, list[Notice]] = defaultdict(list)
    for notice in notices:
        of_entry[notice.entry_id or 0].append(notice)
    for robot in Robot.objects.filter(active=True).select_related("role"):
        holders = _holders(robot)
        sendings = [
            Sending(
                key=f"robot:{robot.pk}:{entry.pk}",
                way=Way.ROBOT,
                entry=entry,
                notice=hit,
                robot=robot,
                created_at=at,
            )
            for entry in entries
            if (hit := robots.concerned(robot, entry, of_entry[entry.pk], holders)) is not None
        ]
        if sendings:
            _write(sendings)
            robots.ask(robot.pk, at)


def _holders(robot: Robot) -> set[int] | None:
    if robot.role is None:
        return None
    return set(User.objects.holding(robot.role.code).values_list("pk", flat=True))
