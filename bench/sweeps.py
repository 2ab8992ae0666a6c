"""Measuring the sweep: so many tickets fall due at once among very many that do not, swept by one or two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from bench.report import Sweep
from core import clock
from customers.models import Organisation
from demo.people import CHANNEL, Cast
from demo.scale.dialects import dialect
from demo.scale.moulds import Mould
from demo.scale.patterns import lives
from demo.scale.runs import copy
from people.actors import Actor
from tickets.models import Channel, IssueSubtype, Severity, Ticket
from workflow import sweep
from workflow.engine import perform
from workflow.kick import nobody_is_woken
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KINDS = 20
_DAY = timedelta(days=1)
_FAR = timedelta(weeks=104)
_LEVELS = (("warned", timedelta(hours=18)), ("missed", timedelta(hours=24)), ("escalated", timedelta(hours=48)))
_AFTER = timedelta(seconds=5)


@dataclass
class Ground:
    """Where sweeps are measured: a time ahead in which nothing else is due, and tickets to be copied to there."""

    begin: datetime
    moulds: list[Mould]
    open: int = 0
    sets: int = 0

    @classmethod
    def prepared(cls) -> Ground:
        """Let everything fire that would disturb, and make the patterns by the gate."""
        now = clock.now().replace(microsecond=0)
        begin = now + timedelta(days=400)
        with clock.held(begin - _DAY), nobody_is_woken():
            while sweep.run().fired:
                pass
        with clock.held(begin), nobody_is_woken():
            tickets = list(_dispatched())
        moulds = [Mould(life, dialect()) for life in lives(_KINDS, only=tickets)]
        with clock.held(begin + 3 * _DAY), nobody_is_woken():
            while sweep.run().fired:
                pass
        return cls(begin, moulds)

    def fill(self, count: int) -> None:
        """Have so many open deadlines that are due in some years."""
        missing = count - self.open
        wanted = ((self.moulds[n % _KINDS], _FAR + timedelta(weeks=n % 200)) for n in range(missing))
        copy(wanted, self.open)
        self.open = max(self.open, count)

    def ripen(self, due: int) -> datetime:
        """Make so many tickets whose response runs from one moment; returns that moment."""
        self.sets += 1
        shift = timedelta(weeks=self.sets)
        copy(((self.moulds[n % _KINDS], shift) for n in range(due)), self.sets)
        return self.begin + shift


def _dispatched() -> Iterator[int]:
    """Tickets that have been dispatched to somebody and await the response: one open deadline each."""
    desk = Actor(Cast.gathered().holding("customer_specialist")[-1], channel=CHANNEL)
    subtype = IssueSubtype.objects.select_related("issue_type").get(code="fault")
    organisations = list(Organisation.objects.prefetch_related("contacts").order_by("pk"))
    for organisation in Random(7).sample(organisations, _KINDS):
        contact = organisation.contacts.all()[0]
        said = {
            "customer": organisation,
            "contact": contact,
            "phone": contact.mobile,
            "channel": Channel.objects.get(code="hotline"),
            "severity": Severity.objects.get(code="general"),
            "issue_type": subtype.issue_type,
            "subtype": subtype,
            "title": f"Sweep {organisation.name_en}",
            "body": "Awaiting a response.",
        }
        ticket = Ticket()
        perform(ticket, "record", actor=desk, data=said)
        perform(ticket, "dispatch", actor=desk, data={})
        yield ticket.pk


def measure(dues: tuple[int, ...], amounts: tuple[int, ...], say: Callable[[str], None]) -> list[Sweep]:
    """Every number of due tickets among every number of open ones, by one worker and by two."""
    ground = Ground.prepared()
    found: list[Sweep] = []
    for among in amounts:
        say(f"  filling up to {among} open deadlines")
        ground.fill(among)
        for due in dues:
            if due > among:
                continue
            for workers in (1, 2):
                say(f"  {due} due among {among}, {workers} workers")
                found.extend(_measure(ground, due, among, workers))
    return found


def _measure(ground: Ground, due: int, among: int, workers: int) -> Iterator[Sweep]:
    start = ground.ripen(due)
    for level, after in _LEVELS:
        fired, seconds = _sweep_together(start + after + _AFTER, workers)
        yield Sweep(due, among, workers, level, fired, seconds)


def _sweep_together(at: datetime, workers: int) -> tuple[int, float]:
    """Have processes sweep at a held moment until nothing is due; returns levels fired, and seconds till the last."""
    command = [sys.executable, "manage.py", "bench", "--sweeper", at.isoformat()]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        for _worker in range(workers)
    ]
    for process in running:
        if process.stdout is not None:
            process.stdout.readline()  # it is ready
    began = time.perf_counter()
    for process in running:
        if process.stdin is not None:
            process.stdin.write("go\n")
            process.stdin.flush()
    told = [json.loads(process.communicate()[0]) for process in running]
    return sum(one["fired"] for one in told), max(one["done"] for one in told) - began


def sweeper(at: datetime) -> None:
    """What a worker does: wait for the word, sweep until nothing is due, tell how much it was and when it ended."""
    Record.objects.filter(wake_at__lte=at).exists()  # the connection is there
    print("ready", flush=True)
    sys.stdin.readline()
    fired = 0
    with clock.held(at), nobody_is_woken():
        while Record.objects.filter(wake_at__lte=at).exists():
            fired += sweep.run().fired
    print(json.dumps({"fired": fired, "done": time.perf_counter()}))
