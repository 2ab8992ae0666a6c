"""What a customer sees of a document after it was sent: the answers, and once it is final, a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.states import State
from forms_templates.chapters import Chapter, Question
from forms_templates.spoken import in_words

if TYPE_CHECKING:
    from documents.models import Document, Printed
    from forms_templates.filling import FillingForm


def of(document: Document) -> Printed | None:
    """The customer's copy of a final document, without the company's own parts; None until it is printed."""
    if document.state == State.CANCELLED:
        return None
    private = any(section.private for section in document.definition.sections)
    found: Printed | None = document.prints.filter(copy=0, for_customer=private).first()
    return found


def as_sent(form: FillingForm) -> list[Chapter]:
    """The customer's part with its answers, and nothing to type."""
    for chapter in (chapters := form.chapters()):
        chapter.questions = [_told(question, form) for question in chapter.questions if question.shown]
    return chapters


def _told(question: Question, form: FillingForm) -> Question:
    if not question.asked:
        return question
    item, value = question.item, form.values.get(question.item.key)
    told = Question(item, asked=False, said=in_words(item, value), heading=question.heading)
    if item.kind == "table":
        told.columns = list(item.columns)
        told.rows = [(row, [(column, text, None) for column, text, _field in cells]) for row, cells in question.rows]
    return told
