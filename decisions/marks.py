"""How an act is known to have come by way of a mail: the visitor's session remembers the link, the entry its channel.

A link is used by the act that comes of it, in the same transaction; an act that is refused leaves it open.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core import clock
from decisions.models import DecisionLink
from workflow import hooks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

    from people.actors import Actor
    from workflow.flow import Verb
    from workflow.models import Entry, Record

CHANNEL = "mail"
KEY = "decision_links"
MOST = 20
"""How many links a session remembers."""
SEATED = {"deciders", "consulted"}
"""The parties whose acts are those of somebody who was asked."""


def remember(request: HttpRequest, link: DecisionLink) -> None:
    """Know from now on that the visitor came to the record by this link."""
    known = dict(request.session.get(KEY, {}))
    known.pop(str(link.step.round.record_id), None)
    known[str(link.step.round.record_id)] = link.pk
    request.session[KEY] = dict(list(known.items())[-MOST:])


def by_link(request: HttpRequest, record: Record, verb: Verb, actor: Actor) -> Actor:
    """The actor, by way of the mail if an open link of the visitor's led to this record and it is such an act."""
    key = request.session.get(KEY, {}).get(str(record.pk))
    if key is None or actor.user is None or SEATED.isdisjoint(verb.by.codes):
        return actor
    led = DecisionLink.objects.open(clock.now()).filter(pk=key, user=actor.user, step__round__record=record.pk)
    return replace(actor, channel=CHANNEL) if led.exists() else actor


@hooks.on_entries
def use(entries: Sequence[Entry], records: Mapping[int, Record]) -> None:  # noqa: ARG001 - the hook's signature
    """Whatever was done by way of a mail uses up the links of who did it to that record."""
    for entry in entries:
        if entry.channel == CHANNEL:
            links = DecisionLink.objects.open(entry.at).filter(step__round__record=entry.record_id, user=entry.actor_id)
            links.update(used_at=entry.at, entry=entry)
