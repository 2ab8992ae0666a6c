"""How the list of tickets is narrowed; every filter lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.text import clean_line
from customers.models import Organisation
from people.models import Region, User
from tickets.flow import State
from tickets.models import Channel, IssueType, Severity

if TYPE_CHECKING:
    from django.db.models import QuerySet

_NUMBER_BEGINS = "TK-"


def _word(label: Any, model: Any, **more: Any) -> Any:
    return django_filters.ModelChoiceFilter(queryset=model.objects.all(), label=label, empty_label=_("All"), **more)


class TicketFilters(django_filters.FilterSet):
    """By words, state, severity, type, channel, people, region and day of acceptance."""

    q = django_filters.CharFilter(method="found", label=_("Number, title or customer"), max_length=100)
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"), empty_label=_("All"))
    severity = _word(_("Severity"), Severity)
    issue_type = _word(_("Issue type"), IssueType)
    channel = _word(_("Channel"), Channel)
    handler = _word(_("Handler"), User)
    region = _word(_("Region"), Region, field_name="customer__region")
    accepted_from = django_filters.DateFilter(
        field_name="accepted_at",
        lookup_expr="date__gte",
        label=_("Accepted from"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    accepted_to = django_filters.DateFilter(
        field_name="accepted_at",
        lookup_expr="date__lte",
        label=_("Accepted until"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["handler"].queryset = User.objects.staff().order_by("display_name", "id")

    def found(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters' signature
        """By the beginning of the number, a part of the title, or what the customer is found by."""
        asked = clean_line(value)
        if not asked:
            return rows
        if asked.upper().startswith(_NUMBER_BEGINS):
            return rows.filter(number__startswith=asked.upper())
        customers = Organisation.objects.found_by(asked).values("pk")
        return rows.filter(Q(title__icontains=asked) | Q(customer__in=customers))
