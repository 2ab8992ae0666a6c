"""The file itself, written in one go from what has been gathered, with the memory of a few rows."""

from __future__ import annotations

import csv
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from exports.values import LONGEST, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from exports.values import Value

    Lines = Iterable[Sequence[Value]]

MOST_ROWS = 1_048_575
"""Rows of a sheet below its heading."""
_NAME = 28
"""Characters of a sheet's name, with room for its number."""
_WIDTH = 18
_WIDEST = 50


def write_csv(path: Path, heads: Sequence[Value], lines: Lines) -> None:
    """UTF-8 with a mark at its beginning, by which Excel knows it in China too."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([plain(head) for head in heads])
        writer.writerows([plain(value) for value in line] for line in lines)


def write_xlsx(path: Path, name: str, heads: Sequence[Value], lines: Lines) -> None:
    """One sheet after another, each with the heading; text is text whatever it looks like."""
    import xlsxwriter  # is slow to load, and only who writes a book needs it
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    try:
        _fill(_Book(book, name, heads), lines)
    except BaseException:
        book.fileclosed = True  # half a book is nothing to be put together when this object is thrown away
        raise
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


class _Book:
    """A workbook with as many sheets as its rows need."""

    def __init__(self, book: Any, name: str, heads: Sequence[Value]) -> None:
        self.book, self.heads, self.count = book, heads, 0
        self.name = "".join(" " if letter in "[]:*?/\\'" else letter for letter in name)[:_NAME]
        self.bold = book.add_format({"bold": True})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})

    def sheet(self) -> Any:
        """The next sheet, with its heading."""
        self.count += 1
        made = self.book.add_worksheet(self.name if self.count == 1 else f"{self.name} {self.count}")
        made.freeze_panes(1, 0)
        for place, head in enumerate(self.heads):
            made.set_column(place, place, min(_WIDEST, max(_WIDTH, len(str(head)) * 2)))
            made.write_string(0, place, str(head), self.bold)
        return made

    def put(self, sheet: Any, line: int, place: int, value: Value) -> None:
        """One cell, by the kind of its value and never by its looks."""
        if isinstance(value, str):
            sheet.write_string(line, place, value[:LONGEST])
        elif isinstance(value, datetime):
            sheet.write_datetime(line, place, value, self.moment)
        elif isinstance(value, date):
            sheet.write_datetime(line, place, value, self.day)
        elif value is not None:
            sheet.write_number(line, place, value)


def _fill(book: _Book, lines: Lines) -> None:
    sheet, line = book.sheet(), 0
    for values in lines:
        if line == MOST_ROWS:
            sheet, line = book.sheet(), 0
        line += 1
        for place, value in enumerate(values):
            book.put(sheet, line, place, value)
