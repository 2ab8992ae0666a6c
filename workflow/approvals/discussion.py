"""Talking about what is decided on, beside the text and on the record: remarks, answers, and that one is settled.

A remark is an act like any other and stands on the timeline; what is read here is read from there. Its place is a
field of the content (`amount`), a row of a table (`lines.2`) or a paragraph of a text (`text.3`); what stood there is
kept with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from people.actors import Actor
from workflow.approvals.board import Board
from workflow.approvals.parties import author_of
from workflow.models import Entry
from workflow.refusals import Missing, NotAllowed, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from people.models import User
    from workflow.flow import Act
    from workflow.models import Record, Version

TALK = SAID, SETTLED = "remark", "settle_remark"
LONGEST_PLACE = 60
_QUOTED = 160
_ON_ONE_LINE = 120
"""Characters up to which a text without line breaks is a value, and not paragraphs."""


@dataclass(frozen=True)
class Word:
    """Something said: by whom, when, in which words."""

    seq: int
    by: Actor
    at: datetime
    text: str


@dataclass
class Remark:
    """A remark on a place of a version, with its answers; `settled` is by whom and how it was settled, if it was."""

    word: Word
    place: str
    version: int | None
    quote: str
    answers: list[Word] = field(default_factory=list)
    settled: Word | None = None

    @property
    def seq(self) -> int:
        """Its number on the timeline, by which it is answered and settled."""
        return self.word.seq

    def may_settle(self, user: User, record: Record) -> bool:
        """Whoever made it, or anybody of the review but the one whose work it is about."""
        return self.word.by.user == user or user.pk != author_of(record)


def of(record: Record) -> list[Remark]:
    """What was remarked on a record, in order; one query."""
    rows = Entry.objects.filter(record_id=record.pk, verb__in=TALK).order_by("seq")
    return read(rows.select_related("actor", "on_behalf_of"))


def read(entries: Iterable[Entry]) -> list[Remark]:
    """The remarks that entries, in their order, tell of; other entries among them are passed by."""
    found: dict[int, Remark] = {}
    for entry in entries:
        if entry.verb not in TALK:
            continue
        said, told = entry.data.get("said", {}), entry.data.get("remark", {})
        word = Word(entry.seq, Actor(entry.actor, entry.on_behalf_of, entry.channel), entry.at, said.get("text", ""))
        about = found.get(said.get("about", 0))
        if entry.verb == SETTLED and about is not None:
            about.settled = word
        elif about is not None:
            about.answers.append(word)
        elif entry.verb == SAID:
            found[entry.seq] = Remark(word, said.get("place", ""), told.get("version"), told.get("quote", ""))
    return list(found.values())


def still_open(remarks: Iterable[Remark]) -> list[Remark]:
    """Those that nobody has settled."""
    return [remark for remark in remarks if remark.settled is None]


def open_remark(record: Record, seq: int) -> Remark | None:
    """The remark of a number, unless it is settled."""
    return next((remark for remark in still_open(of(record)) if remark.seq == seq), None)


# --- acts ---------------------------------------------------------------------------------------------------------
def say(record: Record, act: Act, place: str, about: int | None) -> None:
    """Remark on a place, or answer. Raises Missing for a place that the content does not have."""
    if about is not None:
        return
    version = _version(record)
    content = version.content if version is not None else record.content()  # type: ignore[attr-defined] # its model's
    known = places(content) if place else {"": ""}
    if place not in known:
        raise Missing(Reason(_("The content has no such place.")))
    quote = known[place]
    act.tell("remark", {"version": version.number if version is not None else None, "quote": quote[:_QUOTED]})


def settle(record: Record, act: Act, about: int) -> None:
    """Settle a remark. Raises NotAllowed for the author of what it is about, unless it is the author's own."""
    remark = open_remark(record, about)
    user = act.actor.user
    if remark is None or user is None:
        raise Missing(Reason(_("This remark is settled, or is not there.")))
    if not remark.may_settle(user, record):
        raise NotAllowed(Reason(_("A reviewer settles it; its author answers.")))


def _version(record: Record) -> Version | None:
    of_round = Board.of(record).round
    return of_round.version if of_round is not None else None


# --- places -------------------------------------------------------------------------------------------------------
def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, as they are numbered from 1: its lines that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_text(value: Any) -> bool:
    """Whether a value is a text of paragraphs, and not one word or line."""
    return isinstance(value, str) and ("\n" in value.strip() or len(value) > _ON_ONE_LINE)


def places(content: Mapping[str, Any]) -> dict[str, str]:
    """Every place of a content that can be remarked on, with what stands there."""
    found: dict[str, str] = {}
    for name, value in content.items():
        if is_text(value):
            found |= {f"{name}.{number}": line for number, line in enumerate(paragraphs(value), start=1)}
        elif isinstance(value, list):
            found |= {f"{name}.{row['key']}": _row(row) for row in value if isinstance(row, dict) and "key" in row}
        else:
            found[name] = str(value or "")
    return found


def _row(row: Mapping[str, Any]) -> str:
    return " · ".join(str(value) for name, value in row.items() if name != "key" and value not in {"", None})
