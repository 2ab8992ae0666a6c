"""What is written into JIRA, in the language that its connection names.

JIRA reads its own marks in a text. What people typed is therefore put between marks that switch them off, so that it
cannot call people, draw pictures from elsewhere or pass for something else.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core import clock
from core.text import clean_line
from jira import hands
from people.actors import Actor
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jira.models import Issue
    from workflow.models import Attachment, Entry, Record

LABEL = "serviceops"
"""Borne by every issue that is made from here."""
LONGEST_SUMMARY = 250
LONGEST_PART = 8_000
LONGEST = 30_000
"""JIRA takes 32,767 characters in a text."""
_MARK = re.compile(r"\[[A-Z]{1,8}-[0-9]{8}-[0-9]{4,9}#([0-9]{1,9})\]")
_KEY = re.compile(r"-([0-9]{1,18})(\.[^.]*)?\Z")
_OFF = re.compile(r"\{noformat", re.IGNORECASE)


def label_of(record: Record, entry: Entry) -> str:
    """The label by which the issue of an escalation is found, whatever became of the answer that told its key."""
    return f"{LABEL}-{record.number}-{entry.seq}"


def mark_of(entry: Entry) -> str:
    """The last line of a comment that was written from here."""
    return f"[{entry.record.number}#{entry.seq}]"


def marked(text: str) -> int | None:
    """Of which entry a comment tells that was written from here; None for somebody else's."""
    found = _MARK.fullmatch(text.rstrip().rpartition("\n")[2].strip())
    return int(found[1]) if found is not None else None


def summary(record: Record) -> str:
    """An issue's one line."""
    return clean_line(f"{record.number} {record.title}")[:LONGEST_SUMMARY]


def description(issue: Issue) -> str:
    """All that R&D is told when a record is passed on to them."""
    with override(issue.connection.language):
        record = issue.record.concrete
        blocks = [f"{record.number} – {settings.SITE_URL}/{record.kind}/{record.number}/"]
        blocks += _blocks(said(issue.entry))
        blocks += _blocks(hands.of(record.kind).about(record))
        blocks += _history(issue)
        return _fitted(blocks)


def _history(issue: Issue) -> Iterator[str]:
    """How it was with R&D before."""
    earlier, seen = issue.previous, 0
    while earlier is not None and seen < 5:  # noqa: PLR2004 - what went before that is linked from there
        told = " · ".join(filter(None, [earlier.key, earlier.status, earlier.resolution]))
        heading = _("Earlier with R&D: %(issue)s") % {"issue": _inert_line(told) or earlier.label}
        yield "\n".join([heading, *_blocks(_answered(earlier))])
        earlier, seen = earlier.previous, seen + 1


def _answered(issue: Issue) -> Iterable[tuple[Any, str]]:
    """What R&D recorded then: the first return after that escalation."""
    back = hands.of(issue.record.kind).back
    answer = issue.record.entries.filter(verb=back, seq__gt=issue.entry.seq).order_by("seq").first()
    return said(answer) if answer is not None else ()


def comment(issue: Issue, entry: Entry, files: Iterable[str]) -> str:
    """An act as a comment: who did what, what was said, and the mark."""
    with override(issue.connection.language):
        process = registry.get(entry.record.kind)
        verb = process.model.verbs.get(entry.verb)  # type: ignore[attr-defined] # every process's model is its flow
        who = Actor(entry.actor, entry.on_behalf_of, entry.channel)
        head = f"{verb.label if verb else entry.verb} – {who}, {clock.local(entry.at):%Y-%m-%d %H:%M}"
        lines = [_inert_line(head), *_blocks(said(entry)), *_blocks(_named(files))]
        return f"{_fitted(lines)}\n\n{mark_of(entry)}"


def _named(files: Iterable[str]) -> Iterator[tuple[Any, str]]:
    if named := "\n".join(files):
        yield _("Attachments"), named


def said(entry: Entry) -> Iterator[tuple[Any, str]]:
    """What was said in an act, under the words of its form."""
    form = registry.get(entry.record.kind).forms.get(entry.verb)
    fields = form.base_fields if form is not None else {}
    told: Mapping[str, Any] = entry.data.get("said") or {}
    # In the form's order: the database keeps none.
    order = list(fields)
    for name, value in sorted(told.items(), key=lambda each: order.index(each[0]) if each[0] in fields else len(order)):
        field = fields.get(name)
        yield (field.label if field is not None and field.label else name), _read(value)


def _read(value: Any) -> str:
    if isinstance(value, dict) and "zh" in value and "en" in value:
        return str(value["zh"] if (get_language() or "zh").startswith("zh") else value["en"])
    if isinstance(value, list):
        return ", ".join(map(_read, value))
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values())
    return str(value)


def _blocks(pairs: Iterable[tuple[Any, str]]) -> list[str]:
    return [f"*{_inert_line(str(label))}*\n{_inert(text)}" for label, text in pairs if text]


def _inert(text: str) -> str:
    """Somebody's text between marks that switch JIRA's marks off, and that it cannot end itself."""
    shown = text if len(text) <= LONGEST_PART else f"{text[:LONGEST_PART]}…"
    return f"{{noformat}}\n{_OFF.sub('{ noformat', shown)}\n{{noformat}}"


def _fitted(blocks: Iterable[str]) -> str:
    """As many of the blocks as JIRA takes in one text, each whole."""
    fitting: list[str] = []
    left = LONGEST
    for block in blocks:
        if len(block) <= left:
            fitting.append(block)
            left -= len(block) + 2
    return "\n\n".join(fitting)


def _inert_line(text: str) -> str:
    """One line without JIRA's marks."""
    return re.sub(r"[{}\[\]|!*_~^]", " ", clean_line(text)).strip()


def file_name(attachment: Attachment) -> str:
    """A file's name in JIRA: unlike any other's, so that it is found there before it is sent again."""
    name = PurePath(re.sub(r'["\\/:*?<>|\r\n]', "_", clean_line(attachment.name)))
    return f"{name.stem[:120]}-{attachment.pk}{name.suffix}"


def file_key(name: str) -> int | None:
    """The key of the attachment that may bear a name in JIRA; whether it does is for `file_name` to say."""
    found = _KEY.search(name)
    return int(found[1]) if found is not None else None
