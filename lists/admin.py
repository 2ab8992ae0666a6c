"""What administrators do here: look after the views that people share, also of those who have left."""

from __future__ import annotations

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from lists.models import SavedView


@admin.register(SavedView)
class SavedViewAdmin(SimpleHistoryAdmin):
    """Saved views, with whom they are shared and what they ask."""

    list_display = ("name", "kind", "owner", "sharing", "department", "query")
    list_filter = ("kind", "sharing")
    list_select_related = ("owner", "department")
    search_fields = ("name", "owner__display_name", "owner__username")
    autocomplete_fields = ("owner",)
