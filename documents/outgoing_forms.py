"""What is asked when a document is sent to its customer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from customers.models import Contact
from workflow.forms import Line, VerbForm

USUAL, LONGEST = 30, 365
"""Days for which a link opens its form."""


class SendOutForm(VerbForm):
    """To whom, how, and until when."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Contact"), error_messages={"required": _("Choose who is to fill it in.")}
    )
    by_email = forms.BooleanField(
        label=_("Send the link by mail"),
        required=False,
        initial=True,
        help_text=_("In any case the link is shown to you once, to be handed over in a chat."),
    )
    until = forms.DateField(label=_("Open until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document: Any = self.record
        mine = Contact.objects.filter(organisation=document.customer_id, active=True)
        self.fields["contact"].queryset = mine  # type: ignore[attr-defined] # a choice among rows
        self.fields["contact"].initial = document.contact_id
        self.fields["until"].initial = self._usual_end()

    def _usual_end(self) -> date:
        """The day on which the form must be back, where there is one, else a month."""
        today = clock.local(self.at).date()
        due = self.record.due_at
        return clock.local(due).date() if due and due > self.at else today + timedelta(days=USUAL)

    def clean_until(self) -> date:
        """From today on, and within a year."""
        until: date = self.cleaned_data["until"]
        today = clock.local(self.at).date()
        if not today <= until <= today + timedelta(days=LONGEST):
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return until

    def clean(self) -> dict[str, Any]:
        """By mail only to somebody who has an address."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        contact = said.get("contact")
        if contact and said.get("by_email") and not contact.email:
            self.add_error("by_email", _("There is no mail address of this contact; hand the link over yourself."))
        return said


class RevokeForm(VerbForm):
    """Why no link is to open it any more."""

    reason = Line(label=_("Reason"), required=False)
