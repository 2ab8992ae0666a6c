"""Administration of the shared canned texts, with their history; what is somebody's own is that person's affair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.shortcuts import get_object_or_404
from simple_history.admin import SimpleHistoryAdmin

from texts.models import CannedText

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


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

    def get_history_queryset(self, request: HttpRequest, *which: Any) -> QuerySet[Any]:
        """What a text was while it was shared."""
        found: QuerySet[Any] = super().get_history_queryset(request, *which)
        return found.filter(owner__isnull=True)

    def history_form_view(self, request: HttpRequest, object_id: str, version_id: str, **rest: Any) -> HttpResponse:
        """One of those versions. Raises Http404 for one that was somebody's own."""
        get_object_or_404(CannedText.history.filter(owner__isnull=True), id=object_id, history_id=version_id)
        answer: HttpResponse = super().history_form_view(request, object_id, version_id, **rest)
        return answer
