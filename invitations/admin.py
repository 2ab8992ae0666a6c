"""Links and their use as administrators see them: never the token, and nothing to change."""

from __future__ import annotations

from django.contrib import admin

from invitations.models import Invitation, Opening
from workflow.admin import ReadOnlyAdmin


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was sent which form, until when, and what has become of it."""

    list_display = ("document", "contact", "email", "made_at", "made_by", "expires_at", "revoked_at", "answered_at")
    list_select_related = ("document", "contact", "made_by")
    search_fields = ("document__number", "contact__name", "email")
    exclude = ("seed", "token_hash")
    date_hierarchy = "made_at"


@admin.register(Opening)
class OpeningAdmin(ReadOnlyAdmin):
    """When a link was used, from where, and for what."""

    list_display = ("at", "invitation", "what", "address")
    list_select_related = ("invitation",)
    list_filter = ("what",)
    search_fields = ("invitation__document__number", "address")
    date_hierarchy = "at"
