"""What administrators do here: posts and shifts; exchanges and gaps to look at."""

from __future__ import annotations

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from duty.forms import ShiftForm
from duty.models import Gap, Post, Shift, Swap
from workflow.admin import ReadOnlyAdmin


@admin.register(Post)
class PostAdmin(SimpleHistoryAdmin):
    """Posts with the number at which customers reach them."""

    list_display = ("name_zh", "name_en", "code", "phone", "active")
    search_fields = ("name_zh", "name_en", "code")


@admin.register(Shift)
class ShiftAdmin(SimpleHistoryAdmin):
    """Shifts; they neither overlap nor end before they start."""

    form = ShiftForm
    list_display = ("starts_at", "ends_at", "post", "engineer", "note")
    list_filter = ("post",)
    list_select_related = ("post", "engineer")
    search_fields = ("engineer__display_name", "engineer__username")
    date_hierarchy = "starts_at"


@admin.register(Swap)
class SwapAdmin(ReadOnlyAdmin):
    """Exchanges of shifts: they come about by the people's own words."""

    list_display = ("asked_at", "shift", "asked_by", "asked_of", "outcome", "answered_at", "reason", "answer")
    list_filter = ("outcome",)
    list_select_related = ("shift__engineer", "asked_by", "asked_of")


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin):
    """Hours that nobody covered when they were looked for."""

    list_display = ("starts_at", "ends_at", "post", "found_at")
    list_filter = ("post",)
