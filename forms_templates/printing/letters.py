"""Letters and contracts: running text in which answers have their places, with grids and signatures between."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from forms_templates.language import PLACE
from forms_templates.printing import answers, blocks, grid, places, prose
from forms_templates.printing.job import State

if TYPE_CHECKING:
    from forms_templates.language import Form, Item, Section
    from forms_templates.printing.job import Job

_SHORT = 12
"""Rows of an annex that stand together on a page."""
_SALUTATION = ("：", ":")


def body(job: Job, note: SafeString) -> SafeString:
    """The letter below its title. The note stands at its end: of a contract, with the signatures before the annexes."""
    said = {*_in_texts(job.form), *job.form.under_title, *job.form.every_page, job.form.title_from}
    parts: list[SafeString] = []
    headed = 0
    for section in job.sections:
        if job.is_contract and _is_empty(job, section):
            continue
        if not section.bare:
            if job.is_contract and not headed:
                parts.append(note)
            headed += 1
            parts.append(_heading(job, section, headed))
        items = [item for item in section.items if item.key not in said and grid.shown(job, item)]
        for sort, group in groupby(items, key=_sort):
            parts.append(_part(job, sort, list(group)))
    if not (job.is_contract and headed):
        parts.append(note)
    return mark_safe("".join(parts))  # noqa: S308 - each is safe


def _heading(job: Job, section: Section, number: int) -> SafeString:
    """A section's name under its number; of a contract it is an annex, which the text names and does not count."""
    if job.is_contract:
        return format_html('<h2 class="annex">附件：{}</h2>', section.zh)
    return format_html("<h2>{}、{}</h2>", grid.ordinal(number), section.zh)


def _is_empty(job: Job, section: Section) -> bool:
    """Whether a contract has no such annex: it is complete, and nothing is answered there."""
    if section.bare or job.state == State.BLANK:
        return False
    return all(job.value(item.key) in (None, "", []) for item in section.items)


def _in_texts(form: Form) -> set[str]:
    """The keys of answers that stand within a text, and so are not printed once more."""
    return {key for item in form.items() if item.kind == "clause" for key in PLACE.findall(item.zh)}


def _sort(item: Item) -> str:
    return (
        item.kind if item.kind in ("clause", "prose") else "signed" if item.kind in ("signature", "seal") else "framed"
    )


def _part(job: Job, sort: str, items: list[Item]) -> SafeString:
    if sort == "clause":
        return format_html_join("", "{}", ((_paragraphs(job, item),) for item in items))
    if sort == "prose":
        return format_html_join("", "{}", ((prose.markup(job, item),) for item in items))
    css = "closing" if sort != "framed" else "sheet tied" if job.is_contract and _is_short(job, items) else "sheet"
    return format_html('<div class="{}">{}</div>', css, blocks.markup(grid.of(job, items)))


def _is_short(job: Job, items: list[Item]) -> bool:
    """Whether a contract's annex is read on one page; a long one goes on over several."""
    return all(len(job.value(item.key) or ()) <= _SHORT for item in items if item.kind == "table")


def _paragraphs(job: Job, item: Item) -> SafeString:
    """A clause's lines as paragraphs; the one that addresses somebody begins at the margin.

    On a blank, one of several wordings is chosen by hand.
    """
    choice = answers.box(ticked=False) if job.state == State.BLANK and item.shown_when else mark_safe("")
    otherwise = "said" if job.is_contract else ""
    lines = (
        (("address" if line.endswith(_SALUTATION) else otherwise), choice + places.filled(job, line))
        for line in item.zh.split("\n")
        if line
    )
    return format_html_join("", '<p class="{}">{}</p>', lines)
