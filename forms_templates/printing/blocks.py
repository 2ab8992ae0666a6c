"""What a page is built of: blocks of rows. They stand under one another and look like one table with one border."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GRID = (18, 32, 18, 32)
"""Label and value, twice, in per cent of the width."""


@dataclass(slots=True)
class Row:
    """A row that is not split. `keep` holds the next one on its page, `last` wants two rows before it on its page."""

    cells: SafeString
    css: str = ""
    keep: bool = False
    last: bool = False


@dataclass(slots=True)
class Block:
    """Rows of the same columns. `head` is repeated on every page that they reach."""

    css: str
    widths: tuple[float, ...]
    rows: list[Row] = field(default_factory=list)
    head: SafeString | None = None

    @property
    def markup(self) -> SafeString:
        """The block as a table."""
        columns = format_html_join("", '<col style="width:{}%"/>', ((width,) for width in self.widths))
        head = format_html("<thead><tr>{}</tr></thead>", self.head) if self.head else mark_safe("")
        rows = format_html_join(
            "", '<tr class="{}">{}</tr>', ((f"{row.css} keep" if row.keep else row.css, row.cells) for row in self.rows)
        )
        return format_html(
            '<table class="{}"><colgroup>{}</colgroup>{}<tbody>{}</tbody></table>', self.css, columns, head, rows
        )


def grid(rows: Iterable[Row]) -> Block:
    """Rows on the four columns of the form."""
    return Block("grid", GRID, list(rows))


def joined(blocks: Iterable[Block]) -> list[Block]:
    """Neighbours on the same grid in one block, signatures held to what is signed, nothing left empty."""
    found: list[Block] = []
    for block in blocks:
        if found and block.css == found[-1].css == "grid":
            found[-1].rows.extend(block.rows)
        elif block.rows:
            found.append(block)
    _keep_signatures_with_two_rows([row for block in found for row in block.rows])
    return found


def _keep_signatures_with_two_rows(rows: list[Row]) -> None:
    for place, row in enumerate(rows):
        if row.last:
            for before in rows[max(0, place - 2) : place]:
                before.keep = True


def markup(blocks: Iterable[Block]) -> SafeString:
    """All of them."""
    return mark_safe("".join(_markups(blocks)))  # noqa: S308 - each is safe


def _markups(blocks: Iterable[Block]) -> Iterator[SafeString]:
    for block in blocks:
        yield block.markup
