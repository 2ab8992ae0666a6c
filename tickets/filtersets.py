"""How the list of tickets is narrowed; every filter lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.text import clean_line
from customers.models import Organisation
from lists import words
from lists.people import PersonFilter
from people.models import Region, Role, User
from reports.periods import begins, ends
from tickets.flow import State
from tickets.measures import AGES, aged, kept, missed, promised
from tickets.models import Channel, IssueType, Severity
from workflow.models import Deadline, WorkItem

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

_NUMBER_BEGINS = "TK-"


def _word(label: Any, model: Any, **more: Any) -> Any:
    return django_filters.ModelChoiceFilter(queryset=model.objects.all(), label=label, empty_label=_("All"), **more)


def _unasked(label: Any, model: Any, **more: Any) -> Any:
    """A filter that comes with a link; the form keeps it, but does not offer every row there is."""
    return _word(label, model, widget=forms.HiddenInput, **more)


def _day(label: Any, field: str = "", **more: Any) -> Any:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(field_name=field or None, label=label, widget=widget, **more)


class TicketFilters(django_filters.FilterSet):
    """By words, state, severity, type, channel, people, region, days, responses and who it waits for."""

    of_the_moment = frozenset({"response", "waiting"})
    """Filters that mean other rows as time goes by."""

    q = django_filters.CharFilter(method="found", label=_("Number, title or customer"), max_length=100)
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"), empty_label=_("All"))
    severity = _word(_("Severity"), Severity)
    issue_type = _word(_("Issue type"), IssueType)
    channel = _word(_("Channel"), Channel)
    handler = PersonFilter(label=_("Handler"), empty_label=_("All"), null_label=_("nobody yet"))
    region = _word(_("Region"), Region, field_name="customer__region")
    customer = _unasked(_("Customer"), Organisation)
    specialist = _unasked(_("Specialist"), User)
    account_manager = _unasked(_("Account manager"), User, field_name="customer__account_manager")
    accepted_from = _day(_("Accepted from"), "accepted_at", method="since")
    accepted_to = _day(_("Accepted until"), "accepted_at", method="until")
    resolved_from = _day(_("Resolved from"), "resolved_at", method="since")
    resolved_to = _day(_("Resolved until"), "resolved_at", method="until")
    response = django_filters.ChoiceFilter(
        choices=[("kept", _("kept")), ("missed", _("missed"))],
        method="together",
        label=_("Response"),
        empty_label=_("all"),
    )
    response_from = _day(_("Response due from"), method="together")
    response_to = _day(_("Response due until"), method="together")
    waits_for = _unasked(_("Waits for"), User, method="together")
    waits_role = _unasked(_("Waits for"), Role, method="together", to_field_name="code")
    waiting = django_filters.ChoiceFilter(
        choices=[(age, label) for age, (label, _least, _most) in AGES.items()],
        method="together",
        label=_("Has waited"),
        widget=forms.HiddenInput,
    )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By each filter, and by those that only together say which deadline or which work is meant."""
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        said = {name: value for name, value in self.form.cleaned_data.items() if value}
        if said.keys() & {"response", "response_from", "response_to"}:
            rows = rows.filter(pk__in=_responses(said).values("record_id"))
        if said.keys() & {"waits_for", "waits_role", "waiting"}:
            rows = rows.filter(pk__in=_work(said).values("record_id"))
        return rows

    def since(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """From the beginning of a day on."""
        return rows.filter(**{f"{name}__gte": begins(value)})

    def until(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Up to the end of a day."""
        return rows.filter(**{f"{name}__lt": ends(value)})

    def together(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:  # noqa: ARG002 - django_filters'
        """Nothing by itself: see `filter_queryset`."""
        return rows

    def found(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters' signature
        """By the beginning of the number, a part of the title, or what the customer is found by."""
        asked = clean_line(value)
        if not asked:
            return rows
        if number := words.number(asked, _NUMBER_BEGINS):
            return rows.filter(number__startswith=number)
        customers = Organisation.objects.found_by(asked).values("pk")
        return rows.filter(words.holding(asked, "title") | Q(customer__in=customers))


def _responses(said: dict[str, Any]) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(promised())
    if "response" in said:
        rows = rows.filter(kept() if said["response"] == "kept" else missed(clock.now()))
    if "response_from" in said:
        rows = rows.filter(due_at__gte=begins(said["response_from"]))
    if "response_to" in said:
        rows = rows.filter(due_at__lt=ends(said["response_to"]))
    return rows


def _work(said: dict[str, Any]) -> QuerySet[WorkItem]:
    rows = WorkItem.objects.open()
    if "waits_for" in said:
        rows = rows.filter(user=said["waits_for"])
    if "waits_role" in said:
        rows = rows.filter(user__isnull=True, role=said["waits_role"].code)
    return rows.filter(aged(clock.now(), said["waiting"])) if "waiting" in said else rows
