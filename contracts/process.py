"""The manifest of contracts: all that the kernel and the faces need to know of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from contracts.filtersets import ContractFilters
from contracts.flow import IN_FORCE, State
from contracts.forms import PAPER_FORMS, RISK_FORMS, WRITING_FORMS
from contracts.measures import REPORTS
from contracts.models import Contract
from contracts.notices import NOTICES
from contracts.panels import BESIDE_CUSTOMER, PANELS
from contracts.tables import ContractTable
from search.records import RecordSearch
from workflow.approvals.forms import REVIEW_FORMS
from workflow.common_forms import COMMON_FORMS
from workflow.registry import Process

SIGNED = frozenset({*IN_FORCE, State.TERMINATED})
APPROVED = frozenset({State.APPROVED, State.SEALING, State.POSTED, *SIGNED})
CONTRACTS = Process(
    kind="contract",
    prefix="HT",
    model=Contract,
    label=_("Contract"),
    plural=_("Contracts"),
    department="sales_operations",
    icon="file-certificate",
    forms={**WRITING_FORMS, **RISK_FORMS, **PAPER_FORMS, **REVIEW_FORMS, **COMMON_FORMS},
    notices=NOTICES,
    panels=PANELS,
    table=ContractTable,
    filterset=ContractFilters,
    reports=REPORTS,
    search=RecordSearch(),
    several=("press_decision", "note", "copy_to"),
    shown_to={"service": SIGNED, "finance": APPROVED, "hr": APPROVED},
    staff_only=True,
    beside_customer=BESIDE_CUSTOMER,
    called={"handler": _("In charge"), "specialist": ""},
)
