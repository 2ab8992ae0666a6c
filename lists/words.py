"""What somebody types into a list's own field: meant in the usual width of letters, and as it was typed."""

from __future__ import annotations

from django.db.models import Q

from core.text import clean_line, fold


def number(asked: str, begins: str) -> str:
    """The beginning of a record's number, if that is what was typed, in whatever width; else nothing."""
    said = fold(clean_line(asked)).strip().upper()
    return said if said.startswith(begins) else ""


def holding(asked: str, *paths: str) -> Q:
    """Rows of which a text holds what was typed, or what it is in half width: an input method may have left it wide."""
    said = clean_line(asked)
    found = Q()
    for words in dict.fromkeys([said, fold(said).strip()] if fold(said) != said.casefold() else [said]):
        for path in paths:
            found |= Q(**{f"{path}__icontains": words})
    return found
