"""Lists as declarations: columns with a function a cell, a white list of orders, and a body made in one pass.

A process declares its table so; names stand for the columns that every record has, which the desk supplies
(`number title customer state handler specialist due created updated`):

    class TicketTable(Table):
        columns = ("number", "title", Column("severity", _("Severity"), _severity, related=("severity",)), "state")
        more = ("created",)
        order = "-number"

`columns` are shown unless a reader chooses otherwise, `more` can be chosen besides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.markup import NOTHING, escaped, icon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.utils.functional import Promise

    Cell = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """One column. `cell` gives text, which is escaped, or a SafeString, which is not; None and "" show as a dash.

    `sort` names the database's fields to order by, in their ascending sense; without it the column cannot be sorted.
    `css` are classes of its cells: `num` (figures, to the right), `grow` (takes the width that is left), `wide` (shown
    on wide screens only). `plain` gives the value without markup, for files and other programs; it is needed only
    where `cell` gives markup. `related` are the related rows that the cell looks at: they are followed only where the
    column is shown. `beside` read what hangs on rows (their own list of them is given), and note it on each for the
    cell to look at. `icon` stands in the head for the label, which is said to the ear and on a card all the same.
    """

    code: str
    label: str | Promise
    cell: Cell
    sort: tuple[str, ...] = ()
    css: str = ""
    plain: Cell | None = None
    related: tuple[str, ...] = ()
    beside: tuple[Callable[[Sequence[Any]], None], ...] = ()
    icon: str = ""

    def value(self, row: Any) -> Any:
        """What the column says of a row, as text, number, date or object with a name; never markup."""
        return (self.plain or self.cell)(row)


ALWAYS = "number"
"""The column that no reader can do without: it leads to the record."""


class Table:
    """The base of every list. `order` is a column's code, or `-code`. `teaches` is said while the list has no row.

    `without` are fields at which no column looks, and which are worth not being read: texts of any length.
    """

    columns: ClassVar[Sequence[str | Column]] = ()
    more: ClassVar[Sequence[str | Column]] = ()
    order: ClassVar[str] = "-number"
    without: ClassVar[Sequence[str]] = ()
    teaches: ClassVar[str | Promise] = ""

    def __init__(
        self, standard: Mapping[str, Column] | None = None, asked: str = "", chosen: Sequence[str] = ()
    ) -> None:
        """`standard` resolves columns that are only named; `asked` is the order a reader wants, ignored if unknown.

        `chosen` are the codes of the columns to show, in order; without any that is known, those of the declaration.
        """
        known = standard or {}
        self.usual = [known[column] if isinstance(column, str) else column for column in self.columns]
        others = [known[column] if isinstance(column, str) else column for column in self.more]
        self.offered = {column.code: column for column in (*self.usual, *others)}
        self.shown = self._chosen(chosen) or self.usual
        self.related = tuple(sorted({name for column in self.shown for name in column.related}))
        self.beside = tuple(read for column in self.shown for read in column.beside)
        self.asked = asked if self._fields(asked) else self.order

    def _chosen(self, codes: Sequence[str]) -> list[Column]:
        """The columns of the codes. They are shown on every screen: somebody wants to see them."""
        found = [self.offered[code] for code in dict.fromkeys(codes) if code in self.offered]
        if found and ALWAYS in self.offered and self.offered[ALWAYS] not in found:
            found.insert(0, self.offered[ALWAYS])
        return [replace(column, css=column.css.replace("wide", "").strip()) for column in found]

    def _fields(self, asked: str) -> list[str]:
        code, down = asked.removeprefix("-"), asked.startswith("-")
        column = self.offered.get(code)
        if column is None:
            return []
        return [_turned(name) if down else name for name in column.sort]

    def ordering(self) -> list[str]:
        """The fields to order by; the key comes last, so that equal rows keep their places from page to page."""
        return [*self._fields(self.asked), "-pk"]

    def head(self, link: Callable[[str], str], first: str = "") -> SafeString:
        """The heading row; `link` gives the address of this list in another order, `first` stands at its beginning."""
        return mark_safe(first + "".join(self._heading(column, link) for column in self.shown))  # noqa: S308

    def _heading(self, column: Column, link: Callable[[str], str]) -> str:
        label = escaped(column.label)
        if column.icon:
            inside = f'{icon(column.icon)}<span class="unseen">{label}</span>'
            return f'<th scope="col" class="{column.css}" title="{label}">{inside}</th>'
        if not column.sort:
            return f'<th scope="col" class="{column.css}">{label}</th>'
        up, down = self.asked == column.code, self.asked == f"-{column.code}"
        other = f"-{column.code}" if up else column.code
        state = "ascending" if up else "descending" if down else "none"
        mark = icon("chevron-up") if up else icon("chevron-down") if down else ""
        words = _("Sort")
        return (
            f'<th scope="col" class="{column.css}" aria-sort="{state}">'
            f'<a href="{escaped(link(other))}" title="{escaped(words)}">{label}{mark}</a></th>'
        )

    def body(
        self,
        rows: Iterable[Any],
        *,
        css: Callable[[Any], str] | None = None,
        first: Callable[[Any], str] | None = None,
    ) -> SafeString:
        """The rows. `css` gives a row's class, `first` a cell (markup, escaped already) before all columns.

        On a phone each row becomes a card whose lines carry the labels.
        """
        plan = [
            (column.cell, f'<td class="{column.css}" data-label="{escaped(column.label)}">') for column in self.shown
        ]
        lines: list[str] = []
        for row in rows:
            lines.append(f'<tr class="{css(row)}">' if css else "<tr>")
            if first is not None:
                lines.append(first(row))
            for cell, opening in plan:
                value = cell(row)
                lines.append(f"{opening}{NOTHING if value in (None, '') else escaped(value)}</td>")
            lines.append("</tr>")
        return mark_safe("".join(lines))  # noqa: S308 - every value has been escaped above


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"
