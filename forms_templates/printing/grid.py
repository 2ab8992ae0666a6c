"""A section's items in rows: two short ones beside each other, a long one alone; tables and signatures between."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from forms_templates.printing import answers, places, prose
from forms_templates.printing.answers import Asked
from forms_templates.printing.blocks import HANDWRITTEN, Block, Row, grid
from forms_templates.printing.job import State
from forms_templates.printing.signing import approval, in_a_row, signatures
from forms_templates.printing.tables import matrix, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forms_templates.language import Item, Section
    from forms_templates.printing.job import Job

ORDINALS = "一二三四五六七八九十"
_ALONE = ("long", "check", "rate", "files", "prose")
_WRITTEN = ("text", "long", "int", "money", "date", "moment")
_ROOM = 20
"""So many characters of options fit into the narrow cell's two lines."""
_IN_A_LINE, _LINES_ON_A_PAGE = 36, 40
_LINE_MM, _DENSE_LINE_MM, _LONG_MM = 7, 5, 25
"""The height of a line to write on, and of a long answer that does not say how many lines it wants."""


def ordinal(number: int) -> str:
    """一, 十, 十一, 二十一."""
    tens, ones = divmod(number, 10)
    last = ORDINALS[ones - 1] if ones else ""
    if not tens:
        return last
    return f"{ORDINALS[tens - 1] if tens > 1 else ''}十{last}"


def section_blocks(job: Job, section: Section, number: int) -> Iterator[Block]:
    """The bar with the section's number and name, and what stands under it; a stroke if none of it applies."""
    title = format_html('<th colspan="4" scope="rowgroup">{}、{}</th>', ordinal(number), section.zh)
    if not section.bare:
        yield grid([Row(title, css="bar", bar=True)])
    items = [item for item in section.items if item.key not in job.form.under_title and shown(job, item)]
    if items and all(job.struck(item) for item in items):
        yield grid([Row(format_html('<td colspan="4">{}</td>', answers.STRUCK))])
    else:
        yield from of(job, items)


def of(job: Job, items: Iterable[Item]) -> Iterator[Block]:
    """Items in their order, neighbours of one sort together."""
    for sort, group in groupby(items, key=_sort):
        yield from _blocks(job, sort, list(group))


def shown(job: Job, item: Item) -> bool:
    """Whether an item is printed; only a clause is ever left out, when its condition does not hold."""
    if item.kind != "clause" or item.shown_when is None or job.state == "blank":
        return True
    return item.is_shown(job.values)


def _sort(item: Item) -> tuple[str, ...]:
    if item.of is not None:
        return ("matrix", item.kind, item.of.zh)
    if item.kind in ("signature", "seal") and not item.lines:
        return ("signatures",)
    if item.kind == "table":
        return ("table", item.key)
    return ("approval",) if item.kind == "approval" else ("fields",)


def _blocks(job: Job, sort: tuple[str, ...], items: list[Item]) -> Iterator[Block]:
    if sort[0] == "matrix":
        yield matrix(job, items)
    elif sort[0] == "table":
        yield table(job, items[0])
    elif sort[0] == "signatures":
        yield grid(signatures(job, items))
    elif sort[0] == "approval":
        yield grid(approval(job, item) for item in items)
    else:
        yield grid(_rows(job, items))


def _rows(job: Job, items: Iterable[Item]) -> Iterator[Row]:
    """Pairs of short items; one that has no neighbour takes the row."""
    waiting: Item | None = None
    for item in items:
        if is_wide(item):
            if waiting is not None:
                yield Row(_pair(job, waiting, 3), css=_room(job, waiting))
                waiting = None
            yield _wide(job, item)
        elif waiting is None:
            waiting = item
        else:
            yield Row(_pair(job, waiting, 1) + _pair(job, item, 1), css=_room(job, waiting, item))
            waiting = None
    if waiting is not None:
        yield Row(_pair(job, waiting, 3), css=_room(job, waiting))


def _room(job: Job, *items: Item) -> str:
    """The room that a row gets: that of handwriting, when something is to be written into it."""
    return HANDWRITTEN if any(_by_hand(job, item) for item in items) else ""


def _by_hand(job: Job, item: Item) -> bool:
    """Whether an answer is to be written with a pen; boxes are only ticked, and what is complete is read."""
    open_cell = item.kind in (*_WRITTEN, "secret", "signature") and job.value(item.key) in (None, "")
    return open_cell and job.state != State.COMPLETE


def is_wide(item: Item) -> bool:
    """Whether an item takes the whole row, by what it is and never by what is answered: all copies look alike."""
    printed = sum(len(option.zh) + 3 for option in item.options)
    return item.wide or item.kind in _ALONE or item.kind == "clause" or printed > _ROOM


def _wide(job: Job, item: Item) -> Row:
    if item.kind == "clause":
        return Row(format_html('<td colspan="4" class="clause">{}</td>', places.filled(job, item.zh)))
    if item.kind == "prose":
        return Row(format_html('<td colspan="4" class="clauses">{}</td>', prose.markup(job, item)), "tall", flows=True)
    if item.kind == "long":
        if item.lines == 1 or (job.is_tight and job.value(item.key)):
            return Row(_pair(job, item, 3), css=_room(job, item), flows=_flows(job.value(item.key)))
        line = max(job.by_hand_mm - 1, _DENSE_LINE_MM) if job.form.dense else _LINE_MM
        pair = _pair(job, item, 3, height=item.lines * line or _LONG_MM)
        return Row(pair, css="tall", flows=_flows(job.value(item.key)))
    return Row(_pair(job, item, 3), css=_room(job, item))


def _flows(value: Any) -> bool:
    """Whether a long answer may not fit on a page, reckoned by its characters and lines."""
    return sum(len(line) // _IN_A_LINE + 1 for line in str(value or "").split("\n")) > _LINES_ON_A_PAGE


def _pair(job: Job, item: Item, columns: int, height: int = 0) -> SafeString:
    span = mark_safe(f' colspan="{columns}"' if columns > 1 else "")  # noqa: S308 - numbers
    room = mark_safe(f' style="height:{height}mm"' if height else "")  # noqa: S308 - numbers
    label = format_html("{}<br/><small>{}</small>", item.zh, item.help.zh) if item.help else item.zh
    return format_html('<th scope="row">{}</th><td{}{}>{}</td>', label, span, room, cell(job, item))


def cell(job: Job, item: Item) -> SafeString:
    """An item's answer, or the cell to fill in by hand, or the stroke through what does not apply.

    What the company has not answered on a complete form is nothing; what the customer has not can still be written.
    """
    if job.struck(item):
        return answers.STRUCK
    if item.kind == "signature":
        return in_a_row(job, item)
    value = job.value(item.key)
    if job.state == State.COMPLETE and value in (None, "") and item.kind in _WRITTEN and not item.is_customers:
        return answers.NOTHING
    return answers.written(Asked.by(item), value)
