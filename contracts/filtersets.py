"""How the list of contracts is narrowed; every filter lives in the address."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.flow import IN_FORCE, State
from contracts.measures import BANDS, SPEEDS, against, decided, discounted, returned, stepped
from contracts.models import Contract
from core import clock
from core.text import clean_line
from customers.models import Organisation
from lists.people import PersonFilter
from people.models import Role, User
from reports.periods import begins, ends
from workflow.models import Deadline, Ground, Opinion, Round, Step, WorkItem

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

_NUMBER_BEGINS = "HT-"
SOON = {"30": timedelta(days=30), "60": timedelta(days=60), "90": timedelta(days=90)}
"""In how many days a contract's term ends."""


def _choice(label: Any, choices: Any, **more: Any) -> Any:
    return django_filters.ChoiceFilter(choices=choices, label=label, empty_label=_("All"), **more)


def _row(label: Any, model: Any, **more: Any) -> Any:
    return django_filters.ModelChoiceFilter(queryset=model.objects.all(), label=label, empty_label=_("All"), **more)


def _day(label: Any, field: str = "", **more: Any) -> Any:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(field_name=field or None, label=label, widget=widget, **more)


def _amount(label: Any, lookup: str) -> Any:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    limits = {"min_value": 0, "max_digits": 14, "decimal_places": 2, "widget": widget}
    return django_filters.NumberFilter(field_name="amount", lookup_expr=lookup, label=label, **limits)


class ContractFilters(django_filters.FilterSet):
    """By words, state, kind, class, amount, author, customer, term, and what dashboards count."""

    of_the_moment = frozenset({"ends_soon", "decision"})
    """Filters that mean other rows as time goes by."""

    q = django_filters.CharFilter(method="found", label=_("Number, title or customer"), max_length=100)
    state = _choice(_("State"), State.choices)
    business = _choice(_("Kind of contract"), Contract.Business.choices)
    form = _choice(_("Class"), Contract.Form.choices)
    amount_from = _amount(_("Amount from"), "gte")
    amount_to = _amount(_("Amount to"), "lte")
    handler = PersonFilter(
        label=pgettext_lazy("contract", "Author"), empty_label=_("All"), null_label=_("nobody responsible yet")
    )
    develops = _choice(
        _("Product or custom development"), [("yes", _("yes")), ("no", _("no"))], method="with_development"
    )
    ends_soon = _choice(
        _("Term ends"), [("30", _("in 30 days")), ("60", _("in 60 days")), ("90", _("in 90 days"))], method="ending"
    )
    customer = _row(_("Customer"), Organisation, widget=forms.HiddenInput)
    submitted_from = _day(_("Submitted from"), "submitted_at", method="since")
    submitted_to = _day(_("Submitted until"), "submitted_at", method="until")
    approved_from = _day(_("Approved from"), "approved_at", method="since")
    approved_to = _day(_("Approved until"), "approved_at", method="until")
    returned_from = _day(_("Sent back from"), method="together")
    returned_to = _day(_("Sent back until"), method="together")
    ground = _row(
        _("Sent back or rejected because of"),
        Ground,
        method="together",
        null_label=_("no reason of a kind"),
        widget=forms.HiddenInput,
    )
    against = _choice(
        _("Decided against"),
        [(each.value, each.label) for each in (Opinion.Decision.RETURNED, Opinion.Decision.REJECTED)],
        method="together",
        widget=forms.HiddenInput,
    )
    against_from = _day(_("Decided against from"), method="together")
    against_to = _day(_("Decided against until"), method="together")
    decision = _choice(
        _("Decision"),
        [("kept", _("Decided in time")), ("missed", _("Decided late"))],
        method="together",
        widget=forms.HiddenInput,
    )
    decision_from = _day(_("Decision due from"), method="together")
    decision_to = _day(_("Decision due until"), method="together")
    step = django_filters.CharFilter(method="together", label=_("Step"), widget=forms.HiddenInput, max_length=40)
    speed = _choice(
        _("Step took"), [(code, each[0]) for code, each in SPEEDS.items()], method="together", widget=forms.HiddenInput
    )
    ended = _choice(_("Step ended"), Step.Outcome.choices, method="together", widget=forms.HiddenInput)
    step_from = _day(_("Step ended from"), method="together")
    step_to = _day(_("Step ended until"), method="together")
    band = _choice(_("Discount"), [(code, each[0]) for code, each in BANDS.items()], method="within_band")
    waits_for = _row(_("Waits for"), User, method="together", widget=forms.HiddenInput)
    waits_role = _row(_("Waits for"), Role, method="together", to_field_name="code", widget=forms.HiddenInput)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By each filter, and by those that only together say which step, decision or work is meant."""
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        said = {name: value for name, value in self.form.cleaned_data.items() if value}
        for names, which in _TOGETHER:
            if said.keys() & names:
                rows = rows.filter(pk__in=which(said))
        return rows

    def since(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """From the beginning of a day on."""
        return rows.filter(**{f"{name}__gte": begins(value)})

    def until(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Up to the end of a day."""
        return rows.filter(**{f"{name}__lt": ends(value)})

    def with_development(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """With product or custom development, or without."""
        return rows.filter(**{name: value == "yes"})

    def within_band(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters'
        """By how much is granted."""
        return rows.filter(discounted(value))

    def ending(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters'
        """In force, with a term that ends soon."""
        today = clock.local(clock.now()).date()
        return rows.filter(state__in=IN_FORCE, ends_on__gte=today, ends_on__lte=today + SOON[value])

    def together(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:  # noqa: ARG002 - django_filters'
        """Nothing by itself: see `filter_queryset`."""
        return rows

    def found(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002 - django_filters' signature
        """By the beginning of the number, a part of the title, or what the customer is found by."""
        asked = clean_line(value)
        if not asked:
            return rows
        if asked.upper().startswith(_NUMBER_BEGINS):
            return rows.filter(number__startswith=asked.upper())
        customers = Organisation.objects.found_by(asked).values("pk")
        return rows.filter(Q(title__icontains=asked) | Q(customer__in=customers))


def _between(said: dict[str, Any], stem: str, field: str) -> Q:
    within = Q()
    if f"{stem}_from" in said:
        within &= Q(**{f"{field}__gte": begins(said[f"{stem}_from"])})
    if f"{stem}_to" in said:
        within &= Q(**{f"{field}__lt": ends(said[f"{stem}_to"])})
    return within


def _decisions(said: dict[str, Any]) -> QuerySet[Any, Any]:
    rows = Deadline.objects.filter(decided(clock.now(), said.get("decision", "")))
    return rows.filter(_between(said, "decision", "due_at")).values("record_id")


def _returns(said: dict[str, Any]) -> QuerySet[Any, Any]:
    return Round.objects.filter(returned()).filter(_between(said, "returned", "ended_at")).values("record_id")


def _against(said: dict[str, Any]) -> QuerySet[Any, Any]:
    rows = Opinion.objects.filter(against())
    if "against" in said:
        rows = rows.filter(decision=said["against"])
    if "ground" in said:
        rows = rows.filter(ground=None if said["ground"] == "null" else said["ground"])
    return rows.filter(_between(said, "against", "at")).values("seat__step__round__record_id")


def _steps(said: dict[str, Any]) -> QuerySet[Any, Any]:
    rows = Step.objects.filter(stepped(said.get("speed", ""), said.get("ended", "")))
    if "step" in said:
        rows = rows.filter(code=said["step"])
    return rows.filter(_between(said, "step", "closed_at")).values("round__record_id")


def _work(said: dict[str, Any]) -> QuerySet[Any, Any]:
    rows = WorkItem.objects.open()
    if "waits_for" in said:
        rows = rows.filter(user=said["waits_for"])
    if "waits_role" in said:
        rows = rows.filter(user__isnull=True, role=said["waits_role"].code)
    return rows.values("record_id")


_TOGETHER = (
    ({"decision", "decision_from", "decision_to"}, _decisions),
    ({"returned_from", "returned_to"}, _returns),
    ({"ground", "against", "against_from", "against_to"}, _against),
    ({"step", "speed", "ended", "step_from", "step_to"}, _steps),
    ({"waits_for", "waits_role"}, _work),
)
