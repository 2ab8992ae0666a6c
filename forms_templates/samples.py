"""Sample answers for every form: ordinary ones of an invented university, extreme ones, and none at all.

Ordinary answers stand in `samples/`, one file a form, over what they have in common. Extreme ones are made of the
definition itself, so that a field that is added is tried with the longest that is realistic by itself.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.resources import files
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from forms_templates import catalogue, computed
from handbook.sources import parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from forms_templates.language import Column, Form, Item

SORTS = ("ordinary", "extreme", "empty")
_LONG, _UNBROKEN, _ROWS = 1500, 300, 12
"""How long long answers and unbroken words are, and how many rows a table gets that names no limit."""
_MOST_ROWS = 30
_NAMED = {
    "customer_name": "organisation",
    "institution_zh": "organisation",
    "customer_address": "address",
    "ship_address": "address",
    "contact_name": "unbroken",
}


def values(code: str, sort: str = "ordinary") -> dict[str, Any]:
    """Answers of that sort. Raises catalogue.UnknownForm, KeyError for a sort that there is not."""
    return deepcopy(_MADE[sort](catalogue.form(code)))


def ordinary(form: Form) -> dict[str, Any]:
    """Realistic answers to what a form asks, whichever version of it."""
    asked = {item.key for item in form.items()}
    found = {key: value for key, value in {**_read("common"), **_read(form.code.lower())}.items() if key in asked}
    for item in form.items():
        if item.kind == "table" and item.key in found:
            found[item.key] = _over_the_first(item, found)
    return computed.completed(form, found)


def _over_the_first(item: Item, found: dict[str, Any]) -> list[dict[str, Any]]:
    """A table's rows over what stands in it from the beginning."""
    first = item.beginning(found)
    return [{**(first[at] if at < len(first) else {}), **row} for at, row in enumerate(found[item.key])]


def _extreme(form: Form) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for item in form.items():
        if item.kind == "table":
            made[item.key] = _full(item, made)
        elif item.kind not in ("clause", "seal"):
            made[item.key] = _longest(item)
    return made


def _full(item: Item, made: dict[str, Any]) -> list[dict[str, Any]]:
    """As many rows as the table may have; the first ones, and every third, with an unbroken word."""
    first = item.beginning(made)
    wanted = max(len(first) + item.spare, min(item.most or _ROWS, _MOST_ROWS))
    rows = ({column.key: _longest(column) for column in item.columns} for _row in range(wanted))
    return [{**row, **(first[at] if at < len(first) else {})} for at, row in enumerate(rows)]


def _longest(asked: Item | Column) -> Any:
    if asked.key in _NAMED:
        return _text(_NAMED[asked.key])
    if asked.kind == "choice":
        return max(asked.options, key=lambda option: len(option.zh)).key
    if asked.kind == "choices":
        return [option.key for option in asked.options]
    return _KINDS.get(asked.kind, lambda: _said(60))()


def _text(name: str) -> str:
    text = str(_read("extreme")[name])
    return _repeated(text, _UNBROKEN) if name == "unbroken" else text


def _said(length: int) -> str:
    return _repeated(str(_read("extreme")["words"]), length)


def _repeated(text: str, length: int) -> str:
    return "".join(islice(cycle(text), length))


def _contract() -> str:
    """Clauses of every sort, each with a paragraph longer than half a page, and words that nothing parts."""
    clause, said, unbroken = _text("clause"), _said(700), _text("unbroken")
    clauses = [f"{clause.format(n)}{_said(20)}\n{n}.1 {said}\n{_said(100)}{unbroken}" for n in range(1, 13)]
    return "\n".join([_text("part"), *clauses])


def _signed() -> dict[str, Any]:
    return {"name": _text("person"), "at": "2026-12-31T15:59:00Z", "how": "typed"}


_KINDS: dict[str, Callable[[], Any]] = {
    "long": lambda: _said(_LONG - _UNBROKEN) + _text("unbroken"),
    "prose": _contract,
    "int": lambda: 1_234_567,
    "money": lambda: "98765432.19",
    "date": lambda: "2026-12-31",
    "moment": lambda: "2026-12-31T23:59",
    "yes_no": lambda: False,
    "rate": lambda: 1,
    "check": lambda: {"answer": "no", "note": _said(80)},
    "secret": lambda: {"kept": True, "access": None},
    "files": lambda: [{"name": f"{_said(60)}.pdf", "attachment": None} for _file in range(5)],
    "signature": _signed,
    "approval": lambda: {
        "opinion": "disagree",
        "remark": _said(300),
        "name": _text("person"),
        "at": "2026-12-31T15:59:00Z",
    },
}
_MADE: dict[str, Callable[[Form], dict[str, Any]]] = {
    "ordinary": ordinary,
    "extreme": _extreme,
    "empty": lambda _form: {},
}


@cache
def _read(name: str) -> dict[str, Any]:
    text = files("forms_templates").joinpath("samples", f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = parsed(text)
    return content
