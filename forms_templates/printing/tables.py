"""Items that are tables of their own within the form: lists of things, and questions with the same answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from forms_templates.printing import answers
from forms_templates.printing.answers import Asked
from forms_templates.printing.blocks import HANDWRITTEN, Block, Row
from forms_templates.printing.job import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forms_templates.language import Column, Item, Option
    from forms_templates.printing.job import Job

_NUMBER_WIDTH, _LEAST_WIDTH = 7.0, 7.0
_QUESTION_WIDTH, _NOTE_WIDTH = 40.0, 30.0
_FEW = 3
"""So many options are printed with their boxes in a table's cell, even when one of them is the answer."""
_TICKED = ("choice", "choices", "yes_no", "rate")
_CENTRED = ("int", "date", "yes_no", "choice")


def table(job: Job, item: Item) -> Block:
    """A list with its column heads, what is in it, and room for more where it is filled in by hand."""
    head = format_html_join("", '<th scope="col">{}</th>', ((column.zh,) for column in item.columns))
    if item.numbered:
        head = mark_safe('<th scope="col">序号</th>') + head
    widths = _widths(item)
    rows = [
        Row(_cells(item, row, number), css=_room(job, item, row)) for number, row in enumerate(rows_of(job, item), 1)
    ]
    found = rows or [Row(format_html('<td colspan="{}">{}</td>', len(widths), answers.STRUCK))]
    return Block("data", widths, found, [*_name(job, item, len(widths)), Row(head)])


def _name(job: Job, item: Item, columns: int) -> list[Row]:
    """The list's own name over its column heads, unless its section's bar or its first column says the same."""
    if item.zh in {item.columns[0].zh, *(section.zh for section in job.sections if not section.bare)}:
        return []
    return [Row(format_html('<th colspan="{}" scope="colgroup">{}</th>', columns, item.zh), css="named")]


def rows_of(job: Job, item: Item) -> list[dict[str, Any]]:
    """What is in a table: the answers over what was there from the beginning, and open rows below. None: struck out."""
    beginning, answered = job.beginning(item), job.value(item.key)
    if answered is None:
        rows = beginning
    else:
        rows = [{**(beginning[at] if at < len(beginning) else {}), **row} for at, row in enumerate(answered)]
    if job.state != State.COMPLETE or (not rows and item.is_customers):
        return [*rows, *({} for _row in range(item.spare or not rows))]
    return rows


def _room(job: Job, item: Item, row: Mapping[str, Any]) -> str:
    """The room that a row gets: that of handwriting, when one of its columns is to be written into."""
    written = (row.get(column.key) for column in item.columns if column.kind not in _TICKED)
    return HANDWRITTEN if job.state != State.COMPLETE and any(value in (None, "") for value in written) else ""


def _cells(item: Item, row: Mapping[str, Any], number: int) -> SafeString:
    cells = format_html_join(
        "",
        '<td class="{}">{}</td>',
        (
            ("mid" if column.kind in _CENTRED else column.kind, _cell(column, row.get(column.key)))
            for column in item.columns
        ),
    )
    return format_html('<td class="mid">{}</td>{}', number, cells) if item.numbered else cells


def _cell(column: Column, value: Any) -> SafeString:
    asked = Asked.within(column)
    if value in (None, "", []) and column.kind not in _TICKED:
        return answers.NOTHING
    if value == "/":
        return answers.STRUCK
    if column.kind == "choice" and value not in (None, "") and len(column.options) > _FEW:
        return answers.text({option.key: option for option in column.options}[value].zh)
    return answers.written(asked, value)


def _widths(item: Item) -> tuple[float, ...]:
    """Every column's share in per cent; those that say none share what the others leave."""
    first = (_NUMBER_WIDTH,) if item.numbered else ()
    given = sum(column.width for column in item.columns)
    silent = sum(1 for column in item.columns if not column.width)
    room = 100.0 - sum(first)
    each = max((room - given) / silent, _LEAST_WIDTH) if silent else 0.0
    scale = (room - each * silent) / given if given else 1.0
    return (*first, *(round((column.width * scale) or each, 3) for column in item.columns))


def matrix(job: Job, items: Sequence[Item]) -> Block:
    """Questions with the same answers: the answers once at the head, a box for each under them."""
    options, noted = _answers_of(items[0])
    width = round((100 - _QUESTION_WIDTH - (_NOTE_WIDTH if noted else 0)) / len(options), 3)
    widths = (_QUESTION_WIDTH, *(width for _option in options), *((_NOTE_WIDTH,) if noted else ()))
    heads = [items[0].of.zh if items[0].of else "", *(option.zh for option in options), *(("说明",) if noted else ())]
    head = format_html_join("", '<th scope="col">{}</th>', ((each,) for each in heads))
    return Block(
        "data matrix", widths, [Row(_question(job, item, options, noted=noted)) for item in items], [Row(head)]
    )


def _answers_of(item: Item) -> tuple[Sequence[Option], bool]:
    if item.kind == "check":
        return answers.CHECKED, True
    return (answers.YES_NO if item.kind == "yes_no" else item.options or answers.RATES), False


def _question(job: Job, item: Item, options: Sequence[Option], *, noted: bool) -> SafeString:
    value = job.value(item.key)
    given = value or {} if noted else {"answer": value}
    said = given.get("answer")
    if isinstance(said, bool):
        said = "yes" if said else "no"
    if said is not None and str(said) not in {option.key for option in options}:
        msg = f"{item.key}: no option {said}"
        raise ValueError(msg)
    boxes = format_html_join(
        "", '<td class="mid">{}</td>', ((answers.box(ticked=option.key == str(said)),) for option in options)
    )
    note = format_html("<td>{}</td>", answers.text(given.get("note", ""))) if noted else mark_safe("")
    return format_html('<th scope="row">{}</th>{}{}', item.zh, boxes, note)
