"""What was said between the customer and the house: public entries, and of them only what may be read outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import markup
from portal.faces import face_of
from workflow import registry, timeline
from workflow.models import Attachment, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from people.models import User
    from workflow.models import Record

SHOWN = 30
_LONG = 1200
"""Characters above which a text gets a box of its own to scroll in."""


@dataclass(frozen=True)
class Line:
    """One thing that was said: its heading and its text."""

    label: str
    text: Any
    long: bool = False


@dataclass(frozen=True)
class File:
    """A public attachment; `picture` opens in place."""

    pk: int
    name: str
    size: int
    icon: str
    picture: bool


@dataclass(frozen=True)
class Said:
    """One entry as the customer reads it. `outside` marks what came from the customer."""

    seq: int
    head: str
    who: str
    at: datetime
    icon: str
    outside: bool
    lines: list[Line]
    files: list[File]


def entries_of(record: Record) -> QuerySet[Entry]:
    """The public entries of a record, newest first."""
    return Entry.objects.filter(record=record.pk, public=True).select_related("actor").order_by("-seq")


def told(record: Record, entries: Iterable[Entry], reader: User, *, whole: bool = False) -> list[Said]:
    """The entries as that person reads them, with their public files; one query.

    A very long text ends early and leads to where it stands to its end, unless this is the place (`whole`).
    """
    chosen = list(entries)
    files: dict[int, list[File]] = {}
    for attachment in Attachment.objects.filter(entry__in=chosen, public=True):
        files.setdefault(attachment.entry_id, []).append(_file(attachment))
    place = "" if whole else f"{reverse('portal:issue', args=[record.number])}?all"
    return [_said(record, entry, reader, files.get(entry.pk, []), place) for entry in chosen]


def _file(attachment: Attachment) -> File:
    picture = attachment.content_type.startswith("image/")
    icon = "photo" if picture else "file-text" if attachment.previewable else "download"
    return File(attachment.pk, attachment.name, attachment.size, icon, picture)


def _said(record: Record, entry: Entry, reader: User, files: list[File], place: str) -> Said:
    flow: Any = registry.get(record.kind).model
    verb = flow.verbs.get(entry.verb)
    head: str | Promise = face_of(record).heads.get(entry.verb) or (verb.label if verb else "")
    return Said(
        seq=entry.seq,
        head=str(head),
        who=_who(entry, reader),
        at=entry.at,
        icon=(verb.icon if verb else "") or "circle-dot",
        outside=entry.actor is not None and entry.actor.is_customer,
        lines=_lines(record, entry, f"{place}#said-{entry.seq}" if place else ""),
        files=files,
    )


def _who(entry: Entry, reader: User) -> str:
    if entry.actor is None:
        return _("Service department")
    if entry.actor_id == reader.pk:
        return _("You")
    return str(entry.actor)


def _lines(record: Record, entry: Entry, place: str) -> list[Line]:
    """What was said under the names that the verb's form declares public; everything else stays in the house."""
    form: Any = registry.get(record.kind).forms.get(entry.verb)
    face = face_of(record)
    said = entry.data.get("said") or {}
    lines = []
    for name in form.public if form is not None else ():
        text = face.values[name](said[name]) if name in face.values and name in said else timeline.read(said.get(name))
        if text not in (None, ""):
            label = face.labels.get(name) or form.base_fields[name].label or name
            shown = text if isinstance(text, SafeString) else markup.prose(text, place)
            lines.append(Line(str(label), shown, len(str(text)) > _LONG))
    return lines
