"""Which texts are offered at an act's form, already filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from core import clock
from texts.models import CannedText
from texts.places import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from people.actors import Actor
    from people.models import User
    from workflow.models import Record
    from workflow.registry import Process

SHOWN = 30
LONGEST = 200
_LOOKED_AT = 300


@dataclass(frozen=True)
class Offered:
    """A text as it would be put in."""

    name: str
    text: str
    shared: bool


FILLED = ("customer", "contact", "title")
"""What a form for a new record may have said already."""


def beginning(process: Process, verb: str, who: Actor, said: Mapping[str, str]) -> Record:
    """A record that is only being written: nothing but what its own form takes of what was said so far is on it."""
    record: Any = process.model()
    record.kind = process.kind
    form = process.forms.get(verb)
    fields = form(record=process.model(), actor=who, at=clock.now()).fields if form is not None else {}
    for name in FILLED:
        if name in fields and hasattr(type(record), name) and said.get(name):
            try:
                value = fields[name].clean(said[name][:LONGEST])
            except ValidationError:
                continue
            if name != "contact" or (value is not None and value.organisation_id == record.customer_id):
                setattr(record, name, value)
    return record  # type: ignore[no-any-return] # every process's model is a record


def offered(user: User, record: Record, verb: str, words: str = "") -> list[Offered]:
    """What somebody may put into a form of a record that the person sees; the own ones first. One query."""
    rows = CannedText.objects.for_actor(user).filter(active=True).found_by(words).order_by("name", "id")
    fitting = [row for row in rows[:_LOOKED_AT] if row.fits(record.kind, verb)]
    fitting.sort(key=lambda row: row.shared)
    return [Offered(row.name, fill(row.text, record, user), row.shared) for row in fitting[:SHOWN]]
