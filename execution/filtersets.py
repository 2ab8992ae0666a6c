"""How the list of executions is narrowed; every filter lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.text import clean_line
from customers.models import Organisation
from execution.flow import Lane, State
from execution.measures import kept, missed, promised
from execution.models import PlanItem
from execution.models.look import SETTLED
from lists.people import PersonFilter
from people.models import Region, User
from reports.periods import begins, ends, today
from workflow.models import Deadline

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

_NUMBERS_BEGIN = ("ZX-", "HT-")


def _day(label: Any, **more: Any) -> Any:
    return django_filters.DateFilter(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def _hidden(label: Any, model: Any, **more: Any) -> Any:
    """A filter that comes with a link; the form keeps it, but does not offer every row there is."""
    return django_filters.ModelChoiceFilter(
        queryset=model.objects.all(), label=label, widget=forms.HiddenInput, empty_label=_("All"), **more
    )


class ExecutionFilters(django_filters.FilterSet):
    """By words, state, lane that is open, owner, people, region and days."""

    of_the_moment = frozenset({"late", "promise"})
    """Filters that mean other rows as time goes by."""

    q = django_filters.CharFilter(method="found", label=_("Number, title or customer"), max_length=100)
    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"), empty_label=_("All"))
    lane = django_filters.ChoiceFilter(
        choices=Lane.choices, method="together", label=_("Still to be done"), empty_label=_("All")
    )
    late = django_filters.ChoiceFilter(
        choices=[("yes", _("overdue"))], method="together", label=_("Items"), empty_label=_("all")
    )
    handler = PersonFilter(label=_("Account manager"), empty_label=_("All"), null_label=_("nobody yet"))
    region = django_filters.ModelChoiceFilter(
        queryset=Region.objects.all(), field_name="customer__region", label=_("Region"), empty_label=_("All")
    )
    owner = _hidden(_("Owner"), User, method="together")
    customer = _hidden(_("Customer"), Organisation)
    specialist = _hidden(_("Customer specialist"), User)
    promise = django_filters.ChoiceFilter(
        choices=[("kept", _("kept")), ("missed", _("missed"))],
        method="together",
        label=_("Promised day"),
        empty_label=_("all"),
    )
    promise_from = _day(_("Promised from"), method="together")
    promise_to = _day(_("Promised until"), method="together")
    started_from = _day(_("Started from"), method="since")
    started_to = _day(_("Started until"), method="until")
    closed_from = _day(_("Carried out from"), method="since")
    closed_to = _day(_("Carried out until"), method="until")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By each filter, and by those that together say which items are meant."""
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        said = {name: value for name, value in self.form.cleaned_data.items() if value}
        if said.keys() & {"lane", "late", "owner"}:
            rows = rows.filter(pk__in=_items(said).values("execution_id"))
        if said.keys() & {"promise", "promise_from", "promise_to"}:
            rows = rows.filter(pk__in=_promises(said).values("record_id"))
        return rows

    def together(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:  # noqa: ARG002 - django_filters'
        """Nothing by itself: see `filter_queryset`."""
        return rows

    def since(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """From the beginning of a day on."""
        return rows.filter(**{f"{_MOMENTS[name.partition('_')[0]]}__gte": begins(value)})

    def until(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Up to the end of a day."""
        return rows.filter(**{f"{_MOMENTS[name.partition('_')[0]]}__lt": ends(value)})

    def found(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters'
        """By the beginning of its or the contract's number, a part of the title, or what the customer is found by."""
        asked = clean_line(value)
        if not asked:
            return rows
        if asked.upper().startswith(_NUMBERS_BEGIN):
            return rows.filter(Q(number__startswith=asked.upper()) | Q(carries_out__number__startswith=asked.upper()))
        customers = Organisation.objects.found_by(asked).values("pk")
        return rows.filter(Q(title__icontains=asked) | Q(customer__in=customers))


_MOMENTS = {"started": "created_at", "closed": "closed_at"}


def _items(said: dict[str, Any]) -> QuerySet[PlanItem]:
    rows = PlanItem.objects.exclude(progress__in=SETTLED)
    if "lane" in said:
        rows = rows.filter(lane=said["lane"])
    if "owner" in said:
        rows = rows.filter(owner=said["owner"])
    return rows.filter(due_on__lt=today()) if "late" in said else rows


def _promises(said: dict[str, Any]) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(promised())
    if "promise" in said:
        rows = rows.filter(kept() if said["promise"] == "kept" else missed(clock.now()))
    if "promise_from" in said:
        rows = rows.filter(due_at__gte=begins(said["promise_from"]))
    if "promise_to" in said:
        rows = rows.filter(due_at__lt=ends(said["promise_to"]))
    return rows
