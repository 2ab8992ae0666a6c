"""The timeline's pen: every entry of every record is made, chained and written here, one or hundreds at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core import clock, markup
from core.adding import add
from core.models import Bilingual
from core.text import labelled, listed
from workflow import hooks
from workflow.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from people.actors import Actor
    from workflow.models import Record


@dataclass(frozen=True)
class Draft:
    """What is to be said on a record's timeline."""

    verb: str
    at: datetime
    actor: Actor
    from_state: str = ""
    to_state: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    public: bool = False
    rules: tuple[str, ...] = ()
    key: str | None = None


def chain(record: Record, draft: Draft) -> Entry:
    """The next entry of a locked record, chained to the one before; moves the record's seal, saves nothing."""
    record.timeline_length += 1
    entry = Entry(
        record=record,
        seq=record.timeline_length,
        at=draft.at,
        actor=draft.actor.user,
        on_behalf_of=draft.actor.on_behalf_of,
        channel=draft.actor.channel,
        verb=draft.verb,
        from_state=draft.from_state,
        to_state=draft.to_state,
        data=draft.data,
        public=draft.public,
        rules=list(draft.rules),
        prev_hash=record.timeline_head,
        key=draft.key,
    )
    entry.hash = digest(record.number, entry)
    record.timeline_head = entry.hash
    return entry


def write(entries: Sequence[Entry], records: Mapping[int, Record]) -> None:
    """Append chained entries of saved records, and let those who listen hear of them."""
    for entry in entries:
        entry.record = entry.record  # a record that was new when the entry was made has its key by now
    add(entries)
    hooks.entries_written(entries, records)


def digest(number: str, entry: Entry) -> str:
    """SHA-256 over all that an entry says and the hash of the one before it."""
    said = [
        number,
        entry.seq,
        entry.at.timestamp(),
        entry.actor_id,
        entry.on_behalf_of_id,
        entry.channel,
        entry.verb,
        entry.from_state,
        entry.to_state,
        entry.data,
        entry.public,
        entry.rules,
        entry.prev_hash,
    ]
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def faults(record: Record, entries: Sequence[Entry]) -> Iterator[str]:
    """What is wrong with a record's timeline, given all its entries in order; nothing, if it is whole."""
    before = ""
    for position, entry in enumerate(entries, start=1):
        if entry.seq != position:
            yield f"{record.number}: entry {position} is missing"
            return
        if entry.prev_hash != before:
            yield f"{record.number}: entry {position} does not follow the one before it"
        if entry.hash != digest(record.number, entry):
            yield f"{record.number}: entry {position} has been altered"
        before = entry.hash
    if len(entries) != record.timeline_length or before != record.timeline_head:
        yield f"{record.number}: the end of the timeline has been cut off or added to"
    elif entries and entries[-1].to_state != record.state:
        yield f"{record.number}: the state {record.state} is not the one in which the last act left it"


def portrait(value: object) -> Any:  # noqa: PLR0911 - one answer a type
    """A value as the timeline keeps it: JSON, readable in both languages, independent of later renamings."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Bilingual):
        return {"zh": value.name_zh, "en": value.name_en}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Promise):
        return _both_languages(value)
    if isinstance(value, models.Model):
        said = _both_languages(value)
        return said if said["zh"] != said["en"] else said["zh"]
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [portrait(item) for item in value]
    return _row(value) if isinstance(value, dict) else str(value)


def _row(cells: Mapping[str, Any]) -> dict[str, Any]:
    """One row of a table, without the cells in which nothing stands."""
    return {name: portrait(cell) for name, cell in cells.items() if cell not in (None, "", [])}


def read(value: Any) -> str:
    """A portrait as text in the reader's language; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed(map(read, value))
    if isinstance(value, dict):
        return _read_table(value)
    return str(value)


def _read_table(value: dict[str, Any]) -> str:
    if "zh" in value and "en" in value:
        return str(value["zh"] if (get_language() or "zh").startswith("zh") else value["en"])
    if "at" in value:
        return f"{clock.local(datetime.fromisoformat(value['at'])):%Y-%m-%d %H:%M}"
    if "on" in value:
        return str(value["on"])
    if "seconds" in value:
        return markup.length(timedelta(seconds=value["seconds"]))
    return " · ".join(labelled(name, read(one)) for name, one in value.items())


def _both_languages(text: Promise | models.Model) -> dict[str, str]:
    with override("zh-hans"):
        chinese = str(text)
    with override("en"):
        return {"zh": chinese, "en": str(text)}


_BOOKKEEPING = frozenset(
    {"state", "version", "timeline_length", "timeline_head", "updated_at", "due_at", "wake_at", "is_open", "closed_at"}
)


def snapshot(record: models.Model) -> dict[str, Any]:
    """The values of a record's own columns before a verb runs, but for those that the software keeps by itself."""
    told = [f for f in record._meta.concrete_fields if f.editable and f.name not in _BOOKKEEPING]
    return {f.attname: f.value_from_object(record) for f in told}


def changes(record: models.Model, before: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What a verb changed, as field to [old, new] portraits; related rows are named, not numbered."""
    found: dict[str, list[Any]] = {}
    for f in record._meta.concrete_fields:
        if f.attname not in before or f.primary_key:
            continue
        old, new = before[f.attname], f.value_from_object(record)
        if old == new:
            continue
        if isinstance(f, models.ForeignKey):
            related = f.related_model._default_manager
            previous = related.filter(pk=old).first() if old is not None else None
            found[f.name] = [portrait(previous), portrait(getattr(record, f.name))]
        else:
            found[f.name] = [portrait(old), portrait(new)]
    return found
