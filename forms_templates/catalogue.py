"""The forms of the handbook as they stand in `catalogue/*.yaml`: read once, strictly, with shared blocks put in.

A file is a form. In its items `{use: customer, only: [keys], but: [keys], with: {key: {…}}, …}` stands for the items of
that block of `blocks.yaml`: of all of them the ones in `only`, without those in `but`; what else is written there goes
for each of them, what stands in `with` for the one of that key.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from forms_templates import computed
from forms_templates.language import DefinitionError, Form
from handbook.sources import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BLOCKS = "blocks"
_OWN_WORDS = ("use", "only", "but", "with")
_EXCLUSIVE = ("required", "required_when")
"""A block's item asks for an answer always or under a condition; saying the one takes the other back."""


class UnknownForm(KeyError):  # noqa: N818 - reads as what happened, like KeyError
    """There is no form of that code."""


def form(code: str) -> Form:
    """The form of that code. Raises UnknownForm."""
    found: Form = _found(code, _forms())
    return found


def forms() -> tuple[Form, ...]:
    """All forms, in the order of their codes."""
    return tuple(_forms().values())


def data(code: str) -> dict[str, Any]:
    """The form's whole definition as data, blocks put in: what its version 1 keeps. Raises UnknownForm."""
    return deepcopy(_found(code, _data()))


def checked(row: Mapping[str, Any]) -> Form:
    """A form from data that somebody has written. Raises DefinitionError, also for calculations that there are not."""
    made = Form.of(row)
    computed.check(made)
    return made


def expanded(row: Mapping[str, Any], blocks: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A form's data with the items of blocks in place of their names. Raises DefinitionError."""
    sections = [
        {**section, "items": [item for given in section.get("items") or [] for item in _items(row, given, blocks)]}
        for section in row.get("sections") or []
    ]
    return deepcopy({**row, "sections": sections})


def _items(
    row: Mapping[str, Any], given: dict[str, Any], blocks: Mapping[str, list[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    if "use" not in given:
        yield given
        return
    block = {item["key"]: item for item in blocks.get(given["use"], ())}
    only, but = given.get("only", list(block)), given.get("but", [])
    special: dict[str, dict[str, Any]] = given.get("with", {})
    if not block or (strange := [key for key in (*only, *but, *special) if key not in block]):
        what = f"has no {strange}" if block else "is no block"
        msg = f"{row.get('code')}: {given['use']} {what}"
        raise DefinitionError(msg)
    for_all = {key: value for key, value in given.items() if key not in _OWN_WORDS}
    for key in only:
        if key not in but:
            yield _overridden(block[key], {**for_all, **special.get(key, {})})


def _overridden(item: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in item.items() if not (k in _EXCLUSIVE and any(e in by for e in _EXCLUSIVE))}
    return {key: value for key, value in {**kept, **by}.items() if value is not None}


def _found(code: str, among: Mapping[str, Any]) -> Any:
    if code not in among:
        raise UnknownForm(code)
    return among[code]


@cache
def _forms() -> dict[str, Form]:
    return {code: checked(row) for code, row in _data().items()}


@cache
def _data() -> dict[str, dict[str, Any]]:
    read = {
        file.name.removesuffix(".yaml"): parsed(file.read_text(encoding="utf-8"))
        for file in files("forms_templates").joinpath("catalogue").iterdir()
        if file.name.endswith(".yaml")
    }
    blocks = read.pop(BLOCKS, {})
    found: dict[str, dict[str, Any]] = {}
    for name, row in read.items():
        if not isinstance(row, dict) or str(row.get("code", "")).lower() != name or row["code"] in found:
            msg = f"{name}.yaml is not the form of that code"
            raise DefinitionError(msg)
        found[row["code"]] = expanded(row, blocks)
    return dict(sorted(found.items()))
