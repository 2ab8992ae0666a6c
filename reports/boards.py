"""A dashboard as one object: figures, what lies under each dimension, the months, and who waits for whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import get_language

from reports import counting, periods
from reports.counting import WHOLE, Cell, Numbers
from reports.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from people.models import User
    from reports.declared import Board, Dimension, Label, Measure, Reports, Table
    from reports.periods import Days, Period
    from workflow.registry import Process

MOST = 20
"""So many of the largest are shown where there are too many for all."""
MONTHS = 12
NOW, BEFORE = 0, 1


@dataclass(frozen=True)
class Number:
    """How many records, how many there were in the period before, and the query of the list that shows them."""

    value: int
    query: str
    before: int | None = None

    @property
    def change(self) -> int:
        """By how much it has grown."""
        return self.value - (self.before or 0)


@dataclass(frozen=True)
class Line:
    """One line of a table: its words and its numbers; `share` in percent, where there is something to share."""

    label: Label
    numbers: tuple[Number, ...]
    share: int | None = None
    share_before: int | None = None


@dataclass(frozen=True)
class Grid:
    """A table of numbers: measures across, shares of a dimension down. `cut` says that there are more lines."""

    code: str
    label: Label
    measures: tuple[Measure, ...]
    lines: list[Line]
    cut: bool = False


@dataclass
class Dashboard:
    """All that a dashboard shows."""

    whole: Line
    grids: list[Grid]
    months: Grid
    waits: Grid
    tables: list[Grid]
    counted_at: datetime


@dataclass(frozen=True)
class _Counts:
    """What the database gave for a dashboard."""

    numbers: Numbers
    waits: Numbers
    months: Numbers
    tables: Mapping[str, Numbers]
    words: Mapping[tuple[str, str], tuple[str, int]]


RECENT: Recent[_Counts] = Recent()


def draw(
    process: Process, user: User, board: Board, period: Period, by: Sequence[str], *, fresh: bool = False
) -> Dashboard:
    """All that a dashboard shows, of the records that the person may see, as counted now or within the last minute."""
    reports: Reports = process.reports
    chosen = [dimension for dimension in reports.dimensions if dimension.code in by]
    # Whose rights have changed meanwhile does not see what was counted under the old ones.
    rights = (user.pk, user.department_id, user.role_codes, user.sees_all)
    key = (process.kind, *rights, board.code, period, tuple(each.code for each in chosen), get_language())
    counted = RECENT.get(key, lambda: _count(process, user, board, period, chosen), fresh=fresh)
    found, spans = counted.value, (period.days, period.before)
    drawing = _Drawing(reports, board.scope.asks(user), found.words)
    return Dashboard(
        drawing.line("", reports.measures, found.numbers, spans, (WHOLE, None)),
        [drawing.grid(dimension, reports.measures, found.numbers, spans) for dimension in chosen],
        drawing.trend(period.days, found.months),
        drawing.grid(reports.waiting, reports.waits, found.waits, spans),
        [drawing.table(table, found.tables[table.code], spans) for table in reports.tables],
        counted.at,
    )


def _count(process: Process, user: User, board: Board, period: Period, chosen: Sequence[Dimension]) -> _Counts:
    reports: Reports = process.reports
    manager: Any = process.model._default_manager
    rows = manager.for_actor(user).filter(board.scope.where(user))
    spans = (period.days, period.before)
    groups = [(dimension.code, dimension.expression) for dimension in chosen]
    numbers = counting.count(rows, reports.measures, groups, spans)
    waits = counting.count(rows, reports.waits, [(reports.waiting.code, reports.waiting.expression)], spans)
    trend = [reports.measure(code) for code in reports.trend]
    months = counting.count(rows, trend, (), periods.months(period.days.last, MONTHS))
    tables = {table.code: _in_table(rows, table, spans) for table in reports.tables}
    asked = {each.code: each for each in (*chosen, reports.waiting, *(table.dimension for table in reports.tables))}
    cells = [*numbers, *waits, *(cell for each in tables.values() for cell in each)]
    return _Counts(numbers, waits, months, tables, counting.names(list(asked.values()), cells))


def _in_table(rows: QuerySet[Any], table: Table, spans: Sequence[Days]) -> Numbers:
    return counting.count(rows, table.measures, [(table.dimension.code, table.dimension.expression)], spans)


@dataclass
class _Drawing:
    """What stays the same over a dashboard: how a list is asked for the records, and the words."""

    reports: Reports
    asked: dict[str, str]
    words: Mapping[tuple[str, str], tuple[str, int]]

    def query(self, measure: Measure, days: Days, more: Mapping[str, str]) -> str:
        """What the list is asked for to show just the records that a number counts."""
        said = {"show": measure.preset, **self.asked, **measure.also, **more}
        if measure.days:
            said |= {f"{measure.days}_from": str(days.first), f"{measure.days}_to": str(days.last)}
        return urlencode(said)

    def line(  # noqa: PLR0913, PLR0917 - a line is where all of it meets
        self,
        label: Label,
        measures: Sequence[Measure],
        numbers: Numbers,
        spans: Sequence[Days],
        place: tuple[str, str | None],
        more: Mapping[str, str] | None = None,
        now: int = NOW,
    ) -> Line:
        """One line: a number for each measure, and the share. `place` is the group and its key."""
        found = {}
        for measure in measures:
            value = numbers.get(Cell(measure.code, *place, now)) or 0
            before = None
            if measure.source.moment and len(spans) > 1:
                before = numbers.get(Cell(measure.code, *place, BEFORE)) or 0
            found[measure.code] = Number(value, self.query(measure, spans[0], more or {}), before)
        part, rest = (found.get(code) for code in self.reports.share)
        if part is None or rest is None:
            return Line(label, tuple(found.values()))
        share = _percent(part.value, rest.value)
        return Line(label, tuple(found.values()), share, _percent(part.before or 0, rest.before or 0))

    def grid(self, dimension: Dimension, measures: Sequence[Measure], numbers: Numbers, spans: Sequence[Days]) -> Grid:
        """The shares of a dimension: a vocabulary in its own order, people and customers with the most first."""
        keys = {cell.key for cell, number in numbers.items() if cell.group == dimension.code and number}
        lines = []
        for key in keys:
            word, position = self.words.get((dimension.code, key or ""), (dimension.none if key is None else key, 0))
            line = self.line(word, measures, numbers, spans, (dimension.code, key), dimension.asked(key))
            size = sum(number.value for number in line.numbers)
            lines.append(((key is None, -size if dimension.many else position, str(word)), line))
        lines.sort(key=lambda pair: pair[0])
        most = MOST if dimension.many else len(lines)
        shown = [line for _place, line in lines[:most]]
        return Grid(dimension.code, dimension.label, tuple(measures), shown, cut=len(lines) > most)

    def table(self, table: Table, numbers: Numbers, spans: Sequence[Days]) -> Grid:
        """A table of its own, under its own name."""
        return replace(self.grid(table.dimension, table.measures, numbers, spans), code=table.code, label=table.label)

    def trend(self, days: Days, numbers: Numbers) -> Grid:
        """What happened in each of the last months, up to the one in which the period ends."""
        measures = [self.reports.measure(code) for code in self.reports.trend]
        lines = [
            self.line(f"{month.first:%Y-%m}", measures, numbers, [month], (WHOLE, None), now=place)
            for place, month in enumerate(periods.months(days.last, MONTHS))
        ]
        return Grid("months", "", tuple(measures), lines)


def _percent(part: int, rest: int) -> int | None:
    """The first as a share of both; a share of 100 is said only where nothing is missing."""
    if not part + rest:
        return None
    return 100 if not rest else min(99, round(100 * part / (part + rest)))
