"""The content of a version as people read it: its fields in words, its tables, its texts paragraph by paragraph.

What a field is called, and what its codes mean, the process's model says: a content is made of its fields, and of rows
of what belongs to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import Term
from core.text import listed
from workflow.approvals import discussion
from workflow.approvals.versions import Change, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.db.models import Model

NOTHING = "–"
_MONEY = re.compile(r"-?\d+\.\d{2}")
_AROUND = 60
"""Characters of what has not changed that are shown on each side of what has."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `before` is what stood there, if that was something else."""

    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True)
class Row:
    """A row of a table: its place, its cells, and whether it is new, gone, changed, or the same."""

    place: str
    key: str
    cells: list[Cell]
    what: str = "same"


@dataclass(frozen=True)
class Part:
    """A field of the content: a value, a text of numbered paragraphs, or a table.

    `before` is what a value was, `pieces` what of a text is the same, gone or new; both only where it differs.
    """

    name: str
    label: str
    value: str = ""
    before: str | None = None
    paragraphs: list[tuple[str, int, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    pieces: list[tuple[str, str]] = field(default_factory=list)


def label(model: type[Model], name: str) -> str:
    """What a field of the content, or a table of rows, is called."""
    found = _field(model, name)
    if found is None:
        words = str(getattr(model, "content_words", {}).get(name, name))
    elif _rows_of(model, name) is not None:
        words = str(found.related_model._meta.verbose_name_plural)
    else:
        words = str(getattr(found, "verbose_name", name))
    return words[:1].upper() + words[1:]


def _field(model: type[Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _rows_of(model: type[Model], name: str) -> type[Model] | None:
    found = _field(model, name)
    return found.related_model if found is not None and found.one_to_many else None


def place_words(model: type[Model], place: str) -> str:
    """A place of the content, in words."""
    name, _dot, which = place.partition(".")
    if not place:
        return _("The whole")
    if not which:
        return label(model, name)
    if _rows_of(model, name) is not None:
        return _("%(table)s, row %(n)s") % {"table": label(model, name), "n": which}
    return _("%(text)s, paragraph %(n)s") % {"text": label(model, name), "n": which}


def is_row(model: type[Model], place: str) -> bool:
    """Whether a place is a row of a table."""
    return _rows_of(model, place.partition(".")[0]) is not None


def shown(model: type[Model], name: str, value: Any) -> str:
    """A value as it is read: the word of a choice, yes or no, an amount with its thousands."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return listed(shown(model, name, one) for one in value)
    text = "" if value is None else str(value)
    words = {str(code): str(word) for code, word in getattr(_field(model, name), "choices", None) or ()}
    if text and text in words:
        return words[text]
    return f"{Decimal(text):,}" if _MONEY.fullmatch(text) else text


def in_order(model: type[Model], *contents: Mapping[str, Any]) -> list[str]:
    """The fields of contents as they are read: values as the model has them, then tables, then texts.

    The database keeps no order of its own.
    """
    found = dict.fromkeys(name for content in contents for name in content)
    known = {each.name: at for at, each in enumerate(model._meta.concrete_fields)}
    known |= {name: len(known) + at for at, name in enumerate(getattr(model, "content_words", ()))}

    def place(name: str) -> tuple[int, int]:
        values = [content.get(name) for content in contents]
        kind = 1 if _rows_of(model, name) else 2 if any(map(discussion.is_text, values)) else 0
        return kind, known.get(name, len(known))

    return sorted(found, key=place)


def parts(model: type[Model], content: Mapping[str, Any]) -> list[Part]:
    """The whole content in its order; what is empty is left out."""
    found = (_part(model, name, content[name]) for name in in_order(model, content))
    return [part for part in found if part is not None]


def _part(model: type[Model], name: str, value: Any) -> Part | None:
    if value in ("", None, []):
        return None
    if _is_table(value):
        of = _rows_of(model, name) or model
        names, terms = _names(of, value), _terms(of)
        cells = {
            str(row["key"]): [Cell(label(of, each), _word(of, each, row, terms)) for each in names] for row in value
        }
        rows = [Row(f"{name}.{key}", key, found) for key, found in cells.items()]
        return Part(name, label(model, name), columns=[label(of, each) for each in names], rows=rows)
    if discussion.is_text(value):
        numbered = enumerate(discussion.paragraphs(value), start=1)
        return Part(name, label(model, name), paragraphs=[(f"{name}.{n}", n, line) for n, line in numbered])
    return Part(name, label(model, name), value=shown(model, name, value))


Terms = dict[str, dict[str, str]]


def _terms(of: type[Model]) -> Terms:
    """For each column of rows in which the code of a vocabulary stands, the words of its codes; a query for each."""
    related = {each.name: each.related_model for each in of._meta.concrete_fields if each.is_relation}
    return {
        name: {term.code: str(term) for term in model._default_manager.all()}
        for name, model in related.items()
        if isinstance(model, type) and issubclass(model, Term)
    }


def _word(of: type[Model], name: str, row: Mapping[str, Any] | None, terms: Terms) -> str:
    value = (row or {}).get(name)
    return terms.get(name, {}).get(str(value)) or shown(of, name, value)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) and "key" in row for row in value)


def _names(of: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns of rows in their order; one in which no row has anything, or that has no words, is left out."""
    shown_ones = (name for name in in_order(of, *rows) if name != "key" and label(of, name))
    return [name for name in shown_ones if any(row.get(name) for row in rows)]


# --- two versions -------------------------------------------------------------------------------------------------
def compared(model: type[Model], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Part]:
    """What differs between two contents: value beside value, cell by cell, text piece by piece."""
    found = []
    for name in in_order(model, after, before):
        old, new = before.get(name), after.get(name)
        if old == new or (old in ("", None, []) and new in ("", None, [])):
            continue
        found.append(_differing(model, name, old, new))
    return found


def _differing(model: type[Model], name: str, old: Any, new: Any) -> Part:
    words = label(model, name)
    if _is_table(old) or _is_table(new):
        of, tables = _rows_of(model, name) or model, (old or [], new or [])
        return Part(
            name,
            words,
            columns=[label(of, each) for each in _names(of, [*tables[1], *tables[0]])],
            rows=list(_rows(of, name, *tables)),
        )
    if discussion.is_text(old) or discussion.is_text(new):
        return Part(name, words, pieces=_folded(Change((name,), old, new).pieces))
    return Part(name, words, value=shown(model, name, new), before=shown(model, name, old))


def _rows(
    of: type[Model], name: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[Row]:
    names, terms = _names(of, [*new, *old]), _terms(of)
    was, now = ({str(row["key"]): row for row in rows} for rows in (old, new))
    for key in dict.fromkeys((*now, *was)):
        one, other = was.get(key), now.get(key)
        if one == other:
            continue
        what = "new" if one is None else "gone" if other is None else "changed"
        cells = [
            _cell(label(of, column), what, _word(of, column, one, terms), _word(of, column, other, terms))
            for column in names
        ]
        yield Row(f"{name}.{key}", key, cells, what)


def _cell(label: str, what: str, was: str, now: str) -> Cell:
    return Cell(label, was if what == "gone" else now, was if what == "changed" and was != now else None)


def _folded(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces, of those that are the same no more than what stands around what is not."""
    found: list[tuple[str, str]] = []
    for at, (what, text) in enumerate(pieces):
        if what != "same" or len(text) <= _AROUND * 3:
            found.append((what, text))
            continue
        start = text[:_AROUND] if at else ""
        end = text[-_AROUND:] if at + 1 < len(pieces) else ""
        left_out = len(text) - len(start) - len(end)
        words = ngettext("%(n)s character as before", "%(n)s characters as before", left_out) % {"n": f"{left_out:,}"}
        found += [each for each in (("same", start), ("fold", words), ("same", end)) if each[1]]
    return found


def changed_fields(model: type[Model], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What the fields are called that differ."""
    changed = {change.path[0] for change in differences(before, after)}
    return [label(model, name) for name in in_order(model, after, before) if name in changed]
