"""Which texts are offered at an act's form, already filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from texts.models import CannedText
from texts.places import fill

if TYPE_CHECKING:
    from people.models import User
    from workflow.models import Record

SHOWN = 30
_LOOKED_AT = 300


@dataclass(frozen=True)
class Offered:
    """A text as it would be put in."""

    name: str
    text: str
    shared: bool


def offered(user: User, record: Record, verb: str, words: str = "") -> list[Offered]:
    """What somebody may put into a form of a record that the person sees; the own ones first. One query."""
    rows = CannedText.objects.for_actor(user).filter(active=True).found_by(words).order_by("name", "id")
    fitting = [row for row in rows[:_LOOKED_AT] if row.fits(record.kind, verb)]
    fitting.sort(key=lambda row: row.shared)
    return [Offered(row.name, fill(row.text, record, user), row.shared) for row in fitting[:SHOWN]]
