"""Documents that a record fills in alone: nobody types or signs there on the screen.

A process vouches for a form (`vouch`): its answers are what the record's facts say, its signatures and opinions are
decisions that the process has on record, with the name and the moment of whoever decided. Such a document is begun
beside an act of its record, and is final at once; a later one takes its place when the record has more to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from documents.models import Document
    from forms_templates.language import Form, Item
    from workflow.models import Record

    Decisions = Mapping[str, Any]

DECIDED = frozenset({"signature", "approval", "files"})
"""Kinds of items that only what a process has on record fills beforehand: decisions, and the text that they are on."""
RECORDED = "recorded"
"""How such a signature was given: neither drawn nor typed under the document, but decided in the process."""
_vouched: dict[tuple[str, str], Callable[[Any], Decisions]] = {}


def vouch(kind: str, form: str, decisions: Callable[[Any], Decisions]) -> None:
    """Say that records of a kind fill in a form alone, and which decisions they have on record, by path.

    A decision is what its item keeps: {"name", "at"} of a signature, with {"opinion", "remark"} of an approval; of
    files their names.
    """
    _vouched[kind, form] = decisions


def forms_of(kind: str) -> list[str]:
    """The forms that records of a kind fill in alone."""
    return [form for of, form in _vouched if of == kind]


def is_vouched(kind: str, form: str) -> bool:
    """Whether records of a kind fill in a form alone."""
    return (kind, form) in _vouched


def holds_for(document: Document) -> bool:
    """Whether a document is its record's alone."""
    if not any(form == document.form for _kind, form in _vouched) or document.parent is None:
        return False
    return is_vouched(document.parent.kind, document.form)


def decisions_of(record: Record | None, form: Form) -> Decisions:
    """What a record has decided, by path; nothing of one whose process does not vouch for the form."""
    told = _vouched.get((record.kind, form.code)) if record is not None else None
    return told(record.concrete) if told is not None and record is not None else {}


def answer(item: Item, decisions: Decisions) -> Any:
    """What stands in an item's place; None if nothing is on record."""
    found = decisions.get(item.source) if item.kind in DECIDED and item.source else None
    if not found or item.kind == "files":
        return found or None
    return {**found, "how": RECORDED}
