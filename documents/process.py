"""The manifest of documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from documents import forms
from documents.models import Document
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
)
