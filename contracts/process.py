"""The manifest of contracts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from contracts.forms import PAPER_FORMS, WRITING_FORMS
from contracts.models import Contract
from workflow.approvals.forms import REVIEW_FORMS
from workflow.common_forms import COMMON_FORMS
from workflow.registry import Process

CONTRACTS = Process(
    kind="contract",
    prefix="HT",
    model=Contract,
    label=_("Contract"),
    plural=_("Contracts"),
    department="sales_operations",
    icon="file-certificate",
    forms={**WRITING_FORMS, **PAPER_FORMS, **REVIEW_FORMS, **COMMON_FORMS},
)
