"""A dashboard as one object: figures, what lies under each dimension, the months, and who waits for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from reports import counting, periods
from reports.counting import MONTH, WHOLE, Cell, Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from people.models import User
    from reports.declared import Board, Dimension, Label, Measure, Reports
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
    asked: dict[str, str] = field(default_factory=dict)


def draw(process: Process, user: User, board: Board, period: Period, by: Sequence[str]) -> Dashboard:
    """Count everything that a dashboard shows, of the records that the person may see."""
    reports: Reports = process.reports
    rows: Any = process.model._default_manager
    drawing = _Drawing(reports, rows.for_actor(user).filter(board.scope.where(user)), board.scope.asks(user))
    chosen = [dimension for dimension in reports.dimensions if dimension.code in by]
    spans = (period.days, period.before)
    groups = [(dimension.code, dimension.expression) for dimension in chosen]
    numbers = counting.count(drawing.rows, reports.measures, groups, spans)
    waits = counting.count(drawing.rows, reports.waits, [(reports.waiting.code, reports.waiting.expression)], spans)
    words = counting.names([*chosen, reports.waiting], [*numbers, *waits])
    return Dashboard(
        drawing.line("", reports.measures, numbers, spans, WHOLE, None),
        [drawing.grid(dimension, reports.measures, numbers, spans, words) for dimension in chosen],
        drawing.trend(period.days),
        drawing.grid(reports.waiting, reports.waits, waits, spans, words),
        drawing.asked,
    )


@dataclass
class _Drawing:
    """What stays the same over a dashboard: whose records, and how a list is asked for them."""

    reports: Reports
    rows: QuerySet[Any]
    asked: dict[str, str]

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
        group: str,
        key: str | None,
        more: Mapping[str, str] | None = None,
    ) -> Line:
        """One line: a number for each measure, and the share."""
        found = {}
        for measure in measures:
            value = numbers.get(Cell(measure.code, group, key, NOW)) or 0
            before = None
            if measure.source.moment and len(spans) > 1:
                before = numbers.get(Cell(measure.code, group, key, BEFORE)) or 0
            found[measure.code] = Number(value, self.query(measure, spans[0], more or {}), before)
        part, rest = (found.get(code) for code in self.reports.share)
        if part is None or rest is None:
            return Line(label, tuple(found.values()))
        share = _percent(part.value, rest.value)
        return Line(label, tuple(found.values()), share, _percent(part.before or 0, rest.before or 0))

    def grid(
        self,
        dimension: Dimension,
        measures: Sequence[Measure],
        numbers: Numbers,
        spans: Sequence[Days],
        words: Mapping[tuple[str, str], tuple[str, int]],
    ) -> Grid:
        """The shares of a dimension: a vocabulary in its own order, people and customers with the most first."""
        keys = {cell.key for cell, number in numbers.items() if cell.group == dimension.code and number}
        lines = []
        for key in keys:
            word, position = words.get((dimension.code, key or ""), (dimension.none if key is None else key, 0))
            line = self.line(word, measures, numbers, spans, dimension.code, key, dimension.asked(key))
            size = sum(number.value for number in line.numbers)
            lines.append(((key is None, -size if dimension.many else position, str(word)), line))
        lines.sort(key=lambda pair: pair[0])
        most = MOST if dimension.many else len(lines)
        shown = [line for _place, line in lines[:most]]
        return Grid(dimension.code, dimension.label, tuple(measures), shown, cut=len(lines) > most)

    def trend(self, days: Days) -> Grid:
        """What happened in each of the last months, up to the one in which the period ends."""
        measures = [self.reports.measure(code) for code in self.reports.trend]
        spans = periods.months(days.last, MONTHS)
        whole = periods.Days(spans[0].first, spans[-1].last)
        found: Numbers = {}
        for measure in measures:
            if not any(cell.measure == measure.code for cell in found):
                alike = [each for each in measures if each.source == measure.source]
                found |= counting.count(self.rows, alike, [counting.by_month(measure.source)], [whole])
        lines = [self.line(f"{s.first:%Y-%m}", measures, found, [s], MONTH, f"{s.first:%Y%m}") for s in spans]
        return Grid(MONTH, "", tuple(measures), lines)


def _percent(part: int, rest: int) -> int | None:
    """The first as a share of both; a share of 100 is said only where nothing is missing."""
    if not part + rest:
        return None
    return 100 if not rest else min(99, round(100 * part / (part + rest)))
