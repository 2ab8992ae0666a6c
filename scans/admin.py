"""What administrators see of scans: which files came, and what became of their pages. Only to read."""

from __future__ import annotations

from django.contrib import admin

from scans.models import Part, Upload
from workflow.admin import ReadOnlyAdmin


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    """Uploaded files."""

    list_display = ("uploaded_at", "uploaded_by", "name", "kind", "stage", "done", "total", "finished_at")
    list_filter = ("stage", "kind")
    list_select_related = ("uploaded_by",)
    search_fields = ("name", "uploaded_by__display_name")
    date_hierarchy = "uploaded_at"


@admin.register(Part)
class PartAdmin(ReadOnlyAdmin):
    """What became of pages."""

    list_display = ("upload", "first", "outcome", "document", "scan")
    list_filter = ("outcome",)
    list_select_related = ("upload", "document", "scan")
    search_fields = ("upload__name",)
