"""The manifest of executions: all that the kernel and the faces need to know of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from documents.panels import BESIDE_RECORDS
from execution.filtersets import ExecutionFilters
from execution.forms import EXECUTION_FORMS
from execution.measures import REPORTS
from execution.models import Execution
from execution.notices import NOTICES
from execution.panels import PANELS
from execution.services import KIND
from execution.tables import ExecutionTable
from execution.views import PAGES
from search.records import RecordSearch
from workflow.common_forms import COMMON_FORMS
from workflow.registry import Process

EXECUTIONS = Process(
    kind=KIND,
    prefix="ZX",
    model=Execution,
    label=_("Execution of a contract"),
    plural=_("Contracts in execution"),
    department="service",
    icon="list-check",
    forms={**EXECUTION_FORMS, **COMMON_FORMS},
    notices=NOTICES,
    panels=(*PANELS, BESIDE_RECORDS),
    table=ExecutionTable,
    filterset=ExecutionFilters,
    search=RecordSearch(),
    reports=REPORTS,
    several=("note", "copy_to"),
    pages=PAGES,
    front="execution-portfolio",
    called={"handler": _("Carried out by"), "specialist": _("Customer specialist")},
)
