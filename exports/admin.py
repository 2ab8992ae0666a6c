"""What administrators see of exports: which there were, and who took which rows out of the house. Only to read."""

from __future__ import annotations

from django.contrib import admin

from exports.models import Export, Trace
from workflow.admin import ReadOnlyAdmin


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    """Exports, without their files: those are handed to whoever asked, and to nobody else."""

    list_display = ("asked_at", "asked_by", "kind", "format", "stage", "written", "total", "finished_at", "expires_at")
    list_filter = ("stage", "format", "kind")
    list_select_related = ("asked_by",)
    search_fields = ("asked_by__display_name", "asked_by__username", "query")
    date_hierarchy = "asked_at"


@admin.register(Trace)
class TraceAdmin(ReadOnlyAdmin):
    """The log."""

    list_display = ("at", "what", "by", "export", "rows")
    list_filter = ("what",)
    list_select_related = ("by", "export")
    search_fields = ("by__display_name", "export__asked_by__display_name", "export__query")
    date_hierarchy = "at"
