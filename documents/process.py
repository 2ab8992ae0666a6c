"""The manifest of documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from documents import forms, outgoing_forms
from documents.filtersets import DocumentFilters
from documents.models import Document
from documents.notices import NOTICES
from documents.panels import PANELS
from documents.services import texts
from documents.tables import DocumentTable
from documents.views import PORTAL_PAGES
from search.records import RecordSearch
from workflow.common_forms import COMMON_FORMS
from workflow.registry import Process

DOCUMENTS = Process(
    kind="document",
    prefix="DOC",
    model=Document,
    label=_("Document"),
    plural=_("Documents"),
    department="service",
    icon="file-text",
    forms={
        "issue": forms.IssueForm,
        "fill": forms.FillForm,
        "send_out": outgoing_forms.SendOutForm,
        "revoke_links": outgoing_forms.RevokeForm,
        "fill_in": forms.CustomersPartForm,
        "send_in": forms.CustomersPartForm,
        "reopen": forms.ReasonForm,
        "sign": forms.SignForm,
        "freeze": forms.FreezeForm,
        "chase": forms.ChaseForm,
        "receive_signed": forms.ReceiveSignedForm,
        "hand_over_original": forms.HandOverForm,
        "archive": forms.ArchiveForm,
        "refile": forms.ArchiveForm,
        "replace": forms.ReasonForm,
        "supersede": forms.SupersedeForm,
        "cancel": forms.ReasonForm,
        **COMMON_FORMS,
    },
    notices=NOTICES,
    panels=PANELS,
    table=DocumentTable,
    filterset=DocumentFilters,
    search=RecordSearch(more=texts),
    several=("chase", "note", "copy_to"),
    portal_pages=PORTAL_PAGES,
)
