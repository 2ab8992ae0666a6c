"""How documents are spoken of: who fills a place in, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forms_templates.language import CUSTOMER, FILLERS, SYSTEM
from handbook import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from forms_templates.language import Item
    from handbook.sources import Worded

_NAMED = 8
"""So many missing answers are named; more would be no sentence."""


class Said(Promise):
    """Several wordings in a row, chosen when they are read: the timeline keeps both languages."""

    def __init__(self, words: Iterable[Worded]) -> None:
        self.words = tuple(words)

    def __str__(self) -> str:
        chinese = (get_language() or "zh").startswith("zh")
        return ("、" if chinese else ", ").join(each.zh if chinese else each.en for each in self.words)


def fillers(item: Item) -> str:
    """Who fills an item in, in the reader's language."""
    names = []
    for code in item.fillers:
        if code == CUSTOMER:
            names.append(_("customer"))
        elif code == SYSTEM:
            names.append(_("service department"))
        else:
            names += [vocabulary.role(role).in_language() for role in FILLERS[code]]
    return " / ".join(dict.fromkeys(names))


def unanswered_words(document: Any) -> str:
    """Which required answers are missing, each with who can give it."""
    return _("Still missing: %(items)s.") % {"items": named(document.unanswered())}


def named(items: Sequence[Item]) -> str:
    """Items by name, each with who fills it in; of very many the first ones."""
    said = [f"{item.in_language()} ({fillers(item)})" for item in items[:_NAMED]]
    more = [_("and %(count)s more") % {"count": len(items) - _NAMED}] if len(items) > _NAMED else []
    return "; ".join([*said, *more])
