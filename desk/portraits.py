"""The words for what the timeline keeps: what was asked, what was answered, which field it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.text import labelled
from desk import contents
from workflow import registry, timeline
from workflow.approvals import deciding, discussion, rounds
from workflow.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping


def question(kind: str, verb: str, name: str) -> str:
    """The words of a verb's form for what was asked under a name; the model's words, if it no longer asks."""
    if name == "answers":
        return _("Checklist")
    return _words(kind, verb, get_language() or "").get(name) or label(kind, name)


def answer(kind: str, verb: str, name: str, value: Any) -> str:
    """What was answered; for a choice, the choice's word; for a place of a content, what stands there is called."""
    if verb == discussion.SAID and name == "place":
        return contents.place_words(registry.get(kind).model, str(value))
    if name == "answers" and isinstance(value, dict):
        return _verdicts(value)
    if isinstance(value, list) and (cells := _cells(kind, verb, name, get_language() or "")):
        return "\n".join(_row(cells, row) for row in value if isinstance(row, dict))
    if isinstance(value, list) and (words := _choices(kind, verb, get_language() or "")):
        return timeline.read([words.get((name, str(each)), each) for each in value])
    if isinstance(value, str) and (word := _choices(kind, verb, get_language() or "").get((name, value))):
        return word
    return timeline.read(value)


def _verdicts(answers: Mapping[str, Any]) -> str:
    """How many items of a checklist passed or not, and what was a concern; the whole of it stands with the decision."""
    words = {code: str(word) for code, word in deciding.VERDICTS}
    given = [told for told in answers.values() if isinstance(told, dict)]
    counted = Counter(told.get("verdict", "") for told in given)
    told = [f"{word} {counted[code]}" for code, word in words.items() if counted[code]]
    concerns = (told.get("comment", "") for told in given if told.get("verdict") == rounds.CONCERN)
    return "\n".join([" · ".join(told), *filter(None, concerns)])


@lru_cache(maxsize=512)
def _words(kind: str, verb: str, language: str) -> Mapping[str, str]:  # noqa: ARG001 - remembered for each language
    form = registry.get(kind).forms.get(verb)
    if form is None:
        return {}
    return {name: str(field.label or name) for name, field in form.base_fields.items()}


@lru_cache(maxsize=512)
def _choices(kind: str, verb: str, language: str) -> Mapping[tuple[str, str], str]:  # noqa: ARG001 - remembered for each language
    form = registry.get(kind).forms.get(verb)
    fixed: dict[tuple[str, str], str] = {}
    for name, field in form.base_fields.items() if form else ():
        # Choices that come from the database are kept as portraits already.
        if hasattr(field, "choices") and not hasattr(field, "queryset"):
            fixed.update({(name, str(code)): str(word) for code, word in field.choices})
    return fixed


@dataclass(frozen=True)
class _Cell:
    """A cell of a table that was asked for: its words, and those of its choices."""

    label: str
    choices: Mapping[str, str]


@lru_cache(maxsize=512)
def _cells(kind: str, verb: str, name: str, language: str) -> Mapping[str, _Cell]:  # noqa: ARG001 - remembered for each language
    """The cells of a table's rows, but for those that they hide; none for a question that is no table."""
    form = registry.get(kind).forms.get(verb)
    asked = form.base_fields.get(name) if form else None
    if not isinstance(asked, Rows):
        return {}
    shown = {cell: field for cell, field in asked.row.base_fields.items() if not field.widget.is_hidden}
    return {cell: _Cell(str(field.label or cell), _fixed(field)) for cell, field in shown.items()}


def _fixed(field: Any) -> dict[str, str]:
    if hasattr(field, "choices") and not hasattr(field, "queryset"):
        return {str(code): str(word) for code, word in field.choices}
    return {}


def _row(cells: Mapping[str, _Cell], said: Mapping[str, Any]) -> str:
    """What a row says, in a line."""
    found = ((cell, said[name]) for name, cell in cells.items() if name in said)
    return " · ".join(
        labelled(cell.label, cell.choices.get(str(value), "") or timeline.read(value)) for cell, value in found
    )


@lru_cache(maxsize=1024)
def _label(kind: str, name: str, language: str) -> str:  # noqa: ARG001 - remembered for each language
    process = registry.get(kind)
    try:
        field = process.model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    words = str(process.called.get(name) or getattr(field, "verbose_name", name))
    return words[:1].upper() + words[1:]


def label(kind: str, name: str) -> str:
    """The word for a field of a record."""
    return _label(kind, name, get_language() or "")
