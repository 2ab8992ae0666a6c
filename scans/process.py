"""The manifest of scans that wait for somebody to say whose they are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from scans import forms
from scans.models import Scan
from scans.panels import SCAN_PANELS, ScanTable
from workflow.common_forms import COMMON_FORMS
from workflow.registry import Process

SCANS = Process(
    kind="scan",
    prefix="SC",
    model=Scan,
    label=_("Scan"),
    plural=_("Scans"),
    department="service",
    icon="photo",
    forms={
        "arrive": forms.ArriveForm,
        "assign": forms.AssignForm,
        "turn": forms.TurnForm,
        "discard": forms.DiscardForm,
        **COMMON_FORMS,
    },
    panels=SCAN_PANELS,
    table=ScanTable,
    internal=True,
    several=("discard", "note"),
    front="scans",
)
