"""Versions: what is decided on, with its fingerprint, and what differs between two of them."""

from __future__ import annotations

import difflib
import json
import re
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
_MOST_PAIRS = 4_000_000
"""How much of two texts is compared piece by piece: beyond it, the one is shown in place of the other."""
_HARDLY_ALIKE = 0.4
_SIGN = re.compile(
    r"\d[\d,]*(?:\.\d+)?|[\u96f6\u58f9\u8d30\u53c1\u8086\u4f0d\u9646\u67d2\u634c\u7396\u62fe\u4f70\u4edf\u4e07\u4ebf]+|.",
    re.DOTALL,
)
"""What is read as one: a number, in figures or in capital numerals, and otherwise each character."""


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
    """Line by line first, then character by character where lines were written anew: fast however long the text is."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    if head:
        yield "same", "".join(old[:head])
    ends = len(old) - tail, len(new) - tail
    yield from _of_lines(old[head : ends[0]], new[head : ends[1]])
    if tail:
        yield "same", "".join(old[ends[0] :])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same from the beginning on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _of_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(old) * len(new) > _MOST_PAIRS:
        yield from _instead("".join(old), "".join(new))
        return
    for what, from_a, to_a, from_b, to_b in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[from_a:to_a]), "".join(new[from_b:to_b])
        if what == "equal":
            yield "same", gone
        elif gone and came and len(gone) * len(came) <= _MOST_PAIRS:
            yield from _of_characters(gone, came)
        else:
            yield from _instead(gone, came)


def _of_characters(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = _SIGN.findall(before), _SIGN.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < _HARDLY_ALIKE:
        yield from _instead(before, after)
        return
    for what, from_a, to_a, from_b, to_b in matcher.get_opcodes():
        if what == "equal":
            yield "same", "".join(old[from_a:to_a])
        else:
            yield from _instead("".join(old[from_a:to_a]), "".join(new[from_b:to_b]))


def _instead(gone: str, came: str) -> Iterator[tuple[str, str]]:
    if gone:
        yield "gone", gone
    if came:
        yield "new", came
