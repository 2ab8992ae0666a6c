"""What administrators see of links to decisions: to whom one was sent, and what came of it; never the link."""

from __future__ import annotations

from django.contrib import admin

from decisions.models import DecisionLink
from workflow.admin import ReadOnlyAdmin


@admin.register(DecisionLink)
class DecisionLinkAdmin(ReadOnlyAdmin):
    """Links, as they were made and used."""

    list_display = ("step", "user", "made_at", "expires_at", "opened_at", "used_at")
    list_select_related = ("step", "user")
    fields = ("step", "user", "made_at", "expires_at", "opened_at", "used_at", "entry")
    show_full_result_count = False
