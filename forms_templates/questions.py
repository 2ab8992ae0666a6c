"""An item of a form as a question: which fields it has on the screen, and how its answer is read from them.

Names of fields are the item's key, with what belongs to it after a hyphen: `sealed-drop`, `servers-2-host`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from forms_templates import widgets
from workflow.forms import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from forms_templates.language import Column, Item

MOST_ROWS = 60
UNASKED = frozenset({"seal", "clause"})
"""Kinds to which nobody gives an answer on the screen."""


@dataclass
class Given:
    """What was sent, as far as it passed: values by the names of fields, the answers before, who answers."""

    cleaned: Mapping[str, Any]
    before: Any
    person: str = ""


@dataclass(frozen=True)
class Asking:
    """How a kind of item is asked: its fields by name, what they show, and the answer made of what was given."""

    fields: Callable[[Item, Any], dict[str, forms.Field]]
    answer: Callable[[Item, Given], Any]


def _one(item: Item, value: Any) -> dict[str, forms.Field]:
    made = widgets.field_of(item)
    made.initial = widgets.typed(item.kind, value)
    return {item.key: made}


def _said(item: Item, given: Given) -> Any:
    return given.cleaned.get(item.key)


def _remark(before: str) -> forms.Field:
    valid = [widgets.printable]
    return Line(max_length=widgets.LINE, required=False, label=_("Remark"), initial=before, validators=valid)


def _check_fields(item: Item, value: Any) -> dict[str, forms.Field]:
    before = value or {}
    made = _one(item, before.get("answer"))
    note = _remark(before.get("note", ""))
    return {**made, f"{item.key}-note": note}


def _check_answer(item: Item, given: Given) -> Any:
    answer, note = given.cleaned.get(item.key), given.cleaned.get(f"{item.key}-note", "")
    return {"answer": answer or "", "note": note} if answer or note else None


def _approval_fields(item: Item, value: Any) -> dict[str, forms.Field]:
    before = value or {}
    made = _one(item, before.get("opinion"))
    remark = _remark(before.get("remark", ""))
    return {**made, f"{item.key}-remark": remark}


def _approval_answer(item: Item, given: Given) -> Any:
    opinion, remark = given.cleaned.get(item.key), given.cleaned.get(f"{item.key}-remark", "")
    if not opinion:
        return None
    before = given.before or {}
    if (before.get("opinion"), before.get("remark")) == (opinion, remark):
        return before
    return {"opinion": opinion, "remark": remark, "name": given.person, "at": clock.now().isoformat()}


def _secret_fields(item: Item, value: Any) -> dict[str, forms.Field]:
    made = widgets.field_of(item)
    if value:
        made.help_text = _("Kept in the vault and never shown again. Leave empty to keep it.")
    return {item.key: made}


def _secret_answer(item: Item, given: Given) -> Any:
    """What was kept stays; what is new goes by `secrets()` and never by the answers."""
    return {"kept": True, "access": None} if given.cleaned.get(item.key) else given.before


def _files_fields(item: Item, value: Any) -> dict[str, forms.Field]:
    made = widgets.field_of(item)
    kept = [(str(each["attachment"]), each["name"]) for each in value or ()]
    drop = forms.MultipleChoiceField(
        choices=kept, required=False, label=_("Take out"), widget=forms.CheckboxSelectMultiple
    )
    return {item.key: made, **({f"{item.key}-drop": drop} if kept else {})}


def _files_answer(item: Item, given: Given) -> Any:
    dropped = set(given.cleaned.get(f"{item.key}-drop") or ())
    return [each for each in given.before or () if str(each["attachment"]) not in dropped] or None


def _signature_fields(item: Item, value: Any) -> dict[str, forms.Field]:
    made = widgets.field_of(item)
    made.label, made.initial = _("Name"), (value or {}).get("name", "")
    made.widget.attrs["autocomplete"] = "name"
    return {item.key: made, f"{item.key}-drawn": widgets.Drawn(required=False, label=_("Drawn signature"))}


def _signature_answer(item: Item, given: Given) -> Any:
    name = given.cleaned.get(item.key)
    if not name:
        return None
    how = "drawn" if given.cleaned.get(f"{item.key}-drawn") else "typed"
    return {"name": name, "at": clock.now().isoformat(), "how": how}


_PLAIN = Asking(_one, _said)
ASKINGS: dict[str, Asking] = {
    "check": Asking(_check_fields, _check_answer),
    "approval": Asking(_approval_fields, _approval_answer),
    "secret": Asking(_secret_fields, _secret_answer),
    "files": Asking(_files_fields, _files_answer),
    "signature": Asking(_signature_fields, _signature_answer),
}


def asking_of(item: Item) -> Asking:
    """How an item that is no table is asked."""
    return ASKINGS.get(item.kind, _PLAIN)


@dataclass
class Row:
    """A row of a table on the screen. `fixed` cells are printed so, and are not asked."""

    number: int
    fixed: dict[str, str] = field(default_factory=dict)
    preset: bool = False


class Table:
    """The rows of a table as they are asked: those of the definition, those answered before, those added.

    `order` is what the page sends: the numbers of its rows. A row keeps its number for as long as the page stands, so
    that taking one out moves none of the others.
    """

    def __init__(
        self, item: Item, values: Mapping[str, Any], sent: str | None, asked: Callable[[Column], bool]
    ) -> None:
        self.item = item
        self.begun = bool(values.get(item.key))
        self.before: list[dict[str, Any]] = [dict(row) for row in values.get(item.key) or item.beginning(values)]
        self.columns = [column for column in item.columns if asked(column)]
        self.rows = [self._row(number) for number in self._numbers(sent)]

    def _numbers(self, sent: str | None) -> list[int]:
        known = [number for number, row in enumerate(self.before) if row]
        preset = [number for number in known if self._worded(self.before[number])]
        fresh = [len(self.before)] if self.grows else []
        if sent is None:
            return known if len(known) > len(preset) else [*preset, *fresh]
        numbers = {int(each) for each in sent.split(",") if each.isascii() and each.isdigit() and len(each) < 4}  # noqa: PLR2004
        return (sorted({*preset, *(numbers if self.grows else numbers & set(known))}) or fresh)[: self.most]

    def _worded(self, row: Mapping[str, Any]) -> dict[str, str]:
        """The cells of a row that the definition words, by column; none in a row that was added."""
        for given in self.item.rows:
            worded = {key: cell["zh"] for key, cell in given.items() if isinstance(cell, dict) and "zh" in cell}
            if worded and all(row.get(key) == text for key, text in worded.items()):
                return {key: self.item.cell_in_language(text) for key, text in worded.items()}
        return {}

    @property
    def grows(self) -> bool:
        """Whether rows can be added."""
        return bool(self.item.spare) or not self.item.rows

    @property
    def most(self) -> int:
        """How many rows there may be."""
        return max(self.item.most or MOST_ROWS, len(self.item.rows))

    def _row(self, number: int) -> Row:
        fixed = self._worded(self._known(number))
        return Row(number, fixed, preset=bool(fixed))

    def _known(self, number: int) -> dict[str, Any]:
        """What stands in a row."""
        return self.before[number] if number < len(self.before) else {}

    @property
    def order(self) -> str:
        """The numbers of the rows, as the page sends them back."""
        return ",".join(str(row.number) for row in self.rows)

    def name(self, row: Row, column: Column) -> str:
        """What a cell's field is called."""
        return f"{self.item.key}-{row.number}-{column.key}"

    def cells(self) -> list[tuple[Row, Column]]:
        """Every cell that is asked."""
        return [(row, column) for row in self.rows for column in self.columns if column.key not in row.fixed]

    def fields(self) -> dict[str, forms.Field]:
        """A field for every cell."""
        made: dict[str, forms.Field] = {}
        for row, column in self.cells():
            cell = widgets.cell_of(column)
            cell.initial = widgets.typed(column.kind, self._known(row.number).get(column.key))
            made[self.name(row, column)] = cell
        return made

    def answer(self, cleaned: Mapping[str, Any], *, places: bool = False) -> list[dict[str, Any]] | None:
        """The rows that say anything, and those that the definition has; what is not asked here stays as it was.

        With `places`, every row stands at the place of its number, so that a page that stays open can send it again.
        """
        asked = {column.key for column in self.columns}
        rows: dict[int, dict[str, Any]] = {}
        anything = False
        for row in self.rows:
            known = self._known(row.number)
            said = {key: value for key, value in known.items() if key not in asked and key not in row.fixed}
            said |= {
                column.key: value
                for column in self.columns
                if column.key not in row.fixed and (value := cleaned.get(self.name(row, column))) not in (None, "", [])
            }
            anything = anything or bool(said) or (row.preset and self.begun)
            if said or row.preset:
                rows[row.number] = {**{key: known[key] for key in row.fixed}, **said}
        if not anything:
            return None
        return [rows.get(number, {}) for number in range(max(rows) + 1)] if places else list(rows.values())
