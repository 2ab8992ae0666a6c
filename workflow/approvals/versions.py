"""Versions: what is decided on, with its fingerprint, and what differs between two of them."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from workflow.models import Version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from people.models import User
    from workflow.models import Record

_MISSING = object()


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the content's canonical JSON."""
    told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(told.encode()).hexdigest()


def make(record: Record, content: Mapping[str, Any], at: datetime, by: User | None) -> Version:
    """Keep the content as the record's next version."""
    last = Version.objects.filter(record_id=record.pk).order_by("-number").values_list("number", flat=True).first()
    return Version.objects.create(
        record_id=record.pk,
        number=(last or 0) + 1,
        content=content,
        digest=digest(content),
        made_at=at,
        made_by=by,
    )


def is_whole(version: Version) -> bool:
    """Whether the kept content is what its fingerprint says."""
    return digest(version.content) == version.digest


@dataclass(frozen=True)
class Change:
    """One thing that differs: the way to it in the content, and what stood and stands there (None: nothing)."""

    path: tuple[str, ...]
    before: Any
    after: Any

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """A text's differences, piece by piece: ("same" | "gone" | "new", text)."""
        return list(_pieces(str(self.before or ""), str(self.after or "")))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between two contents, in the order of the later one; rows of a list are told apart by `key`."""
    return list(_between((), before, after))


def _between(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*after, *before)):
            yield from _between((*path, name), before.get(name, _MISSING), after.get(name, _MISSING))
    elif isinstance(before, list) and isinstance(after, list) and _rows(before) and _rows(after):
        yield from _between(path, _by_key(before), _by_key(after))
    elif before != after:
        yield Change(path, None if before is _MISSING else before, None if after is _MISSING else after)


def _rows(value: Sequence[Any]) -> bool:
    return all(isinstance(each, dict) and "key" in each for each in value)


def _by_key(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(row["key"]): {name: value for name, value in row.items() if name != "key"} for row in rows}


def _pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for what, from_a, to_a, from_b, to_b in matcher.get_opcodes():
        if what == "equal":
            yield "same", before[from_a:to_a]
            continue
        if to_a > from_a:
            yield "gone", before[from_a:to_a]
        if to_b > from_b:
            yield "new", after[from_b:to_b]
