"""A field that holds a table: a small form for each row, checked at the gate like any other answer.

From a page its cells come as `lines-0-product=…&lines-0-price=…&lines-1-…`, whatever the numbers; from Python, imports
and the API as a list of mappings under the field's own name. Rows in which nothing stands are dropped. What is wrong is
said at its row and cell; its name among the form's errors is the cell's, such as `lines-0-price`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from workflow.forms import VerbForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.safestring import SafeString

ANOTHER = _("Add a row")
MOST = 200
"""Rows of a table."""
PLACE = "__row__"
"""What stands for the number in the row from which a page makes new ones."""
_CELL = re.compile(r"(\d{1,6})-([A-Za-z_]{1,60})", re.ASCII)
_PLAIN = (str, bool, date, Decimal, models.Model)


class RowForm(forms.Form):
    """One row. Its hidden cells alone make no row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **kwargs})
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)

    @property
    def wrong(self) -> list[str]:
        """What is wrong with the row as such, and with what it hides."""
        hidden = [error for field in self.hidden_fields() for error in field.errors]
        return [*self.non_field_errors(), *hidden]


@dataclass(frozen=True)
class Sent:
    """What came for a table: its field's name, and its rows as they were sent."""

    name: str
    rows: Any

    def __bool__(self) -> bool:
        return bool(self.rows)


class _Cells(forms.Widget):
    """Gathers the cells of a table; the field draws itself."""

    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:  # noqa: ARG002 - Django's signature
        """The rows, in the order of their numbers."""
        whole = data.get(name)
        if whole is not None and not isinstance(whole, str):
            return Sent(name, whole)
        rows: dict[int, dict[str, Any]] = {}
        for key in data:
            found = _CELL.fullmatch(str(key)[len(name) + 1 :]) if str(key).startswith(f"{name}-") else None
            if found is not None:
                rows.setdefault(int(found[1]), {})[found[2]] = data.get(key)
        return Sent(name, [rows[number] for number in sorted(rows)])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 - Django's signature
        """Whether nothing came, not even that the table is empty."""
        return name not in data and not any(str(key).startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:  # noqa: ARG002 - Django's signature
        """A table has a legend."""
        return ""


class Rows(forms.Field):
    """A table of rows of one form; its value is a tuple of what each row says."""

    widget = _Cells
    default_error_messages = {
        "no_table": _("This is not a table."),
        "too_many": _("At most %(most)s rows."),
        "rows": _("Look at the rows that are marked."),
    }

    def __init__(self, row: type[RowForm], *, most: int = MOST, more: Any = ANOTHER, **kwargs: Any) -> None:
        """`row` is the form of one row; `more` says on the button what another row would be."""
        super().__init__(**{"required": False, **kwargs})
        self.row = row
        self.most = most
        self.more = more
        self.forms: list[RowForm] = []

    def clean(self, value: Any) -> tuple[dict[str, Any], ...]:
        """What the rows say. Raises ValidationError; what is wrong with each then stands at `forms`."""
        sent = value if isinstance(value, Sent) else Sent("", value or ())
        self.forms = [self.row(cells, prefix=f"{sent.name}-{number}") for number, cells in enumerate(self._cells(sent))]
        if not all([row.is_valid() for row in self.forms]):  # noqa: C419 - each is to say what is wrong with it
            raise forms.ValidationError(self.error_messages["rows"], code="rows")
        if self.required and not self.forms:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return tuple(row.cleaned_data for row in self.forms)

    def _cells(self, sent: Sent) -> Iterator[dict[str, Any]]:
        """The rows in which something stands, each with its cells under their names on a page."""
        if not isinstance(sent.rows, Sequence) or isinstance(sent.rows, str | bytes):
            raise forms.ValidationError(self.error_messages["no_table"], code="no_table")
        kept = [_plain(row) for row in sent.rows if isinstance(row, Mapping)]
        if len(kept) != len(sent.rows):
            raise forms.ValidationError(self.error_messages["no_table"], code="no_table")
        kept = [row for row in kept if self._says_something(row)]
        if len(kept) > self.most:
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many", params={"most": self.most})
        for number, row in enumerate(kept):
            yield {f"{sent.name}-{number}-{name}": value for name, value in row.items()}

    def _says_something(self, row: Mapping[str, Any]) -> bool:
        hidden = {name for name, field in self.row.base_fields.items() if field.widget.is_hidden}
        return any(
            value is not None and (not isinstance(value, str) or value.strip())
            for name, value in row.items()
            if name not in hidden
        )

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> Table:
        """The table as the form shows it."""
        return Table(form, self, field_name)


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row whose cells are of kinds that a form's fields expect."""
    return {
        str(name): value if value is None or isinstance(value, _PLAIN) else str(value) for name, value in row.items()
    }


class Table(BoundField):
    """A table on a page: its rows, and one from which the page makes more."""

    @cached_property
    def rows(self) -> list[RowForm]:
        """The rows: as they were typed, or as they are to begin with."""
        field: Any = self.field
        if self.form.is_bound and self.form.errors is not None and field.forms:
            return list(field.forms)
        # An empty table is begun with a row in which to write.
        start = enumerate(({},) if self.form.is_bound else self.initial or ({},))
        return [field.row(initial=row, prefix=f"{self.html_name}-{number}") for number, row in start]

    @property
    def sums(self) -> list[str]:
        """The cells whose figures a page adds up."""
        field: Any = self.field
        return [name for name, cell in field.row.base_fields.items() if getattr(cell, "adds_up", False)]

    @property
    def blank(self) -> RowForm:
        """A row in which nothing stands."""
        field: Any = self.field
        return field.row(prefix=f"{self.html_name}-{PLACE}")  # type: ignore[no-any-return]

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> SafeString:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        """The table."""
        return render_to_string("components/rows.html", {"table": self, "place": PLACE})


class TableForm(VerbForm):
    """A verb's form with tables: what is wrong with a cell is among its errors under the cell's name."""

    def full_clean(self) -> None:
        """Check everything, then gather what is wrong in the tables."""
        super().full_clean()
        if not self.is_bound:
            return
        for row in (row for field in self.fields.values() if isinstance(field, Rows) for row in field.forms):
            for cell, messages in row.errors.items():
                self.errors[str(row.prefix) if cell == "__all__" else row.add_prefix(cell)] = messages

    def fault(self, table: str, number: int, cell: str | None, message: Any) -> None:
        """Say what is wrong with a cell of a table, or with a row."""
        field: Any = self.fields[table]
        field.forms[number].add_error(cell, message)
