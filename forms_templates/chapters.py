"""A filling form drawn: sections with their questions, some asked, some only shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forms_templates import questions
from forms_templates.language import SYSTEM
from forms_templates.spoken import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django import forms

    from forms_templates.filling import FillingForm
    from forms_templates.language import Column, Item, Section, When

CONTEXT = frozenset({"clause"})
"""What a customer reads of a section beside what was filled in beforehand."""


@dataclass
class Question:
    """An item as a page draws it: asked with its fields, or shown with its answer in words."""

    item: Item
    asked: bool
    fields: list[forms.BoundField] = field(default_factory=list)
    rows: list[tuple[questions.Row, list[tuple[Column, str, forms.BoundField | None]]]] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    order: str = ""
    said: Any = ""
    must: bool = False
    shown: bool = True
    missing: bool = False
    most: int = 0
    grows: bool = False
    prefilled: bool = False
    heading: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def conditions(self) -> dict[str, str]:
        """When it is shown and when it must be answered, as the page's script reads it."""
        both = {"when": self.item.shown_when, "must": self.item.required_when}
        return {name: _as_json(when) for name, when in both.items() if when is not None}


def _as_json(when: When) -> str:
    said = {"items": when.items, "among": when.among, "atMost": when.at_most, "filled": when.filled}
    return json.dumps(said, ensure_ascii=False)


@dataclass
class Chapter:
    """A section as a page draws it."""

    section: Section
    number: int
    questions: list[Question]

    @property
    def asks(self) -> bool:
        """Whether anything in it is the reader's to answer."""
        return any(question.asked for question in self.questions)

    @property
    def open(self) -> int:
        """How many answers that must be there are not."""
        return sum(question.missing for question in self.questions if question.asked and question.shown)

    @property
    def faulty(self) -> bool:
        """Whether something in it was refused."""
        return any(question.faults for question in self.questions)


def chapters_of(filling: FillingForm) -> list[Chapter]:
    """The sections that the reader may see and that hold anything for the reader, in the order of the page."""
    whole = filling.merged(filling.values) if filling.is_bound else filling.values
    asked = {item.key for item in filling.asked}
    made = []
    for number, section in enumerate(filling.sections(), start=1):
        if filling.person.part == "customer" and not any(item.key in asked for item in section.items):
            continue
        made.append(Chapter(section, number, list(_questions(filling, section, asked, whole))))
    return made


def _questions(filling: FillingForm, section: Section, asked: set[str], whole: Mapping[str, Any]) -> Iterator[Question]:
    over = None
    for item in section.items:
        question = _asked(filling, item, whole) if item.key in asked else _told(filling, item)
        if question is None:
            continue
        if item.of != over:
            question.heading = item.of.in_language() if item.of else ""
        over = item.of
        yield question


def _told(filling: FillingForm, item: Item) -> Question | None:
    """What is only shown. A customer reads what was filled in beforehand, never what the company has filled in."""
    value = filling.values.get(item.key)
    if item.kind == "seal":
        return None
    if filling.person.part == "customer" and item.kind not in CONTEXT and (item.fillers != (SYSTEM,) or not value):
        return None
    question = Question(item, asked=False, said=in_words(item, value))
    if item.kind == "clause":
        question.said = item.in_language()
    if item.kind == "table":
        question.columns = list(item.columns)
        question.rows = [
            (questions.Row(number), [(column, in_words(column, row.get(column.key)), None) for column in item.columns])
            for number, row in enumerate(value or ())
        ]
    return question


def _asked(filling: FillingForm, item: Item, whole: Mapping[str, Any]) -> Question:
    must, value = item.is_required(whole), whole.get(item.key)
    question = Question(item, asked=True, must=must, shown=item.is_shown(whole), said=in_words(item, value))
    question.missing = must and not value
    question.prefilled = bool(item.source and filling.values.get(item.key)) and not filling.is_bound
    if item.key in filling.tables:
        _lay(question, filling)
    else:
        question.fields = [filling[name] for name in filling.fields if _belongs(name, item)]
        question.faults = [str(fault) for bound in question.fields for fault in bound.errors]
    return question


def _belongs(name: str, item: Item) -> bool:
    return name == item.key or name.startswith(f"{item.key}-")


def _lay(question: Question, filling: FillingForm) -> None:
    table = filling.tables[question.item.key]
    question.columns, question.order, question.most = list(question.item.columns), table.order, table.most
    question.grows = table.grows
    for row in table.rows:
        cells = []
        for column in question.item.columns:
            name = table.name(row, column)
            bound = filling[name] if name in filling.fields else None
            known = table.before[row.number].get(column.key) if row.number < len(table.before) else None
            cells.append((column, row.fixed.get(column.key) or in_words(column, known), bound))
            question.faults += [str(fault) for fault in bound.errors] if bound else []
        question.rows.append((row, cells))
