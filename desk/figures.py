"""Tables of numbers, each of which leads to the records that it counts; made in one pass, since a page has hundreds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.boards import Grid, Line, Number
    from reports.declared import Measure


def head(measures: Sequence[Measure], label: str, rate: str) -> SafeString:
    """The heading row; what a chart needs to know of a column stands at its heading. `rate` heads the shares."""
    columns = "".join(
        f'<th scope="col" class="num" data-series="{each.code}" data-tone="{each.tone}">{escape(each.label)}</th>'
        for each in measures
    )
    rest = f'<th scope="col" class="num">{escape(rate)}</th>' if rate else ""
    return mark_safe(f'<tr><th scope="col">{escape(label)}</th>{columns}{rest}</tr>')  # noqa: S308 - escaped above


def body(grid: Grid, list_address: str, *, share: bool) -> SafeString:
    """The lines of a grid."""
    base = escape(f"{list_address}?")
    return mark_safe("".join(_line(line, base, share=share) for line in grid.lines))  # noqa: S308 - escaped below


def _line(line: Line, base: str, *, share: bool) -> str:
    cells = "".join(f'<td class="num">{_linked(number, base)}</td>' for number in line.numbers)
    rest = f'<td class="num">{_share(line.share)}</td>' if share else ""
    return f'<tr><th scope="row"><bdi>{escape(line.label)}</bdi></th>{cells}{rest}</tr>'


def _linked(number: Number, base: str) -> str:
    change = "" if number.before is None or not number.change else f" <small>{number.change:+,}</small>"
    return f'<a href="{base}{escape(number.query)}">{number.value:,}</a>{change}'


def _share(share: int | None) -> str:
    return "–" if share is None else f"{share} %"
