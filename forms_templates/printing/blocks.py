"""What a page is built of: rows in blocks of equal columns. They stand under one another and look like one table.

A page ends between rows that are not tied. Tied rows stand in a frame that is moved as a whole, and what is loose
before it ends where it ends: so the table's border closes under its last row on every page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HANDWRITTEN = "handwritten"
"""The look of a row into which somebody writes with a pen: it is high enough for that also on a dense form."""
GRID = (18, 32, 18, 32)
"""Label and value, twice, in per cent of the width."""
_BEFORE_SIGNATURES = 2
"""So many rows of what is signed stand on the page of the signatures."""


@dataclass(slots=True, eq=False)
class Row:
    """A row that is not split, but when it `flows`: then it is longer than a page may be.

    A `bar` is never the last on a page; `signed` rows have two others with them.
    """

    cells: SafeString
    css: str = ""
    bar: bool = False
    signed: bool = False
    flows: bool = False

    @property
    def markup(self) -> SafeString:
        """The row in a table."""
        return format_html('<tr class="{}{}">{}</tr>', self.css, " flows" if self.flows else "", self.cells)


@dataclass(slots=True, eq=False)
class Block:
    """Rows of the same columns. `heads` are repeated on every page that they reach."""

    css: str
    widths: tuple[float, ...]
    rows: list[Row] = field(default_factory=list)
    heads: list[Row] = field(default_factory=list)

    def _width(self, width: float) -> SafeString:
        """A column's width; those of the grid stand in the style sheet, where they are reckoned once."""
        if self.widths == GRID:
            return mark_safe(f' class="w{width}"')  # noqa: S308 - a number
        return mark_safe(f' style="width:{width}%"')  # noqa: S308 - a number

    def table(self, rows: Iterable[Row], *, headed: bool) -> SafeString:
        """Some of its rows."""
        columns = format_html_join("", "<col{}/>", ((self._width(width),) for width in self.widths))
        heads = format_html("<thead>{}</thead>", _all(self.heads)) if headed and self.heads else mark_safe("")
        return format_html(
            '<table class="{}"><colgroup>{}</colgroup>{}<tbody>{}</tbody></table>', self.css, columns, heads, _all(rows)
        )


def _all(rows: Iterable[Row]) -> SafeString:
    return mark_safe("".join(row.markup for row in rows))  # noqa: S308 - each is safe


def grid(rows: Iterable[Row]) -> Block:
    """Rows on the four columns of the form."""
    return Block("grid", GRID, list(rows))


def markup(blocks: Iterable[Block]) -> SafeString:
    """All blocks as one table to look at."""
    rows = [(block, row) for block in _headed(blocks) for row in block.rows]
    ties = _ties([row for _block, row in rows])
    begun: set[int] = set()
    parts: list[SafeString] = []
    for tied, part in groupby(_parts(rows, ties), key=lambda part: len(part) > 1):
        if tied:
            parts.extend(_frame(frame, begun) for frame in part)
        else:
            parts.append(_tables([each for frame in part for each in frame], begun))
    return mark_safe("".join(parts))  # noqa: S308 - each is safe


def _headed(blocks: Iterable[Block]) -> Iterator[Block]:
    """Bars that stand before a block with column heads become the first of these."""
    waiting: Block | None = None
    for block in blocks:
        if waiting is not None and block.heads:
            block.heads[0:0] = [_over(row, len(block.widths)) for row in waiting.rows]
        elif waiting is not None:
            yield waiting
        waiting = block if block.rows and block.rows[-1].bar else None
        if waiting is None:
            yield block
    if waiting is not None:
        yield waiting


def _over(bar: Row, columns: int) -> Row:
    return Row(mark_safe(bar.cells.replace('colspan="4"', f'colspan="{columns}"')), css=bar.css)  # noqa: S308 - a number


def _ties(rows: list[Row]) -> set[int]:
    """The places of rows that stay with the one after them."""
    found = {at for at, row in enumerate(rows) if row.bar}
    for at, row in enumerate(rows):
        plain = 0
        while row.signed and at > 0 and plain < _BEFORE_SIGNATURES:
            at -= 1  # noqa: PLW2901 - walking back from the signatures
            if plain and rows[at].flows:
                break
            found.add(at)
            plain += not rows[at].bar and not rows[at].signed
    return found


def _parts(rows: list[tuple[Block, Row]], ties: set[int]) -> Iterator[list[tuple[Block, Row]]]:
    part: list[tuple[Block, Row]] = []
    for at, each in enumerate(rows):
        part.append(each)
        if at not in ties:
            yield part
            part = []
    if part:
        yield part


def _frame(rows: list[tuple[Block, Row]], begun: set[int]) -> SafeString:
    """Tied rows, moved as a whole unless one of them is longer than a page."""
    css = "tied" if not any(row.flows for _block, row in rows) else ""
    return format_html('<div class="{}">{}</div>', css, _tables(rows, begun))


def _tables(rows: Iterable[tuple[Block, Row]], begun: set[int]) -> SafeString:
    """Neighbours of the same columns as one table; a block's heads are on its first."""
    made = []
    for _key, run in groupby(rows, key=lambda each: each[0].css if each[0].css == "grid" else id(each[0])):
        found = list(run)
        block = found[0][0]
        made.append(block.table((row for _block, row in found), headed=id(block) not in begun))
        begun.add(id(block))
    return mark_safe("".join(made))  # noqa: S308 - each is safe
