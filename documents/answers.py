"""What may stand in a document's values: of which shape, and who may write it. Asked at the gate, whatever the door."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.text import clean_text
from forms_templates.language import CUSTOMER, FILLERS, SYSTEM
from handbook import vocabulary
from workflow.parties import DEPARTMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from documents.models import Document
    from forms_templates.language import Column, Form, Item
    from people.models import User

SIGNED = frozenset({"signature", "seal"})
"""Kinds that no answer is written to: a signature has a verb of its own, a seal is put on paper."""
LONGEST, LONG, PROSE, MOST_ROWS, MOST_FILES = 2000, 20_000, 200_000, 300, 40
_BEST = 5
_MONEY = re.compile(r"-?\d{1,13}(\.\d{1,2})?")
_OWN = frozenset(code for code in FILLERS if any(vocabulary.role(r).department == "service" for r in FILLERS[code]))
"""Fillers of the department whose documents these are: its staff stand in for each other on paper."""


# --- who --------------------------------------------------------------------------------------------------------------
def customers(form: Form) -> set[str]:
    """The items that the customer fills in."""
    return {
        item.key
        for section in form.sections
        if not section.private
        for item in section.items
        if item.is_customers and _is_written(item)
    }


def open_to(document: Document, user: User) -> set[str]:
    """The items of a document that somebody may fill in.

    Whoever holds the role that the form names; of the department's own items (and what the customer has said by phone)
    all its staff; an opinion is given by its role alone.
    """
    if document.is_recorded:
        return set()
    ours = DEPARTMENT.includes(user, document)
    return {item.key for item in document.definition.items() if _is_written(item) and _may(item, user, ours=ours)}


def _may(item: Item, user: User, *, ours: bool) -> bool:
    roles = {role for code in item.fillers for role in FILLERS[code]}
    if any(user.has_role(role) for role in roles):
        return True
    own = any(code in _OWN or code in {CUSTOMER, SYSTEM} for code in item.fillers)
    return ours and own and item.kind != "approval"


def _is_written(item: Item) -> bool:
    return item.kind not in SIGNED and item.kind != "clause" and not item.computed


# --- of which shape ---------------------------------------------------------------------------------------------------
def faults(form: Form, values: Mapping[str, Any], may: set[str] | None) -> Iterator[str]:
    """What is wrong with answers, in words; `may` are the items that may be written, None for all of them."""
    items = {item.key: item for item in form.items()}
    for key, value in values.items():
        item = items.get(key)
        if item is None or not _is_written(item):
            yield _("The form has no place “%(key)s” to fill in.") % {"key": key[:40]}
        elif may is not None and key not in may:
            yield _("“%(item)s” is for others to fill in.") % {"item": item.in_language()}
        elif value is not None and not _fits(item, value):
            yield _("“%(item)s” does not hold what was given.") % {"item": item.in_language()}


def merged(present: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The values with what was said; an empty answer takes an earlier one away."""
    together = {**present, **{key: _clean(value) for key, value in said.items()}}
    return {key: value for key, value in together.items() if value not in (None, "", [], {})}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value).strip()
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return {key: _clean(one) for key, one in value.items()} if isinstance(value, dict) else value


def _fits(item: Item, value: Any) -> bool:
    if item.kind == "table":
        return isinstance(value, list) and len(value) <= MOST_ROWS and all(_is_row(item.columns, row) for row in value)
    if item.kind == "choices":
        keys = {option.key for option in item.options}
        return isinstance(value, list) and all(isinstance(one, str) and one in keys for one in value)
    return _is_cell(item, value)


def _is_row(columns: tuple[Column, ...], row: Any) -> bool:
    kinds = {column.key: column for column in columns}
    return isinstance(row, dict) and all(
        key in kinds and (value in (None, "") or _is_cell(kinds[key], value)) for key, value in row.items()
    )


def _is_cell(item: Item | Column, value: Any) -> bool:
    if item.kind == "choice":
        return value == "" or any(option.key == value for option in item.options)
    return _KINDS[item.kind](value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONG


def _is_prose(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= PROSE


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12


def _is_rate(value: Any) -> bool:
    return _is_int(value) and 1 <= value <= _BEST


def _is_money(value: Any) -> bool:
    return isinstance(value, str) and (value == "" or _MONEY.fullmatch(value) is not None)


def _is_date(value: Any) -> bool:
    return value == "" or _read(date.fromisoformat, value)


def _is_moment(value: Any) -> bool:
    return value == "" or _read(datetime.fromisoformat, value)


def _read(reader: Callable[[str], Any], value: Any) -> bool:
    try:
        reader(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_check(value: Any) -> bool:
    return _has(value, {"answer", "note"}) and value.get("answer", "") in {"", "yes", "no", "na"}


def _is_approval(value: Any) -> bool:
    known = _has(value, {"opinion", "remark", "name", "at"})
    return known and value.get("opinion", "") in {"", "agree", "disagree"}


def _is_secret(value: Any) -> bool:
    """Never the secret itself: only that it is kept, and where in the vault."""
    if not isinstance(value, dict) or not value.keys() <= {"kept", "access"}:
        return False
    return value.get("kept") is True and (value.get("access") is None or _is_int(value["access"]))


def _is_files(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_FILES
        and all(isinstance(one, dict) and one.keys() <= {"name", "attachment"} for one in value)
        and all(_is_text(one.get("name", "")) and _is_int(one.get("attachment")) for one in value)
    )


def _has(value: Any, keys: set[str]) -> bool:
    return isinstance(value, dict) and value.keys() <= keys and all(_is_text(one) for one in value.values())


_KINDS: dict[str, Callable[[Any], bool]] = {
    "text": _is_text,
    "long": _is_long,
    "prose": _is_prose,
    "int": _is_int,
    "money": _is_money,
    "date": _is_date,
    "moment": _is_moment,
    "yes_no": lambda value: isinstance(value, bool),
    "rate": _is_rate,
    "check": _is_check,
    "secret": _is_secret,
    "files": _is_files,
    "approval": _is_approval,
}
