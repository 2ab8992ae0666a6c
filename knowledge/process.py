"""The manifests of articles, of digests and of summaries: all that the kernel and the faces need to know of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from knowledge import forms
from knowledge.filtersets import ArticleFilters
from knowledge.models import Article, Digest, Summary
from knowledge.notices import ARTICLE_NOTICES, DIGEST_NOTICES, SUMMARY_NOTICES
from knowledge.panels import ARTICLE_PANELS, DIGEST_PANELS, SUMMARY_PANELS
from knowledge.tables import ArticleTable, DigestTable, SummaryTable
from knowledge.views import PAGES, PORTAL_PAGES, matching
from search.records import RecordSearch
from workflow.common_forms import COMMON_FORMS
from workflow.registry import Process

ARTICLES = Process(
    kind="article",
    prefix="KB",
    model=Article,
    label=_("Article"),
    plural=_("Articles"),
    department="service",
    icon="file-text",
    forms={
        "write": forms.WriteForm,
        "edit": forms.EditForm,
        "approve": forms.ApproveForm,
        "send_back": forms.BecauseForm,
        "revise": forms.BecauseForm,
        "retire": forms.BecauseForm,
        **COMMON_FORMS,
    },
    notices=ARTICLE_NOTICES,
    panels=ARTICLE_PANELS,
    table=ArticleTable,
    filterset=ArticleFilters,
    internal=True,
    several=("note", "copy_to"),
    matching=matching,
    search=RecordSearch(),
    pages=PAGES,
    portal_pages=PORTAL_PAGES,
)
DIGESTS = Process(
    kind="digest",
    prefix="KD",
    model=Digest,
    label=_("Knowledge digest"),
    plural=_("Knowledge digests"),
    department="service",
    icon="list-check",
    forms={"gather": forms.GatherForm, "finish": forms.FinishDigestForm, **COMMON_FORMS},
    notices=DIGEST_NOTICES,
    panels=DIGEST_PANELS,
    table=DigestTable,
    internal=True,
    several=("note", "copy_to"),
)
SUMMARIES = Process(
    kind="opinions",
    prefix="OS",
    model=Summary,
    label=_("Opinion summary"),
    plural=_("Opinion summaries"),
    department="service",
    icon="message-reply",
    forms={
        "gather": forms.GatherOpinionsForm,
        "summarise": forms.SummariseForm,
        "reopen": forms.BecauseForm,
        **COMMON_FORMS,
    },
    notices=SUMMARY_NOTICES,
    panels=SUMMARY_PANELS,
    table=SummaryTable,
    internal=True,
    several=("note", "copy_to"),
)
