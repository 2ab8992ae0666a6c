"""What a notice says, made when it is read, in the reader's language: from the entry, the record and the rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.forms import ChoiceField
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core import clock
from core.text import clean_line
from notifications import topics
from notifications.kinds import Kind
from notifications.rules import DEADLINE_TITLES, NoticeRule
from people.actors import Actor
from workflow import registry, timeline

if TYPE_CHECKING:
    from notifications.models import Notice, Tiding
    from workflow.flow import Flow
    from workflow.models import Entry, Record

_LONGEST_SAID = 300
_MOST_SAID = 4


@dataclass(frozen=True)
class Message:
    """A notice in words. `lines` are plain text; `path` leads to its page, and is empty for people outside.

    A path that was `led` is its reader's own and leads further than there.
    """

    title: str
    lines: tuple[str, ...]
    path: str
    kind: str
    rule: str
    urgent: bool
    at: datetime
    thread: str
    led: bool = False

    @property
    def url(self) -> str:
        """The whole address of the page."""
        return f"{settings.SITE_URL}{self.path}" if self.path else ""


def message_of(notice: Notice) -> Message:
    """A notice in the active language. The notice carries what it tells of (`NoticeQuerySet.with_context`)."""
    if notice.tiding is not None:
        return _news(notice, notice.tiding)
    record, entry = of_record(notice)
    lines = _lines(record, entry)
    if notice.stands_in_for_id is not None:
        lines.append(_("You are told because you stand in for somebody who is away."))
    return _message(record, entry, notice.kind, notice.rule, lines, urgent=notice.urgency > 1)


def of_record(notice: Notice) -> tuple[Record, Entry]:
    """The record and the entry of a notice that is of no tiding."""
    assert notice.record is not None  # noqa: S101 - the database lets no notice be of nothing
    assert notice.entry is not None  # noqa: S101 - as above
    return notice.record, notice.entry


def _news(notice: Notice, tiding: Tiding) -> Message:
    words = topics.words_of(tiding)
    return Message(
        title=clean_line(words.title),
        lines=tuple(filter(None, words.lines)),
        path=words.path,
        kind=str(Kind(notice.kind).label),
        rule=notice.rule,
        urgent=notice.urgency > 1,
        at=tiding.at,
        thread=tiding.topic,
    )


def message_about(entry: Entry, kind: str, rule: str, *, urgent: bool) -> Message:
    """An entry in the active language, for a group rather than a person. The entry carries its record."""
    return _message(entry.record, entry, kind, rule, _lines(entry.record, entry), urgent=urgent)


def record_path(record: Record) -> str:
    """Where a record's page is."""
    return f"/{record.kind}/{record.number}/"


def _message(record: Record, entry: Entry, kind: str, rule: str, lines: list[str], *, urgent: bool) -> Message:
    return Message(
        title=clean_line(_title(record, entry, kind, rule)),
        lines=tuple(lines),
        path=record_path(record),
        kind=str(Kind(kind).label),
        rule=rule,
        urgent=urgent,
        at=entry.at,
        thread=record.number,
    )


def _title(record: Record, entry: Entry, kind: str, rule: str) -> str:
    if entry.verb in DEADLINE_TITLES:
        return str(DEADLINE_TITLES[entry.verb]) % {
            "number": record.number,
            "timer": _timer_label(record, entry),
            "due": moment(entry.data.get("due_at", "")),
        }
    for declared in registry.get(record.kind).notices:
        if isinstance(declared, NoticeRule) and declared.made(entry.verb, kind, rule):
            return str(declared.title) % _places(record, entry)
    return f"{record.number}: {verb_label(record, entry.verb)}"


def _places(record: Record, entry: Entry) -> dict[str, str]:
    return {
        "number": record.number,
        "title": record.title,
        "customer": str(record.customer or ""),
        "actor": str(Actor(entry.actor, entry.on_behalf_of, entry.channel)),
        "handler": str(record.handler or ""),
        "verb": verb_label(record, entry.verb),
    }


def _flow(record: Record) -> type[Flow]:
    return registry.get(record.kind).model  # type: ignore[return-value]  # every process's model is its flow


def verb_label(record: Record, code: str) -> str:
    """The name of an act; its code for one that there is no more."""
    verb = _flow(record).verbs.get(code)
    return str(verb.label) if verb else code


def _timer_label(record: Record, entry: Entry) -> str:
    return timer_label(_flow(record), str(entry.data.get("timer", "")))


def timer_label(flow: Any, code: str) -> str:
    """The name of a deadline; its code for one that there is no more."""
    try:
        return str(flow.timer(code).label)
    except KeyError:
        return code


def _lines(record: Record, entry: Entry) -> list[str]:
    lines = [f"{record.customer} · {record.title}" if record.customer else record.title]
    if entry.verb in DEADLINE_TITLES:
        if entry.data.get("late"):
            lines.append(_("This is told late: the service was not running when it was due."))
        return lines
    actor = Actor(entry.actor, entry.on_behalf_of)
    lines.append(_("%(actor)s: %(verb)s") % {"actor": actor, "verb": verb_label(record, entry.verb)})
    labels = _labels(record, entry.verb)
    answers = entry.data.get("said", {}).items()
    # What was ticked says little without the form around it.
    said = [(name, _word(record, entry.verb, name, value)) for name, value in answers if not isinstance(value, bool)]
    for name, text in [(name, text) for name, text in said if text][:_MOST_SAID]:
        lines.append(f"{labels.get(name, name)}: {Truncator(text).chars(_LONGEST_SAID)}")
    return lines


def _word(record: Record, verb: str, name: str, value: Any) -> str:
    """What was answered; of a fixed choice, the choice's word."""
    form = registry.get(record.kind).forms.get(verb)
    field = getattr(form, "base_fields", {}).get(name)
    if isinstance(value, str) and isinstance(field, ChoiceField) and not hasattr(field, "queryset"):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type] # django-stubs knows of groups
    return timeline.read(value)


def _labels(record: Record, verb: str) -> dict[str, str]:
    form = registry.get(record.kind).forms.get(verb)
    fields = getattr(form, "base_fields", {})
    return {name: str(field.label or name) for name, field in fields.items()}


def moment(iso: str) -> str:
    """A stored moment on the department's wall clock."""
    try:
        return clock.local(datetime.fromisoformat(iso)).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return ""
