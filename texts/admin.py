"""Administration of the shared canned texts, with their history; what is somebody's own is that person's affair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from texts.models import CannedText

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(CannedText)
class CannedTextAdmin(SimpleHistoryAdmin):
    """Shared texts. One that is wanted no more is taken out of offer."""

    list_display = ("name", "offered_at", "active")
    list_filter = ("active",)
    search_fields = ("name", "initials", "text")
    fields = ("name", "text", "offered_at", "active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The shared ones."""
        found: QuerySet[Any] = super().get_queryset(request)
        return found.filter(owner__isnull=True)
