"""Dashboards: charts with the table that they are drawn from, and every number with the list behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from desk import addresses, chooser, figures
from desk.visitors import visitor
from reports import boards
from workflow import registry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from reports.boards import Grid, Line
    from reports.declared import Label, Reports, Table
    from workflow.registry import Process


_TALL = 8
"""So many lines fit into a chart of the usual height."""
_LOAD = _("Load")
_MONTH, _PARTY = _("Month"), _("Waits for")


@dataclass(frozen=True)
class Block:
    """A table of numbers with the charts that are drawn from it: for each its form and the columns it shows."""

    code: str
    label: Label
    head: SafeString
    body: SafeString
    charts: tuple[tuple[str, str, Label], ...]
    tall: bool
    empty: bool
    cut: bool


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """The dashboard of one's role, or another that is one's own. Raises Http404 where no process has any."""
    user, process = visitor(request), _process(request.GET.get("kind", ""))
    reports: Reports = process.reports
    offered = [board for board in reports.boards if board.is_for(user)]
    board = next((each for each in offered if each.code == request.GET.get("board")), offered[0])
    choice = chooser.choose(request.GET)
    known = [dimension.code for dimension in reports.dimensions]
    by = [code for code in request.GET.getlist("by") if code in known] or list(board.by)
    drawn = boards.draw(process, user, board, choice.period, by, fresh=bool(request.GET.get("fresh")))
    base = addresses.of_kind(process.kind)
    grids = {grid.code: grid for grid in drawn.grids}
    page = {
        "process": process,
        "board": board,
        "boards": [(each, choice.within(board=each.code, by="")) for each in offered],
        "choice": choice,
        "counted_at": drawn.counted_at,
        "anew": choice.within(fresh="1"),
        "dimensions": [(dimension, dimension.code in by) for dimension in reports.dimensions],
        "figures": _figures(reports, drawn.whole, base),
        "share": (drawn.whole.share, drawn.whole.share_before),
        "months": _months(reports, drawn.months, base),
        "blocks": [_block(reports, grids[code], base) for code in dict.fromkeys(by)],
        "waits": _waits(reports, drawn.waits, base),
        "tables": [_table(table, grid, base) for table, grid in zip(reports.tables, drawn.tables, strict=True)],
        "share_label": reports.words.share,
        "processes": [each for each in registry.all_processes() if each.reports is not None],
    }
    return render(request, "desk/dashboard.html", page)


def _process(kind: str) -> Process:
    counted = [process for process in registry.all_processes() if process.reports is not None]
    found = next((process for process in counted if not kind or process.kind == kind), None)
    if found is None:
        raise Http404
    return found


def _figures(reports: Reports, whole: Line, base: str) -> list[dict[str, Any]]:
    return [
        {"label": measure.label, "number": number, "url": f"{base}?{number.query}"}
        for measure, number in zip(reports.measures, whole.numbers, strict=True)
    ]


def _block(reports: Reports, grid: Grid, base: str) -> Block:
    share = set(reports.share)
    load = ",".join(measure.code for measure in reports.measures if measure.code not in share)
    charts = (("bars", load, _LOAD), ("stack", ",".join(reports.share), reports.words.outcome))
    return _made(grid, str(grid.label), base, charts, str(reports.words.rate))


def _months(reports: Reports, grid: Grid, base: str) -> Block:
    share = set(reports.share)
    flow = ",".join(code for code in reports.trend if code not in share)
    charts = (("months", flow, reports.words.flow), ("months-stack", ",".join(reports.share), reports.words.outcome))
    return _made(grid, str(_MONTH), base, charts, str(reports.words.rate))


def _waits(reports: Reports, grid: Grid, base: str) -> Block:
    charts = (("stack", ",".join(measure.code for measure in reports.waits), reports.words.waits),)
    return _made(grid, str(_PARTY), base, charts)


def _table(table: Table, grid: Grid, base: str) -> Block:
    charts = (("stack", ",".join(measure.code for measure in table.measures), table.label),)
    return _made(grid, str(table.dimension.label), base, charts)


def _made(grid: Grid, first: str, base: str, charts: tuple[tuple[str, str, Label], ...], rate: str = "") -> Block:
    return Block(
        grid.code,
        grid.label,
        figures.head(grid.measures, first, rate),
        figures.body(grid, base, share=bool(rate)),
        charts,
        tall=len(grid.lines) > _TALL,
        empty=not grid.lines,
        cut=grid.cut,
    )
