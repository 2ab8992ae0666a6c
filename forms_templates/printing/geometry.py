"""What stands outside its place on a laid-out page: of a document that is right, nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from weasyprint.document import Document

Edges = tuple[float, float, float, float]
"""Left, top, right and bottom of a box."""
PX_IN_MM = 96 / 25.4
_TOLERANCE = 0.5
"""Pixels of WeasyPrint, 96 to the inch: half of a fine line."""


def faults(document: Document) -> list[str]:
    """Every line or picture that leaves its cell or page, in words."""
    return [f"page {number}: {fault}" for number, page in enumerate(document.pages, 1) for fault in _of(page._page_box)]


def _of(page: Any) -> Iterator[str]:
    from weasyprint.formatting_structure import boxes

    frame = (0.0, 0.0, page.margin_width(), page.margin_height())
    for child in page.children:
        inner = _content(child) if isinstance(child, boxes.MarginBox) else _content(page)
        yield from _leaving(child, inner, frame)


def _leaving(box: Any, room: Edges, paper: Edges) -> Iterator[str]:
    from weasyprint.formatting_structure import boxes

    if _turned(box):
        return
    if isinstance(box, boxes.TableCellBox):
        room = _content(box)
    if isinstance(box, boxes.LineBox | boxes.ReplacedBox):
        if not _within(_extent(box), room):
            yield f"“{_words(box)[:30]}” leaves its place: {_extent(box)} outside {room}"
        elif not _within(_extent(box), paper):
            yield f"“{_words(box)[:30]}” leaves the paper"
    for child in getattr(box, "children", ()):
        yield from _leaving(child, room, paper)


def _turned(box: Any) -> bool:
    """Whether it is a draft's mark, which lies across the page."""
    return bool(box.style["transform"])


def _content(box: Any) -> Edges:
    left, top = box.content_box_x(), box.content_box_y()
    return left, top, left + box.width, top + box.height


def _extent(box: Any) -> Edges:
    """Where a box begins and ends; of a line, where its last word ends: the space behind it takes no room."""
    ends = [child.position_x + child.margin_width() for child in _leaves(box)]
    return box.position_x, box.position_y, max(ends, default=box.position_x), box.position_y + box.height


def _leaves(box: Any) -> Iterator[Any]:
    """The words and pictures of a line."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        if box.text.strip(" \u200b\u3000"):
            yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from _leaves(child)
    else:
        yield box


def _within(extent: Edges, room: Edges) -> bool:
    left, top, right, bottom = extent
    return (
        left >= room[0] - _TOLERANCE
        and top >= room[1] - _TOLERANCE
        and right <= room[2] + _TOLERANCE
        and bottom <= room[3] + _TOLERANCE
    )


def _words(box: Any) -> str:
    if hasattr(box, "text"):
        return str(box.text)
    return "".join(_words(child) for child in getattr(box, "children", ()))
