"""What JIRA answers, as far as it is needed. It is somebody else's text: checked for shape, cleaned, cut to length."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.text import clean_line, clean_text
from jira.faults import Fault, JiraError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = re.compile(r"[A-Z][A-Z0-9_]{1,19}-[0-9]{1,9}")
ID = re.compile(r"[0-9]{1,18}")
LONGEST_TEXT = 20_000
LONGEST_WORD = 100
LONGEST_NAME = 200
MOST_COMMENTS = 500
"""Of an issue with more comments, the latest are read."""


@dataclass(frozen=True)
class Comment:
    """A comment of an issue."""

    id: str
    author: str
    text: str

    @property
    def digest(self) -> str:
        """By which it is known whether it says what it said before."""
        return sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class File:
    """A file of an issue; `url` is where JIRA says that it lies."""

    id: str
    name: str
    author: str
    size: int
    url: str


@dataclass(frozen=True)
class Found:
    """An issue as JIRA has it. `kind` is JIRA's own category of the status, `fields` the texts of mapped fields.

    `whole`: every comment that there is, is here; else one that is not here may still be there.
    """

    id: str
    key: str
    status: str
    kind: str
    resolution: str
    changed_at: datetime
    comments: tuple[Comment, ...] = ()
    whole: bool = False
    files: tuple[File, ...] = ()
    links: frozenset[str] = frozenset()
    fields: Mapping[str, Any] = field(default_factory=dict)


def issue(told: Any) -> Found:
    """An issue out of an answer. Raises JiraError if it is none."""
    fields = _table(_table(told).get("fields"))
    status = _table(fields.get("status"))
    return Found(
        id=identity(told.get("id")),
        key=key(told.get("key")),
        status=word(status.get("name")),
        kind=word(_table(status.get("statusCategory") or {}).get("key")),
        resolution=word(_table(fields.get("resolution") or {}).get("name")),
        changed_at=_moment(fields.get("updated")),
        comments=_comments(fields.get("comment")),
        whole=_is_whole(fields.get("comment")),
        files=tuple(map(_file, _tables(fields.get("attachment")))),
        links=frozenset(_linked(each) for each in _tables(fields.get("issuelinks"))),
        fields=fields,
    )


def changed_at(told: Any) -> datetime | None:
    """When an issue was changed last, if that can be read."""
    try:
        return _moment(_table(_table(told).get("fields")).get("updated"))
    except JiraError:
        return None


def key(value: Any) -> str:
    """An issue's key. Raises JiraError for anything else: it becomes part of addresses."""
    if isinstance(value, str) and KEY.fullmatch(value):
        return value
    raise JiraError(Fault.UNREADABLE, "key")


def identity(value: Any) -> str:
    """An id. Raises JiraError for anything else."""
    if isinstance(value, str | int) and ID.fullmatch(str(value)):
        return str(value)
    raise JiraError(Fault.UNREADABLE, "id")


def word(value: Any) -> str:
    """One line of somebody else's text."""
    return clean_line(value)[:LONGEST_WORD] if isinstance(value, str) else ""


def text(value: Any) -> str:
    """A field's value as text: what was typed, an option's or a person's name, or several of them."""
    if isinstance(value, str):
        return cut(clean_text(value).strip())
    if isinstance(value, list):
        return cut("\n".join(filter(None, (text(each) for each in value if not isinstance(each, list)))))
    if isinstance(value, dict):
        words = (value.get(name) for name in ("value", "name", "displayName"))
        return next((text(each) for each in words if isinstance(each, str) and each), "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def names(value: Any) -> list[str]:
    """The words by which a field may name a person: login, mail address, name."""
    if isinstance(value, dict):
        return [found for name in ("name", "emailAddress", "displayName") if (found := word(value.get(name)))]
    if isinstance(value, list):
        return names(value[0]) if value else []
    return [found] if (found := word(value)) else []


def cut(told: str) -> str:
    """A text as long as it may be on a record."""
    return told if len(told) <= LONGEST_TEXT else f"{told[:LONGEST_TEXT]}…"


def _comments(value: Any) -> tuple[Comment, ...]:
    rows = _tables(_table(value or {}).get("comments"))[-MOST_COMMENTS:]
    return tuple(
        Comment(
            identity(row.get("id")),
            _author(row),
            # To its end: our own mark stands there.
            clean_text(row["body"]).strip() if isinstance(row.get("body"), str) else "",
        )
        for row in rows
    )


def _is_whole(value: Any) -> bool:
    rows = value.get("comments") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(rows, list) or len(rows) > MOST_COMMENTS:
        return False
    return bool(value.get("total", len(rows)) == len(rows))


def _author(row: Mapping[str, Any]) -> str:
    author = _table(row.get("author") or {})
    return word(author.get("displayName")) or word(author.get("name"))


def _file(row: Mapping[str, Any]) -> File:
    size, url = row.get("size"), row.get("content")
    return File(
        identity(row.get("id")),
        # Its end says of which kind it is.
        clean_line(str(row.get("filename") or ""))[-LONGEST_NAME:],
        _author(row),
        size if isinstance(size, int) and size >= 0 else 0,
        url if isinstance(url, str) else "",
    )


def _linked(link: Mapping[str, Any]) -> str:
    other = link.get("inwardIssue") or link.get("outwardIssue") or {}
    return str(other.get("key", "")) if isinstance(other, dict) else ""


def _moment(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise JiraError(Fault.UNREADABLE, "updated") from error
    if timezone.is_naive(found):
        raise JiraError(Fault.UNREADABLE, "updated")
    return found


def _table(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise JiraError(Fault.UNREADABLE)


def _tables(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
