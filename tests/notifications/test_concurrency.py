"""Several workers at once, on a real server: every message once, and the limit of a robot kept by all of them."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import connection

from core import clock
from notifications.models import Robot, Sending
from people.actors import SYSTEM
from tests.notifications.errands import NOON, acts, make, missed
from workflow import outbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User
    from tests.notifications.conftest import Cast, Service

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4


def drain_together() -> None:
    """Let all workers start at the same moment and drain until nothing is left."""
    start = threading.Barrier(WORKERS)

    def work() -> None:
        try:
            start.wait(timeout=10)
            with clock.held(NOON):
                while outbox.drain():
                    pass
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)


def test_four_workers_send_each_mail_once(cast: Cast, person: Callable[..., User]) -> None:
    people = [person(f"p{n}", f"人{n}") for n in range(40)]
    records = [make(n, cast.customer, handler=user) for n, user in enumerate(people)]
    for start in range(0, 40, 8):
        acts([(record, "deadline.missed", SYSTEM, missed("handler")) for record in records[start : start + 8]])
    drain_together()
    sent = Counter(message.to[0] for message in mail.outbox)
    assert sent == Counter({user.email: 1 for user in people})
    assert Sending.objects.filter(sent_at__isnull=False, attempts=1).count() == 40


def test_four_workers_keep_a_robots_limit_together(cast: Cast, service: Service) -> None:
    Robot.objects.create(name="群", service="wecom", webhook=f"{service.origin}/send", language="en")
    cast.handler.email = ""
    cast.handler.save()
    for number in range(30):
        record = make(number, cast.customer, handler=cast.handler)
        acts([(record, "deadline.missed", SYSTEM, missed("handler"))])
    drain_together()
    assert 0 < len(service.requests) <= 20
    told = Sending.objects.filter(sent_at__isnull=False).count()
    waiting = Sending.objects.pending().count()
    assert told + waiting == 30
    assert Sending.objects.filter(attempts__gt=1).count() == 0
