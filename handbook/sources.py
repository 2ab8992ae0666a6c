"""Reading the data files of the handbook: strictly, so that a slip of the pen stops the start and not a customer."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml reads the same, eight times slower
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


T = TypeVar("T")


class HandbookError(Exception):
    """The handbook's data contradicts itself or has a shape that it should not have."""


@dataclass(frozen=True, slots=True)
class Worded:
    """Something that the handbook says in Chinese and in English."""

    zh: str
    en: str

    def in_language(self) -> str:
        """The wording in the reader's language; Chinese where none is active."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


def parsed(text: str) -> Any:
    """What a text of YAML says: plain data only."""
    return yaml.load(text, Loader=Loader)


def read(name: str) -> dict[str, Any]:
    """The content of `data/<name>.yaml`. Raises HandbookError when it is not a table of names."""
    text = files("handbook").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    content = parsed(text)
    if not isinstance(content, dict):
        msg = f"{name}.yaml must be a table of names"
        raise HandbookError(msg)
    return content


def build(kind: type[T], row: Mapping[str, Any]) -> T:
    """A dataclass from a row of data.

    Raises HandbookError for a key that the class does not have, one that is missing, or a text that is empty. An
    unquoted comma in a flow mapping makes an unknown key out of half a sentence: this is what catches it.
    """
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    unknown = row.keys() - known.keys()
    needed = {name for name, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
    missing = needed - row.keys()
    empty = {key for key, value in row.items() if value is None or value == ""}
    if unknown or missing or empty:
        msg = (
            f"{kind.__name__} {dict(row)}: unknown {sorted(unknown)}, missing {sorted(missing)}, empty {sorted(empty)}"
        )
        raise HandbookError(msg)
    return kind(**row)


def unique(codes: Iterable[str], what: str) -> None:
    """Raise HandbookError when a code comes twice."""
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            msg = f"{what}: {code} is there twice"
            raise HandbookError(msg)
        seen.add(code)
