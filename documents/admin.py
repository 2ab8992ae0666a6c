"""What administrators see of documents: which there are, what was printed, who signed and who took it. Only to read."""

from __future__ import annotations

from django.contrib import admin

from documents.models import Document, Original, Printed, Signature, Taken
from workflow.admin import ReadOnlyAdmin


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Documents, without their content: that stands on their own pages, for those whose affair it is."""

    list_display = (
        "number",
        "form",
        "customer",
        "state",
        "handler",
        "finalised_at",
        "frozen_at",
        "fault",
        "archive_no",
    )
    list_filter = ("form", "is_open")
    list_select_related = ("customer", "handler")
    search_fields = ("number", "archive_no")
    show_full_result_count = False
    exclude = ("values",)


@admin.register(Printed)
class PrintedAdmin(ReadOnlyAdmin):
    """Frozen prints with their fingerprints; the files are handed out on the documents' pages."""

    list_display = ("document", "copy", "for_customer", "sha256", "size", "pages", "made_at")
    list_select_related = ("document",)
    search_fields = ("sha256", "document__number")
    exclude = ("file",)


@admin.register(Taken)
class TakenAdmin(ReadOnlyAdmin):
    """Who took which frozen PDF."""

    list_display = ("at", "by", "printed", "channel")
    list_select_related = ("by", "printed")
    search_fields = ("printed__document__number", "by__display_name")
    date_hierarchy = "at"


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    """Signatures on the screen, without the drawings."""

    list_display = ("document", "item", "name", "how", "signed_at", "address", "user", "contact", "void_since")
    list_select_related = ("document", "user", "contact")
    search_fields = ("document__number", "name")


@admin.register(Original)
class OriginalAdmin(ReadOnlyAdmin):
    """Where the originals are (ACC-12)."""

    list_display = ("document", "copy", "holder", "received_by", "place", "received_at")
    list_select_related = ("document",)
    search_fields = ("document__number", "received_by", "place")
