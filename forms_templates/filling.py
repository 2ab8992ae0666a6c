"""A definition as a web form: for the customer's part or the company's, blank, half filled in, or refused.

`form_for` is the door. What comes back is one Django form; `sections` is how a page draws it, `answers` what it was
given, `secrets`, `images` and `uploads` what never stands among the answers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from forms_templates import questions
from forms_templates.chapters import Chapter, chapters_of
from forms_templates.language import CUSTOMER, FILLERS, SYSTEM, Form, Item
from forms_templates.questions import Given, Table, asking_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from core.fields import Secret
    from forms_templates.language import Column, Section
    from workflow.files import Checked

PUTTING_RIGHT = frozenset({"customer_specialist", "account_manager"})
"""Who fills in what the house should have known beforehand and did not."""


@dataclass(frozen=True)
class Person:
    """Who fills in: the part, and for the company the roles and the name under opinions."""

    part: str
    roles: frozenset[str] = frozenset()
    name: str = ""
    signs: bool = True
    may: frozenset[str] | None = None

    def answers(self, by: str, kind: str = "", *, computed: bool = False, online: bool = True) -> bool:
        """Whether something of that sort is this person's to answer."""
        if computed or kind in questions.UNASKED or (kind == "signature" and not (online and self.signs)):
            return False
        fillers = by.split("+")
        if self.part == "customer":
            return CUSTOMER in fillers
        mine = {role for filler in fillers for role in FILLERS[filler]}
        return bool(self.roles & (mine | (PUTTING_RIGHT if SYSTEM in fillers else set())))


@dataclass(frozen=True)
class SoFar:
    """Whether answers are only kept for now: then nothing has to be there, and rows keep their places."""

    partial: bool = False
    places: bool = False


class FillingForm(forms.Form):
    """The answers of one person to one form. Made by `form_for`."""

    error_css_class = "in-error"

    def __init__(
        self,
        form: Form,
        person: Person,
        values: Mapping[str, Any],
        *,
        data: Any = None,
        files: Any = None,
        so_far: SoFar = SoFar(),
    ) -> None:
        super().__init__(data, files, label_suffix="")
        self.form, self.person, self.values = form, person, dict(values)
        self.so_far = so_far
        self.tables: dict[str, Table] = {}
        self.asked = [item for section in self.sections() for item in section.items if self._asks(item)]
        for item in self.asked:
            self.fields.update(self._fields(item))
        self._answers: dict[str, Any] = {}

    def sections(self) -> Iterator[Section]:
        """Those that the person may know of."""
        for section in self.form.sections:
            if self.person.part != "customer" or not section.private:
                yield section

    def _asks(self, item: Item) -> bool:
        if item.kind == "table":
            return any(self._asks_column(item, column) for column in item.columns)
        mine = self.person.answers(item.by, item.kind, computed=bool(item.computed), online=item.online)
        return mine if self.person.may is None else self._may(item)

    def _may(self, item: Item) -> bool:
        """Whether an item is among those that the caller has named, and is one to be typed at all."""
        named = item.key in (self.person.may or ())
        return named and not item.computed and item.kind not in questions.UNASKED and item.kind != "signature"

    def _asks_column(self, item: Item, column: Column) -> bool:
        if self.person.may is not None:
            return self._may(item)
        return not item.computed and self.person.answers(column.by or item.by)

    def _fields(self, item: Item) -> dict[str, forms.Field]:
        if item.kind != "table":
            return asking_of(item).fields(item, self.values.get(item.key))
        sent = self.data.get(f"{item.key}-rows", "") if self.is_bound else None
        table = Table(item, self.values, sent, lambda column: self._asks_column(item, column))
        self.tables[item.key] = table
        return table.fields()

    def clean(self) -> dict[str, Any]:
        """Read the answers out of the fields; what must be answered and is not, is said at its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._answers = {}
        for item in self.asked:
            answer = self._answer(item)
            if answer not in (None, "", []):
                self._answers[item.key] = answer
        whole = self.merged(self.values)
        for item in self.asked:
            if not item.is_shown(whole):
                self._forget(item)
            elif not self.so_far.partial:
                self._require(item, whole)
        return cleaned

    def _answer(self, item: Item) -> Any:
        """What was given; where it could not be read, what was there before."""
        if item.key in self.tables:
            return self.tables[item.key].answer(self.cleaned_data, places=self.so_far.places)
        if self._names(item) & self.errors.keys():
            return self.values.get(item.key)
        return asking_of(item).answer(item, Given(self.cleaned_data, self.values.get(item.key), self.person.name))

    def _forget(self, item: Item) -> None:
        """What does not matter is not asked, whatever was typed into it."""
        self._answers.pop(item.key, None)
        for name in self._names(item):
            self.errors.pop(name, None)

    def _require(self, item: Item, whole: Mapping[str, Any]) -> None:
        if item.key in self.tables:
            self._require_cells(item)
        if item.is_required(whole) and not self._is_answered(item) and not self._names(item) & self.errors.keys():
            self.add_error(self._place(item), _("Please fill this in."))

    def _require_cells(self, item: Item) -> None:
        table = self.tables[item.key]
        for row in table.rows:
            said = any(self.cleaned_data.get(table.name(row, column)) for column in table.columns)
            for column in table.columns if said or (row.preset and item.required) else ():
                name = table.name(row, column)
                if column.required and name in self.cleaned_data and self.cleaned_data[name] in (None, "", []):
                    self.add_error(name, _("Please fill this in."))

    def _is_answered(self, item: Item) -> bool:
        answer = self._answers.get(item.key)
        if item.kind == "files":
            return bool(answer or self.cleaned_data.get(item.key))
        return bool(answer["answer"]) if item.kind == "check" and answer else answer is not None

    def _place(self, item: Item) -> str | None:
        """The field at which something about an item is said."""
        return item.key if item.key in self.fields else next(iter(sorted(self._names(item))), None)

    def _names(self, item: Item) -> set[str]:
        return {name for name in self.fields if name == item.key or name.startswith(f"{item.key}-")}

    def answers(self) -> dict[str, Any]:
        """What was answered, by the items' keys; of secrets only that there is one."""
        return dict(self._answers)

    def cleared(self) -> list[str]:
        """The keys of what was answered before and is not any more."""
        return [item.key for item in self.asked if item.key in self.values and item.key not in self._answers]

    def changes(self) -> dict[str, Any]:
        """The answers that are new or different, and None for those that were taken back."""
        new = {key: value for key, value in self._answers.items() if self.values.get(key) != value}
        return new | dict.fromkeys(self.cleared())

    def merged(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The whole answers, with these in place of those that were asked."""
        kept = {key: value for key, value in values.items() if key not in {item.key for item in self.asked}}
        return kept | self._answers

    def secrets(self) -> dict[str, Secret]:
        """The secrets that were typed, closed."""
        typed = ((item.key, self.cleaned_data.get(item.key)) for item in self.asked if item.kind == "secret")
        return {key: secret for key, secret in typed if secret and key in self._answers}

    def images(self) -> dict[str, bytes]:
        """The signatures that were drawn."""
        drawn = ((item.key, self.cleaned_data.get(f"{item.key}-drawn")) for item in self._of("signature"))
        return {key: image for key, image in drawn if image and key in self._answers}

    def uploads(self) -> dict[str, list[Checked]]:
        """The files that came now, by the items' keys."""
        came = ((item.key, self.cleaned_data.get(item.key)) for item in self._of("files"))
        return {key: files for key, files in came if files}

    def _of(self, kind: str) -> list[Item]:
        return [item for item in self.asked if item.kind == kind]

    def chapters(self) -> list[Chapter]:
        """The form as a page draws it."""
        return chapters_of(self)

    def known(self) -> str:
        """The answers on which conditions of this form rest and which are not asked here, for the page's script."""
        keys = {
            key.partition(".")[0]
            for item in self.asked
            for when in (item.shown_when, item.required_when)
            if when is not None
            for key in when.items
        } - {item.key for item in self.asked}
        return json.dumps({key: self.values[key] for key in sorted(keys) if key in self.values}, ensure_ascii=False)


def form_for(  # noqa: PLR0913 - the door's arguments are what a filling consists of
    form: Form,
    part: str,
    values: Mapping[str, Any],
    *,
    roles: Collection[str] = (),
    name: str = "",
    data: Any = None,
    files: Any = None,
    partial: bool = False,
    signs: bool = True,
    places: bool = False,
    may: Collection[str] | None = None,
) -> FillingForm:
    """A form's part as a web form: `customer`, or `company` for somebody with these roles and this name.

    `partial` checks what the answers are and not that they are all there, for saving as it goes; with `places` the rows
    of tables keep their places meanwhile. `signs` leaves signatures out where they are given by another door. `may`
    names the items that the person may answer, where somebody else has settled that; it then stands for the roles.
    """
    person = Person(part, frozenset(roles), name, signs, None if may is None else frozenset(may))
    return FillingForm(form, person, values, data=data, files=files, so_far=SoFar(partial, places))


__all__ = ("Chapter", "FillingForm", "Person", "form_for")
