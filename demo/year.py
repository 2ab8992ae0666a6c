"""A year of work, from nothing: people, customers, and every ticket's story played through the gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from core import clock
from demo import customers, joins_story, people, roster, views
from demo.arrivals import arrivals
from demo.contract_story import ContractStory
from demo.document_story import DocumentStory
from demo.emergency_story import EmergencyStory
from demo.knowledge_story import KnowledgeStory
from demo.logins import ADMINISTRATOR
from demo.people import Cast
from demo.sources import read
from demo.stage import Stage
from demo.temper import Odds
from demo.ticket_story import TicketStory
from demo.world import World
from duty import alarm
from forms_templates import versions
from forms_templates.models import Letterhead
from notifications.models import Notice
from people.models import User
from workflow.kick import nobody_is_woken
from workflow.models import OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_WHOLE = 3000
"""A whole year has so many tickets; a first start, which nobody likes to wait for, has fewer of all."""
_READ_AFTER = timedelta(minutes=25)
_UNREAD_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Account:
    """What was made: tickets, acts through the gate, deadline levels that fired."""

    tickets: int
    acts: int
    firings: int


def exists() -> bool:
    """Whether the demonstration's data are here."""
    return User.objects.filter(username=ADMINISTRATOR).exists()


@transaction.atomic
def make(tickets: int, seed: int, progress: Callable[[int, datetime], None] | None = None) -> Account:
    """Make the year that ends now; all of it or nothing. The same seed and end give the same year."""
    end = clock.now().replace(microsecond=0)
    beginning = end - timedelta(days=366)
    with clock.held(beginning):
        people.hire(end)
        _write_letterhead()
        customers.win(Cast.gathered(), end, Random(f"{seed} customers"))
        roster.plan(Cast.gathered(), end)
        joins_story.write_texts()
    world = World.gathered(Cast.gathered(), end)
    stage = Stage(end)
    pairs = joins_story.pairs_of(tickets)
    coming = arrivals(tickets - 2 * pairs, end, Random(f"{seed} arrivals"))
    joins = joins_story.chosen(coming, pairs, end, Random(f"{seed} joins"))
    for number, arrival in enumerate(coming):
        told = joins.get(number) or (EmergencyStory if arrival.emergency else TicketStory)
        story = told(stage, world, arrival, Odds(Random(f"{seed} ticket {number}")))
        stage.enter(arrival.at, story.tell())
    KnowledgeStory(stage, world, seed).enter()
    DocumentStory(stage, world, seed).enter()
    ContractStory(stage, world, seed, max(8, tickets // (10 if tickets >= _WHOLE else 25))).enter()
    joins_story.link_now_and_then(stage, world, 2 * pairs, seed)
    stage.play((lambda at: progress(stage.acts, at)) if progress else None)
    with clock.held(end), nobody_is_woken():
        alarm.look()
        views.keep(Cast.gathered())
        joins_story.watch_some()
    _lay_to_rest(end)
    return Account(len(coming) + 2 * pairs, stage.acts, stage.firings)


def _write_letterhead() -> None:
    """The company's numbers and bank, which the demonstration's papers are printed with."""
    basis, by = versions.letterhead_in_force(), User.objects.get(username=ADMINISTRATOR)
    made = Letterhead(**(versions.COMPANY | read("letterhead")))
    versions.add_letterhead(basis, made, by=by, note="")


def _lay_to_rest(end: datetime) -> None:
    """The past is past: nothing of it is mailed, and what was told before the last days has been read."""
    OutboxMessage.objects.filter(done_at__isnull=True, created_at__lte=end).update(done_at=F("created_at"))
    old = Notice.objects.filter(read_at__isnull=True, created_at__lt=end - _UNREAD_WITHIN)
    old.update(read_at=F("created_at") + _READ_AFTER)
