"""Administration of executions: to look at only; they change through acts on their own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from execution.models import Execution, PlanItem
from workflow.admin import ReadOnlyAdmin


@admin.register(Execution)
class ExecutionAdmin(ReadOnlyAdmin):
    """Executions, as they stand."""

    list_display = ("number", "title", "customer", "standing", "handler", "specialist", "open_items", "all_items")
    search_fields = ("number", "title", "carries_out__number")
    list_select_related = ("customer", "handler", "specialist")
    show_full_result_count = False

    @admin.display(description=_("state"), ordering="state")
    def standing(self, execution: Any) -> str:
        """The word: the parent row knows only its code."""
        return str(execution.State(execution.state).label)


@admin.register(PlanItem)
class PlanItemAdmin(ReadOnlyAdmin):
    """The items of plans."""

    list_display = ("execution", "lane", "title", "owner", "due_on", "progress", "done_on")
    list_filter = ("lane", "progress")
    search_fields = ("execution__number", "title")
    list_select_related = ("execution", "owner")
    show_full_result_count = False
