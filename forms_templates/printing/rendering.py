"""From markup to PDF with WeasyPrint: own fonts only, nothing fetched, the same bytes for the same input."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.collector import undisturbed
from forms_templates import computed
from forms_templates.printing import pieces
from forms_templates.printing.job import Job, Print, State
from forms_templates.printing.page import markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from weasyprint.document import Document

    from forms_templates.language import Form
    from forms_templates.models import Letterhead
    from forms_templates.printing.job import Verification

_BY_HAND_MM = (8, 7, 6)
"""How high a row is that one writes into by hand, and with how much less one can make do."""
_LIKELY_PAGES = 4
"""So many QR codes lie ready at first; a longer original is laid out once more with as many as it has pages."""


def render(  # noqa: PLR0913 - what a page depends on, and nothing else
    form: Form,
    letterhead: Letterhead,
    values: Mapping[str, Any],
    *,
    number: str = "",
    state: str = State.COMPLETE,
    copy: int = 0,
    verify: Verification | None = None,
    images: Mapping[str, bytes] | None = None,
    private: bool = True,
    draft: bool = False,
) -> Print:
    """The form as PDF/A: all of its originals one after another, each with its own page numbers, or that `copy`.

    A draft is one run without marks of originals. `images` are drawn signatures (PNG) by the key of their item;
    `private=False` leaves the company's own sections out. Raises MissingGlyphError naming characters that the font
    lacks, ValueError for an answer that is not of its item's kind, PrintingError when a picture cannot be read.
    """
    job = Job(
        form=form,
        letterhead=letterhead,
        values=computed.completed(form, values),
        state=State(state),
        number=number,
        verify=verify,
        images=images or {},
        private=private,
        draft=draft,
    )
    from forms_templates.printing import engine

    with undisturbed():
        return engine.finished([laid_out(each) for each in originals(job, copy)])


def originals(job: Job, copy: int = 0) -> list[Job]:
    """The job for each original that is asked for. Raises ValueError for one that there is not."""
    if job.form.copies == 1 or job.draft:
        return [job]
    if not 0 <= copy <= job.form.copies:
        msg = f"{job.form.code} has {job.form.copies} originals, no {copy}"
        raise ValueError(msg)
    return [replace(job, copy=each) for each in ((copy,) if copy else range(1, job.form.copies + 1))]


def laid_out(job: Job) -> Document:
    """One original, laid out in pages and not yet written.

    A dense form into which somebody writes gets rows as high as there is room for on the pages that it takes anyway.
    """
    if not job.form.dense or job.state == State.COMPLETE:
        return _laid_out(job)
    body = json.dumps(job.form.data, sort_keys=True, ensure_ascii=False)
    height, pages = _room(body, job.letterhead.name, job.private)
    document = _laid_out(replace(job, by_hand_mm=height))
    return document if len(document.pages) <= pages else _laid_out(job)


@lru_cache(maxsize=64)
def _room(body: str, house: str, private: bool) -> tuple[int, int]:  # noqa: FBT001 - what the answer depends on
    """How high rows are on the blank form, and how many pages it takes: found out once, for all that are filled in."""
    from forms_templates.language import Form
    from forms_templates.models import Letterhead

    blank = Job(
        form=Form.of(json.loads(body)), letterhead=Letterhead(name=house), values={}, state=State.BLANK, private=private
    )
    pages = len(_laid_out(blank).pages)
    fitting = (mm for mm in _BY_HAND_MM if len(_laid_out(replace(blank, by_hand_mm=mm)).pages) <= pages)
    return next(fitting, 0), pages


def _laid_out(job: Job) -> Document:
    from forms_templates.printing import engine

    page = markup(job)
    document = engine.lay_out(page, pieces.of(job, _LIKELY_PAGES))
    if job.verify and len(document.pages) > _LIKELY_PAGES:
        document = engine.lay_out(page, pieces.of(job, len(document.pages)))
    return document
