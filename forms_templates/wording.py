"""What an administrator may change of a definition: its words, its options, what must be answered. Pure.

Keys and kinds stay, so that answers given under an earlier version are answers under a later one.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
_UNASKED = ("clause", "seal")
_OPTIONS, _HEADING = "options", "of"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in two languages. Several `paths` lead to one that stands over several questions.

    An option, or a hint, may be emptied: then it is taken away.
    """

    paths: tuple[Path, ...]
    zh: str
    en: str

    @property
    def optional(self) -> bool:
        """Whether it may be taken away."""
        last = self.paths[0]
        return last[-1] == "help" or (len(last) > 1 and last[-2] == _OPTIONS)


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether something must be answered."""

    path: Path
    zh: str
    en: str
    required: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """Options to which one can be added."""

    path: Path
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody has written, by the paths of what it is written over."""

    words: Mapping[tuple[Path, ...], tuple[str, str]]
    duties: Mapping[Path, bool]
    options: Mapping[Path, tuple[str, str]]


class StillNeededError(ValueError):
    """An option that a condition or a row names cannot be taken away; `key` is the option's."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def words_of(body: Mapping[str, Any]) -> list[Words]:
    """All texts, in the order of the page; a heading over several questions once."""
    found: dict[Any, list[Path]] = {}
    texts: dict[Any, tuple[str, str]] = {}
    for path, row in _worded(body, ()):
        which = (path[:2], row["zh"]) if path[-1:] == (_HEADING,) else path
        found.setdefault(which, []).append(path)
        texts.setdefault(which, (row["zh"], row["en"]))
    return [Words(tuple(paths), *texts[which]) for which, paths in found.items()]


def duties_of(body: Mapping[str, Any]) -> list[Duty]:
    """Everything that can be asked always or left open; what is asked under a condition stays so."""
    return [
        Duty(path, row["zh"], row["en"], bool(row.get("required")))
        for path, row in _asked(body)
        if row.get("kind") not in _UNASKED and "required_when" not in row
    ]


def choices_of(body: Mapping[str, Any]) -> list[Choices]:
    """Everything with options."""
    return [Choices(path, row["zh"], row["en"]) for path, row in _asked(body) if row.get(_OPTIONS)]


def changed(body: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """The definition with the change. Raises StillNeededError."""
    made = deepcopy(dict(body))
    for path, required in change.duties.items():
        at(made, path)["required"] = required
    for paths, (zh, en) in change.words.items():
        for path in paths:
            if zh or en:
                at(made, path).update(zh=zh, en=en)
    for path, (zh, en) in change.options.items():
        options = at(made, path)[_OPTIONS]
        options.append({"key": _free({option["key"] for option in options}), "zh": zh, "en": en})
    gone = [path for paths, said in change.words.items() if not any(said) for path in paths]
    for path in sorted(gone, key=str, reverse=True):
        _take_away(made, path)
    return made


def at(body: Any, path: Path) -> Any:
    """What a path leads to."""
    for step in path:
        body = body[step]
    return body


def _take_away(body: dict[str, Any], path: Path) -> None:
    holder = at(body, path[:-1])
    if path[-1] != "help":
        key = holder[path[-1]]["key"]
        if _is_needed(body, path, key):
            raise StillNeededError(key)
    del holder[path[-1]]


def _is_needed(body: dict[str, Any], path: Path, key: str) -> bool:
    """Whether a condition on its item, or a row that is there from the beginning, names an option."""
    item = at(body, path[:4])
    column = at(body, path[:6])["key"] if path[4] == "columns" else ""
    owner = f"{item['key']}.{column}" if column else item["key"]
    conditions = (row for row in _tables(body) if owner in row.get("items", ()) and key in row.get("among", ()))
    rows = (row for row in item.get("rows", ()) if column and row.get(column) == key)
    return any(conditions) or any(rows)


def _tables(part: Any) -> Iterator[dict[str, Any]]:
    """Every table of names within a definition."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _tables(inner)


def _free(taken: set[str]) -> str:
    return next(key for number in range(1, len(taken) + 2) if (key := f"option_{number}") not in taken)


def _worded(part: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(part, dict):
        if isinstance(part.get("zh"), str):
            yield path, part
        for key, value in part.items():
            yield from _worded(value, (*path, key))
    elif isinstance(part, list):
        for number, value in enumerate(part):
            yield from _worded(value, (*path, number))


def _asked(body: Mapping[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Items and columns of tables."""
    for at_section, section in enumerate(body["sections"]):
        for at_item, item in enumerate(section["items"]):
            path = ("sections", at_section, "items", at_item)
            yield path, item
            for at_column, column in enumerate(item.get("columns") or []):
                yield (*path, "columns", at_column), column
