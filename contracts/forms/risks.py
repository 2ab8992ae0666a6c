"""What the acts on risks ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models import Risk
from workflow.forms import Line, VerbForm


class NameRiskForm(VerbForm):
    """What the risk is, how grave, and perhaps how it is controlled."""

    risk = Line(label=_("Risk"), max_length=300, error_messages={"required": _("Say what the risk is.")})
    level = forms.ChoiceField(
        label=_("Level"),
        choices=Risk.Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how grave it is.")},
    )
    control = Line(label=_("Control"), max_length=300, required=False)


class ControlRiskForm(VerbForm):
    """Which risk, and how it is controlled."""

    risk = forms.ModelChoiceField(
        Risk.objects.none(),
        label=_("Risk"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose the risk.")},
    )
    control = Line(
        label=_("Control"), max_length=300, error_messages={"required": _("Say how the risk is controlled.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["risk"]
        field.queryset = Risk.objects.filter(contract=self.record.pk, control="")


RISK_FORMS: dict[str, type[VerbForm]] = {"name_risk": NameRiskForm, "control_risk": ControlRiskForm}
