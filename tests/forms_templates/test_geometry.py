"""Where things stand on the paper: nothing leaves its cell, rows are whole, seals have room."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from forms_templates import catalogue, computed, samples
from forms_templates.printing import Job, State, engine, laid_out, originals
from forms_templates.printing.geometry import PX_IN_MM, faults
from forms_templates.printing.pieces import Pieces
from forms_templates.printing.signing import SEAL_MM
from tests.forms_templates.paper import HOUSE, form_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weasyprint.document import Document

    from forms_templates.language import Form

CODES = [form.code for form in catalogue.forms()]
_FEW_ROWS = 4


def _document(form: Form, values: dict[str, Any], state: State = State.COMPLETE) -> Document:
    given = computed.completed(form, values)
    job = Job(form=form, letterhead=HOUSE, values=given, state=state, number=f"{form.code}-2026-0012")
    return laid_out(originals(job, copy=1)[0])


def _boxes(box: Any, tag: str) -> Iterator[Any]:
    if box.element_tag == tag:
        yield box
    for child in getattr(box, "children", ()):
        yield from _boxes(child, tag)


def _rows(document: Document) -> list[tuple[int, Any]]:
    return [(number, row) for number, page in enumerate(document.pages) for row in _boxes(page._page_box, "tr")]


def _css(box: Any) -> str:
    return box.element.get("class") or ""


@pytest.mark.parametrize("code", CODES)
def test_nothing_on_a_blank_or_an_ordinary_document_leaves_its_place(code: str) -> None:
    form = catalogue.form(code)
    assert faults(_document(form, {}, State.BLANK)) == []
    assert faults(_document(form, samples.values(code))) == []


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_not_even_the_longest_answers_leave_their_place(code: str) -> None:
    values = samples.values(code, "extreme")
    shortened = {key: v[:_FEW_ROWS] if isinstance(v, list) else v for key, v in values.items()}
    assert faults(_document(catalogue.form(code), shortened)) == []


@pytest.mark.parametrize("word", ["长" * 300, "W" * 300, "https://bb.example/?" + "a=1&" * 75])
def test_a_name_of_300_characters_wraps_in_the_narrowest_cells(word: str) -> None:
    columns = [{"key": f"c{n}", "zh": "列", "en": "C", "width": 10} for n in range(10)]
    form = form_of({"key": "k"}, {"key": "l"}, {"key": "t", "kind": "table", "columns": columns}, under_title=["k"])
    assert faults(_document(form, {"k": word, "l": word, "t": [{"c0": word, "c9": word}]})) == []


def test_what_leaves_its_cell_is_found() -> None:
    page = "<table><tr><td>超出了自己的格子的一行文字</td><td></td></tr></table>"
    document = engine.lay_out(page, Pieces({}, "table { width: 40mm } td { white-space: nowrap }"))
    assert ["超出了自己的格子" in fault for fault in faults(document)] == [True]


def test_a_row_is_on_one_page_unless_it_is_longer_than_a_page() -> None:
    items = [{"key": f"k{n}", "kind": "long"} for n in range(30)]
    values = {f"k{n}": "内容" * (20 * n) for n in range(20)}
    pages: dict[Any, set[int]] = defaultdict(set)
    for number, row in _rows(_document(form_of(*items), values)):
        pages[row.element].add(number)
    assert len(pages) > 30
    assert [row for row, on in pages.items() if len(on) > 1] == []


@pytest.mark.parametrize("before", [0, 20])
def test_an_answer_longer_than_a_page_begins_at_once_and_goes_on(before: int) -> None:
    items = [{"key": f"k{n}", "zh": "项", "en": "Item", "wide": True} for n in range(before)]
    document = _document(form_of(*items, {"key": "k", "kind": "long"}), {"k": "长" * 5000})
    assert faults(document) == []
    on = [number for number, row in _rows(document) if "flows" in _css(row)]
    assert on == list(range(len(document.pages)))


@pytest.mark.parametrize("code", [c for c in CODES if any(i.kind == "seal" for i in catalogue.form(c).items())])
@pytest.mark.parametrize("state", [State.BLANK, State.COMPLETE])
def test_a_seal_has_room_without_a_rule_in_it(code: str, state: State) -> None:
    form = catalogue.form(code)
    document = _document(form, samples.values(code), state)
    sealed = [
        cell
        for _page, row in _rows(document)
        if "signing" in _css(row)
        for cell in _boxes(row, "td")
        if any("sealroom" in _css(p) for p in _boxes(cell, "p"))
    ]
    assert len(sealed) == sum(item.kind == "seal" for item in form.items())
    for cell in sealed:
        assert cell.border_width() / PX_IN_MM >= SEAL_MM[0]
        assert cell.border_height() / PX_IN_MM >= SEAL_MM[1]
        assert not any(_boxes(cell, "table"))


@pytest.mark.parametrize("before", range(18, 32))
def test_signatures_are_never_alone_on_a_page(before: int) -> None:
    signing = ({"key": f"s{p}", "kind": "seal", "party": p} for p in ("customer", "company"))
    document = _document(form_of(*({"key": f"k{n}", "wide": True} for n in range(before)), *signing), {})
    rows = _rows(document)
    place = next(number for number, row in rows if "signing" in _css(row))
    with_them = [
        row for number, row in rows if number == place and "signing" not in _css(row) and "bar" not in _css(row)
    ]
    assert len(with_them) >= 2


@pytest.mark.parametrize("before", range(22, 34))
def test_a_bar_is_never_the_last_on_a_page(before: int) -> None:
    items = [{"key": f"k{n}", "zh": "项", "en": "Item", "wide": True} for n in range(before)]
    more = {"key": "two", "zh": "二", "en": "Two", "items": [{"key": "z", "zh": "末", "en": "Last"}]}
    data = {**form_of(*items).data}
    form = type(form_of({"key": "k"})).of({**data, "sections": [*data["sections"], more]})
    last = dict(_rows(_document(form, {})))
    assert not any("bar" in _css(row) for row in last.values())


def test_column_heads_come_again_on_every_page() -> None:
    table = {"key": "t", "kind": "table", "columns": [{"key": "c", "zh": "列头", "en": "C"}]}
    document = _document(form_of(table), {"t": [{"c": str(n)} for n in range(120)]})
    heads = [sum(1 for _head in _boxes(page._page_box, "thead")) for page in document.pages]
    assert len(heads) > 2
    assert set(heads) == {1}


@pytest.mark.parametrize("code", ["Serv101", "Serv103", "Serv302"])
def test_what_the_handbook_calls_one_page_is_one_page(code: str) -> None:
    assert len(_document(catalogue.form(code), samples.values(code)).pages) == 1
    assert len(_document(catalogue.form(code), {}, State.BLANK).pages) == 1


def test_the_paper_is_a4_with_a_margin_to_bind() -> None:
    page = _document(catalogue.form("Serv103"), {}).pages[0]._page_box
    measured = [round(px / PX_IN_MM) for px in (page.margin_width(), page.margin_height())]
    assert measured == [210, 297]
    margins = [page.margin_top, page.margin_right, page.margin_bottom, page.margin_left]
    assert [round(px / PX_IN_MM) for px in margins] == [20, 18, 18, 22]


def test_a_wide_statement_lies() -> None:
    page = _document(catalogue.form("Statement"), {}).pages[0]._page_box
    assert page.margin_width() > page.margin_height()
