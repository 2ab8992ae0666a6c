"""A text of many clauses as paragraphs: its headings and numbers are found by how Chinese contracts write them.

第一章 … and 第一条 … (Arabic digits too) begin a part and a clause: alone on a short line they are a heading, which
stays with what follows; before a sentence they stand bold in it. 一、, （一）, 1., 1.1, (1), ① begin a numbered
paragraph. Empty lines part paragraphs and are not printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

from core.text import clean_text
from forms_templates.printing import answers
from forms_templates.printing.job import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.safestring import SafeString

    from forms_templates.language import Item
    from forms_templates.printing.job import Job

PART, CLAUSE, NUMBERED, PLAIN = "part", "clause", "numbered", "plain"
_COUNT = "[零〇一二三四五六七八九十百千0-9０-９]+"
_PART = re.compile(rf"第{_COUNT}[章编]|第{_COUNT}部分")
_CLAUSE = re.compile(rf"第{_COUNT}条(?:之{_COUNT})?")
_NUMBER = re.compile(
    r"[（(](?:[一二三四五六七八九十]+|\d+)[)）]|\d+(?:\.\d+)+[.、]?(?=\s)|\d+[.、．)）](?!\d)|[一二三四五六七八九十]+、|[①-⑳]"
)
_SENTENCE = re.compile(r"[。；;！？!?，,]")
_HEADING = 30
"""Up to so many characters behind its number a line without a stop is a heading."""
_ROOM_MM = 60


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: what it is, the number before it, and its words; a heading has no more than a line of them."""

    sort: str
    number: str
    words: str
    heading: bool = False


def paragraphs(text: str) -> Iterator[Paragraph]:
    """The paragraphs of a text, in order."""
    for given in clean_text(text).split("\n"):
        if line := given.strip(" \t\u3000"):
            yield _read(line)


def _read(line: str) -> Paragraph:
    for sort, begins in ((PART, _PART), (CLAUSE, _CLAUSE), (NUMBERED, _NUMBER)):
        found = begins.match(line)
        if found is None:
            continue
        words = line[found.end() :].lstrip(" \t\u3000：:、")
        heads = sort != NUMBERED and len(words) <= _HEADING and _SENTENCE.search(words) is None
        return Paragraph(sort, found[0], words, heads)
    return Paragraph(PLAIN, "", line)


def markup(job: Job, item: Item) -> SafeString:
    """The item's text as paragraphs; on a blank, room to write it."""
    if job.state == State.BLANK:
        return format_html('<div style="height:{}mm"></div>', item.lines * 7 or _ROOM_MM)
    found = list(paragraphs(str(job.value(item.key) or "")))
    below = 3 if any(each.sort == PART and each.heading for each in found) else 2
    return format_html_join("", "{}", ((_markup(each, below),) for each in found))


def _markup(paragraph: Paragraph, below: int) -> SafeString:
    """A heading of its level, or a paragraph; `below` is the level of clauses: under parts, if there are any."""
    said = answers.text(paragraph.words)
    if paragraph.heading:
        level = 2 if paragraph.sort == PART else below
        return format_html('<h{} class="{}">{} {}</h{}>', level, paragraph.sort, paragraph.number, said, level)
    if paragraph.sort in (PART, CLAUSE):
        return format_html('<p><b class="no">{}</b>{}</p>', paragraph.number, said)
    if paragraph.number and paragraph.number.isascii():
        return format_html('<p><span class="no">{}</span>{}</p>', paragraph.number, said)
    return format_html("<p>{}{}</p>", paragraph.number, said)
