"""How the archive is narrowed; every filter lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.text import clean_line
from customers.models import Organisation
from documents.states import State
from forms_templates import catalogue
from lists.people import PersonFilter
from reports.periods import begins, ends
from search.asking import asked
from search.finding import saying

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet


def _forms() -> list[tuple[str, str]]:
    return [(form.code, f"{form.code} {form.title.in_language()}") for form in catalogue.forms()]


def _day(label: Any, field: str, method: str) -> Any:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(field_name=field, method=method, label=label, widget=widget)


class DocumentFilters(django_filters.FilterSet):
    """By words of its content, form, state, days, archive number, place, customer, contact and handler."""

    of_the_moment: frozenset[str] = frozenset()
    """Filters that mean other rows as time goes by: none."""

    q = django_filters.CharFilter(method="found", label=_("Number, customer or words of the document"), max_length=100)
    form = django_filters.ChoiceFilter(choices=_forms, label=_("Form"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"), empty_label=_("All"))
    finalised_from = _day(_("Finalised from"), "finalised_at", "since")
    finalised_to = _day(_("Finalised until"), "finalised_at", "until")
    archive_no = django_filters.CharFilter(lookup_expr="startswith", label=_("Archive number"), max_length=40)
    place = django_filters.CharFilter(method="kept", label=_("Place or box"), max_length=60)
    handler = PersonFilter(label=_("Handler"), empty_label=_("All"), null_label=_("nobody yet"))
    customer = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.all(), label=_("Customer"), widget=forms.HiddenInput
    )

    def since(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """From the beginning of a day on."""
        return rows.filter(**{f"{name}__gte": begins(value)})

    def until(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Up to the end of a day."""
        return rows.filter(**{f"{name}__lt": ends(value)})

    def kept(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters' signature
        """By a part of the place, or the box."""
        words = clean_line(value)
        return rows.filter(Q(archive_place__icontains=words) | Q(archive_box__istartswith=words)) if words else rows

    def found(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters' signature
        """By the beginning of the number, the customer, or anything that the document says."""
        words = clean_line(value)
        if not words:
            return rows
        customers = Organisation.objects.found_by(words).values("pk")
        hit = Q(number__istartswith=words) | Q(customer__in=customers)
        return rows.filter(hit | Q(pk__in=saying("document", asked(words)).values("record_id")))
