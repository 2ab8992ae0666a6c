"""How the list of articles is narrowed; every filter lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext_lazy as _

from core.text import clean_line
from knowledge.flow import State
from knowledge.models import Audience, Topic
from lists import words
from lists.people import PersonFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet

_NUMBER_BEGINS = "KB-"


class ArticleFilters(django_filters.FilterSet):
    """By words, state, topic, readers and author."""

    of_the_moment: frozenset[str] = frozenset()
    """Filters that mean other rows as time goes by: none."""

    q = django_filters.CharFilter(method="found", label=_("Number, title or tag"), max_length=100)
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"), empty_label=_("all"))
    topic = django_filters.ModelChoiceFilter(queryset=Topic.objects.all(), label=_("Topic"), empty_label=_("all"))
    audience = django_filters.ChoiceFilter(choices=Audience.choices, label=_("Readers"), empty_label=_("all"))
    handler = PersonFilter(label=_("Author"), empty_label=_("all"))

    def found(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters' signature
        """By the beginning of the number, or a part of title or tags."""
        asked = clean_line(value)
        if not asked:
            return rows
        if number := words.number(asked, _NUMBER_BEGINS):
            return rows.filter(number__startswith=number)
        return rows.filter(words.holding(asked, "title", "tags"))
