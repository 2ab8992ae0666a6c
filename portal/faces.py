"""Which processes show themselves to customers, and how their records' states are put to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from core import markup
from workflow import registry

if TYPE_CHECKING:
    from django.utils.functional import Promise
    from django.utils.safestring import SafeString

    from core.customer_faces import Ask, PortalFace
    from workflow.models import Record
    from workflow.registry import Process

_SHAPES = {
    "new": "circle-dashed",
    "active": "circle-half-2",
    "aside": "hourglass",
    "nearly": "circle-dot",
    "done": "circle-check",
    "void": "ban",
}


def faced() -> list[Process]:
    """The processes that customers meet."""
    return [process for process in registry.all_processes() if process.portal is not None]


def face_of(record: Record) -> PortalFace:
    """The face of a record's process, which has one."""
    face: PortalFace = registry.get(record.kind).portal
    return face


def ask_of(face: PortalFace, verb: str) -> Ask | None:
    """What a verb is to a customer; None for what customers do not do."""
    return next((ask for ask in face.acts if ask.verb == verb), None)


def customers_turn() -> Q:
    """Records that wait for their customer."""
    turn = Q(pk__in=[])
    for process in faced():
        turn |= Q(kind=process.kind, state__in=process.portal.waiting)
    return turn


def badge(record: Record) -> SafeString:
    """A record's state as word, colour and shape."""
    standing = face_of(record).standings[record.state]
    return markup.badge(standing.words, standing.tone, _SHAPES[standing.tone])


@dataclass(frozen=True)
class Stop:
    """A step on the way: `past`, `here` or `later`."""

    label: str | Promise
    when: str
    icon: str


def line(record: Record) -> list[Stop]:
    """The steps of a record's way; none, if it has left it."""
    face = face_of(record)
    at = face.standings[record.state].step
    if at < 0:
        return []
    return [
        Stop(label, "past", "check")
        if position < at
        else Stop(label, "here", "circle-check" if at == len(face.steps) - 1 else "circle-dot")
        if position == at
        else Stop(label, "later", "circle")
        for position, label in enumerate(face.steps)
    ]
