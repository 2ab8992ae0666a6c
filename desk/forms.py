"""The forms of what belongs to the visitor alone, and of what is looked after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from people import scopes
from people.models import Substitution, User
from workflow.forms import Line, Moment

if TYPE_CHECKING:
    from datetime import datetime


class LookForm(forms.ModelForm):  # type: ignore[type-arg]
    """Language, look and mobile number."""

    class Meta:
        model = User
        fields = ("language", "theme", "mobile")
        widgets = {
            "language": forms.RadioSelect(choices=[("zh-hans", "中文"), ("en", "English")]),
            "theme": forms.RadioSelect,
        }

    def clean_language(self) -> str:
        """One of the languages that the house speaks."""
        chosen = self.cleaned_data["language"]
        if chosen not in {"zh-hans", "en"}:
            raise forms.ValidationError(_("Choose one of the languages."))
        return str(chosen)


class SubstitutionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who stands in for the visitor, from when until when."""

    starts_at = Moment(label=_("From"))
    ends_at = Moment(label=_("Until"))
    kinds = forms.MultipleChoiceField(
        label=_("For these processes only"),
        choices=scopes.kinds,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for everything."),
    )
    most = forms.DecimalField(
        label=_("Up to this amount only (CNY)"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Empty: whatever the amount. What has no amount is not limited by it."),
    )

    class Meta:
        model = Substitution
        fields = ("substitute", "starts_at", "ends_at", "kinds", "most", "reason")

    def __init__(self, *args: Any, principal: User, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.instance.principal = principal
        people = User.objects.staff().exclude(pk=principal.pk).order_by("display_name")
        self.fields["substitute"].queryset = people  # type: ignore[attr-defined]
        self.fields["substitute"].empty_label = _("Choose…")  # type: ignore[attr-defined]

    def clean_ends_at(self) -> datetime:
        """An absence that is over needs no substitute."""
        until: datetime = self.cleaned_data["ends_at"]
        if until <= clock.now():
            raise forms.ValidationError(_("This time is already over."))
        return until


class WhyForm(forms.Form):
    """Why nothing is done about something."""

    reason = Line(label=_("Reason"), error_messages={"required": _("Say why.")})
