"""What administrators see of batches: which there were, and who took which out of the house. Only to read."""

from __future__ import annotations

from django.contrib import admin

from batches.models import Batch, Trace
from workflow.admin import ReadOnlyAdmin


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    """Batches, without their files: those are handed to whoever asked, and to nobody else."""

    list_display = ("asked_at", "asked_by", "what", "form", "goal", "stage", "done", "refused", "total", "finished_at")
    list_filter = ("stage", "what", "goal", "format")
    list_select_related = ("asked_by",)
    search_fields = ("asked_by__display_name", "form")
    date_hierarchy = "asked_at"


@admin.register(Trace)
class TraceAdmin(ReadOnlyAdmin):
    """The log."""

    list_display = ("at", "what", "by", "batch", "count")
    list_filter = ("what",)
    list_select_related = ("by", "batch")
    search_fields = ("by__display_name",)
    date_hierarchy = "at"
