"""What is asked at the acts on the whole of an execution."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import Contract
from people.models import User
from workflow.forms import Line, Text, VerbForm

SPECIALISTS, MANAGERS = ("customer_specialist",), ("account_manager", "senior_account_manager")


class StartForm(VerbForm):
    """Of which contract; there is one execution of each."""

    contract = forms.ModelChoiceField(
        Contract.objects.filter(carried_out_by__isnull=True).select_related("customer__account_manager", "handler"),
        label=gettext_lazy("Contract"),
    )


class AmendForm(VerbForm):
    """By which amendment."""

    contract = forms.ModelChoiceField(Contract.objects.filter(amends__isnull=False), label=gettext_lazy("Amendment"))


class HandOverForm(VerbForm):
    """Who is responsible from now on: for the customer's side, for the paper's side, or for both."""

    handler = forms.ModelChoiceField(
        User.objects.staff().filter(roles__code__in=MANAGERS).distinct(),
        label=gettext_lazy("Account manager"),
        required=False,
        empty_label=gettext_lazy("as before"),
    )
    specialist = forms.ModelChoiceField(
        User.objects.staff().filter(roles__code__in=SPECIALISTS).distinct(),
        label=gettext_lazy("Customer specialist"),
        required=False,
        empty_label=gettext_lazy("as before"),
    )
    reason = Text(label=gettext_lazy("Reason"), rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        found = super().clean() or self.cleaned_data
        if not self.errors and not (found.get("handler") or found.get("specialist")):
            raise forms.ValidationError(_("Name an account manager or a customer specialist."))
        return found


class SignatureForm(VerbForm):
    """With which name Serv101 is signed."""

    signed_by = Line(
        label=gettext_lazy("Name under Serv101"),
        max_length=60,
        error_messages={"required": gettext_lazy("Write your name.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.actor.on_behalf_of or self.actor.user
        self.fields["signed_by"].initial = str(user) if user is not None else ""


class ConfirmForm(SignatureForm):
    """The account manager's name, and what is left over."""

    open_items = Text(
        label=gettext_lazy("Left over, and what is planned"),
        rows=2,
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Such as an instalment that is due later, and who keeps an eye on it."),
    )


class SignForm(SignatureForm):
    """The director's name and opinion; what is signed is a click away."""

    opinion = Line(label=gettext_lazy("Opinion"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        execution: Any = self.record
        if (paper := execution.confirmation) is not None:
            words = _("Read %(number)s before you sign it.") % {"number": paper.number}
            url = reverse("desk:record", args=[paper.kind, paper.number])
            self.fields["signed_by"].help_text = format_html('<a href="{}" target="_blank">{}</a>', url, words)


class PaperForm(VerbForm):
    """Which paper it was."""

    document = Line(label=gettext_lazy("Document"), max_length=24)


class TerminateForm(VerbForm):
    """With which contract it ends, and why."""

    contract = Line(label=gettext_lazy("Contract"), max_length=24)
    reason = Text(label=gettext_lazy("Reason"), required=False)
