"""What is in the files: the list's rows and columns, real numbers and dates, and nothing that runs."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.utils import translation

from core import clock
from exports import places, values, writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exports.models import Export
    from tests.cast import Cast
    from tickets.models import Ticket

    Ask = Callable[..., Export]
    New = Callable[..., Ticket]

pytestmark = pytest.mark.django_db
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "−1",
    "=cmd|' /C calc'!A0",
]


def rows_of_csv(export: Export) -> list[list[str]]:
    content = places.file(export).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells_of(path: Path) -> list[list[Any]]:
    (sheet, *others) = openpyxl.load_workbook(path)
    assert others == []
    return [list(row) for row in sheet.iter_rows()]


@pytest.mark.kernel
def test_a_csv_has_the_rows_of_the_list_in_its_order_with_its_columns(cast: Cast, new_ticket: New, made: Ask) -> None:
    first, second, third = (new_ticket(title=title) for title in ("登录不了", "试卷打不开", "登录很慢"))
    with translation.override("zh-hans"):
        export = made(cast.specialist, "show=open&q=登录&sort=number")
    heads, *rows = rows_of_csv(export)
    assert heads[:4] == ["编号", "标题", "客户", "严重程度"]
    assert [row[:2] for row in rows] == [[first.number, "登录不了"], [third.number, "登录很慢"]]
    assert second.number not in str(rows)
    assert (export.stage, export.total, export.done, export.written) == ("done", 2, 2, 2)


def test_a_sheet_has_real_dates_on_the_departments_clock(cast: Cast, new_ticket: New, made: Ask) -> None:
    ticket = new_ticket(title="登录不了")
    export = made(cast.specialist, "show=all", "xlsx", columns=["number", "created", "due", "specialist"])
    _heads, (number, created, due, specialist) = cells_of(places.file(export))
    assert (number.value, number.data_type) == (ticket.number, "s")
    assert created.is_date
    assert created.value == clock.local(ticket.created_at).replace(tzinfo=None, microsecond=0)
    assert due.value is None or due.is_date
    assert specialist.value == str(cast.specialist)


@pytest.mark.parametrize("said", FORMULAS)
def test_what_looks_like_a_formula_is_text_in_both_kinds_of_file(said: str, tmp_path: Path) -> None:
    writing.write_xlsx(tmp_path / "a.xlsx", "x", ["A"], [[values.value_of(said)]])
    ((_head,), (cell,)) = cells_of(tmp_path / "a.xlsx")
    assert cell.data_type == "s"
    writing.write_csv(tmp_path / "a.csv", ["A"], [[values.value_of(said)]])
    ((_head,), (text,)) = csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8-sig"), newline=""))
    assert text.startswith("'")


def test_a_title_like_a_formula_is_guarded_on_its_way_through_everything(
    cast: Cast, new_ticket: New, made: Ask
) -> None:
    new_ticket(title="=HYPERLINK(0)")
    assert rows_of_csv(made(cast.specialist))[1][1] == "'=HYPERLINK(0)"
    cell = cells_of(places.file(made(cast.specialist, "show=all", "xlsx")))[1][1]
    assert (cell.value, cell.data_type, cell.hyperlink) == ("=HYPERLINK(0)", "s", None)


def test_numbers_stay_numbers_and_text_stays_text() -> None:
    for given, kept in [(5, 5), (-5, -5), (Decimal("1.5"), 1.5), (2**60, str(2**60)), (float("nan"), "nan")]:
        assert values.value_of(given) == kept
    for said in ("-5", "a", "13800000000"):
        assert isinstance(values.value_of(said), str)
    assert values.plain(-5) == -5
    assert values.value_of("") is None
    assert values.value_of(date(2026, 3, 2)) == date(2026, 3, 2)


def test_what_no_sheet_can_hold_is_left_out(tmp_path: Path) -> None:
    assert values.value_of("a\x00b\x0bc\x1fd\ud800e\uffffe") == "abcdee"
    long = values.value_of("字" * 40_000)
    assert isinstance(long, str)
    writing.write_xlsx(tmp_path / "a.xlsx", "[a/b]:*?" * 9, ["A"], [[long], ["https://x.example"], ["_x0041_"]])
    _head, (cell,), (link,), (_escaped,) = cells_of(tmp_path / "a.xlsx")
    assert len(cell.value) == values.LONGEST
    assert link.hyperlink is None


def test_a_row_comes_back_from_the_half_made_file_as_it_was() -> None:
    row = [None, "a\nb", 5, 1.5, date(2026, 3, 2), datetime(2026, 3, 2, 10, 0, 5)]  # noqa: DTZ001 - a cell's moment
    assert values.unpacked(values.packed(row)) == row
    assert values.packed(row).count(b"\n") == 1


def test_more_rows_than_a_sheet_holds_go_on_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    writing.write_xlsx(tmp_path / "a.xlsx", "工单", ["编号"], [[n] for n in range(7)])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    found = [[cell.value for (cell,) in sheet.iter_rows()] for sheet in book]
    assert found == [["编号", 0, 1, 2], ["编号", 3, 4, 5], ["编号", 6]]
    assert book.sheetnames == ["工单", "工单 2", "工单 3"]


def test_a_list_without_rows_is_a_file_with_a_heading(cast: Cast, made: Ask) -> None:
    assert len(rows_of_csv(made(cast.specialist))) == 1
    assert len(cells_of(places.file(made(cast.specialist, "show=all", "xlsx")))) == 1


def test_the_file_speaks_the_language_of_whoever_asked(cast: Cast, new_ticket: New, made: Ask) -> None:
    new_ticket()
    with translation.override("en"):
        assert rows_of_csv(made(cast.specialist))[0][0] == "Number"


def test_every_processs_list_can_be_had(cast: Cast, new_ticket: New, made: Ask) -> None:
    from workflow import registry

    for process in registry.all_processes():
        for kind_of_file in ("csv", "xlsx"):
            assert made(cast.director, "show=all", kind_of_file, kind=process.kind).stage == "done"


def test_making_it_asks_no_query_for_a_row(cast: Cast, new_ticket: New, ask: Ask) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from exports import making

    def cost() -> int:
        ask(cast.specialist, "show=all", "csv", columns=["number", "specialist", "handler", "customer"])
        with CaptureQueriesContext(connection) as asked:
            making.run()
        return len(asked)

    new_ticket()
    few = cost()
    for _n in range(5):
        new_ticket()
    assert cost() == few
