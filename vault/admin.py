"""What administrators see of the vault: which details there are, and every look. Passwords are dots here too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from vault.models import Access, Look
from workflow.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(Access)
class AccessAdmin(ReadOnlyAdmin):
    """Access details; they come from records."""

    list_display = ("organisation", "site", "address", "username", "login_method", "firewall", "recorded_at", "active")
    list_filter = ("active", "login_method", "firewall")
    list_select_related = ("organisation", "site")
    search_fields = ("organisation__name", "address")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the password, not even as dots."""
        return [f.name for f in Access._meta.fields if f.name not in {"id", "password"}]


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    """The log of looks."""

    list_display = ("at", "by", "on_behalf_of", "access", "record", "reason", "taken_at")
    list_select_related = ("by", "on_behalf_of", "access", "record")
    search_fields = ("record__number", "by__display_name", "access__organisation__name")
    date_hierarchy = "at"
