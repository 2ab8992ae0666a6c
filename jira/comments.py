"""Comments that R&D writes, edits or deletes in JIRA, onto the timeline: each once, and nothing there is rewritten.

Of every comment an issue keeps (`Issue.heard`) what it said when it was read last, as a digest, and which entry tells
of it. What says something else by now is a new entry that names that one; so is what is no longer there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core import clock
from core.text import clean_line
from jira import answers, texts
from people.actors import Actor
from workflow.common_forms import HearForm
from workflow.engine import perform
from workflow.models import Entry

if TYPE_CHECKING:
    from jira.answers import Comment, Found
    from jira.models import Issue
    from workflow.models import Record

JIRA = Actor(None, channel="jira")
"""Who acts when JIRA does: no person, but the system by way of JIRA."""
_QUOTED = 80


def take_in(issue: Issue, record: Record, found: Found) -> None:
    """Tell of what is new, edited or gone among an issue's comments. The record is locked; the issue is saved after."""
    for comment in found.comments:
        known = issue.heard.get(comment.id)
        if known is None:
            issue.heard[comment.id] = {"digest": comment.digest, "seq": _first(issue, record, comment), "times": 0}
        elif not known.get("gone"):  # an older answer may still have what has been deleted since
            _again(issue, record, comment, known)
    there = {comment.id for comment in found.comments}
    for key, known in issue.heard.items() if found.whole else ():
        if key not in there and not known.get("gone"):
            known["gone"] = True
            if known["seq"] is not None:
                said = {"person": "JIRA", "change": HearForm.DELETED, "earlier": _named(record, known["seq"])}
                _hear(issue, record, said, f"{key}:gone")


def _first(issue: Issue, record: Record, comment: Comment) -> int | None:
    """Tell of a new comment; our own is known by its mark. Returns which entry tells of it."""
    if (ours := texts.marked(comment.text)) is not None:
        return ours
    if not comment.text:
        return None
    said = {"person": comment.author or "JIRA", "text": answers.cut(comment.text)}
    return _hear(issue, record, said, comment.id)


def _again(issue: Issue, record: Record, comment: Comment, known: dict[str, Any]) -> None:
    """Tell of a comment that says something else by now."""
    if known["digest"] and known["digest"] != comment.digest:
        said = {"person": comment.author or "JIRA", "text": answers.cut(comment.text)}
        if known["seq"] is not None:
            said |= {"change": HearForm.EDITED, "earlier": _named(record, known["seq"])}
        if comment.text or known["seq"] is not None:
            known["times"] += 1
            known["seq"] = _hear(issue, record, said, f"{comment.id}:{known['times']}")
    known["digest"] = comment.digest


def _hear(issue: Issue, record: Record, said: dict[str, Any], key: str) -> int:
    return perform(record, "hear", actor=JIRA, data=said, key=f"{issue.label}:{key}").seq


def _named(record: Record, seq: int) -> str:
    """An entry by its place, its moment and its first words."""
    entry = Entry.objects.filter(record=record.pk, seq=seq).first()
    if entry is None:
        return f"#{seq}"
    words = clean_line(str((entry.data.get("said") or {}).get("text", "")))[:_QUOTED]
    return " · ".join(filter(None, [f"#{seq}", f"{clock.local(entry.at):%Y-%m-%d %H:%M}", words]))
