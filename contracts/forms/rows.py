"""One row of each table of a contract: a line, an instalment, a promise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.fields import Amount, Count, Share
from contracts.models import PaymentTerm, Product, Promise, PurchaseMode
from workflow.forms import Day, Line
from workflow.rows import RowForm
from workflow.widgets import Choice

LAST_KEY = 30_000


def _among(choices: Any, *, empty: Any = "–", **kwargs: Any) -> forms.ChoiceField:
    """One of a few words, or none."""
    return forms.ChoiceField(choices=[("", empty), *choices], **{"required": False, **kwargs})


def _worded() -> forms.TextInput:
    """The input of a cell in which a sentence stands."""
    return forms.TextInput(attrs={"class": "worded"})


class KeptRow(RowForm):
    """A row that is told from others, also after it was written anew, by a key that it hides."""

    key = forms.IntegerField(min_value=1, max_value=LAST_KEY, required=False, widget=forms.HiddenInput)


class LineRow(KeptRow):
    """A product with its users and term, or training, or a service; prices are for the whole line."""

    product = Choice(
        Product.objects.filter(active=True), label=_("Product sold"), required=False, empty_label=_("no product")
    )
    description = Line(label=_("Item or remark"), required=False, max_length=200, widget=_worded())
    version = Line(label=_("Product version"), required=False, max_length=40)
    modules = Line(label=_("Modules"), required=False, max_length=200)
    users = Count(label=_("Users"), most=10_000_000)
    purchase_mode = _among(PurchaseMode.choices, label=_("Purchase mode"))
    months = Count(label=_("Months"), most=600)
    training_days = forms.DecimalField(
        label=_("Training days"),
        required=False,
        min_value=0,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "count"}),
    )
    list_price = Amount(label=_("List price"))
    price = Amount(label=_("Price"), required=True, error_messages={"required": _("Give the price; 0 for a gift.")})

    def clean(self) -> dict[str, Any]:
        """A line says what is bought; a product says how, and an annual fee for how long."""
        said = super().clean() or self.cleaned_data
        product = said.get("product")
        if product is None and not said.get("description") and "product" not in self.errors:
            self.add_error("description", _("Choose a product, or describe what is sold."))
        if product is not None and not said.get("purchase_mode") and "purchase_mode" not in self.errors:
            self.add_error("purchase_mode", _("Say whether it is an annual fee or a buy-out."))
        if said.get("purchase_mode") == PurchaseMode.ANNUAL and not said.get("months") and "months" not in self.errors:
            self.add_error("months", _("Say for how many months."))
        return said


class PaymentRow(KeptRow):
    """An instalment: its share or its amount, and from what its due time is known."""

    kind = _among(
        PaymentTerm.Kind.choices,
        label=_("Instalment"),
        required=True,
        error_messages={"required": _("Say which instalment it is.")},
    )
    share = Share(label=_("Share (%)"))
    amount = Amount(label=_("Amount"))
    after = _among(
        [each for each in PaymentTerm.After.choices if each[0]], empty=_("on a date"), label=_("Counted from")
    )
    days = Count(label=_("Days after"), least=0, most=3650)
    due_on = Day(label=_("Due on"), required=False)
    condition = Line(label=_("Condition"), required=False, max_length=200, widget=_worded())

    def clean(self) -> dict[str, Any]:
        """It is due either on a day or some days after something; it is so much, in per cent or in yuan."""
        said = super().clean() or self.cleaned_data
        if said.get("share") is None and said.get("amount") is None and not {"share", "amount"} & self.errors.keys():
            self.add_error("share", _("Give the share or the amount."))
        if "after" in self.errors or "due_on" in self.errors:
            return said
        if said["after"]:
            if said["due_on"] is not None:
                self.add_error("due_on", _("It is due either on a date or after an event, not both."))
            elif said.get("days") is None and "days" not in self.errors:
                said["days"] = 0
        elif said["due_on"] is None:
            self.add_error("due_on", _("Say on which day it is due, or after what."))
        else:
            said["days"] = None
        return said


class PromiseRow(KeptRow):
    """Something that the contract promises, and until when."""

    lane = _among(
        Promise.Lane.choices,
        label=_("Kind of work"),
        required=True,
        error_messages={"required": _("Say what kind of work it is.")},
    )
    title = Line(
        label=_("What is promised"), max_length=200, error_messages={"required": _("Say in a line what is promised.")}
    )
    due_on = Day(label=_("Due on"), required=False)
