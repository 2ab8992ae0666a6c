"""Administration of the ticket desk: vocabularies and routing to edit; tickets to look at only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from tickets.flow import State
from tickets.models import Channel, IssueSubtype, IssueType, RoutingRule, Severity, Ticket
from workflow.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class TermAdmin(SimpleHistoryAdmin):
    """A word of a vocabulary. One that is in use is taken out of offer, not deleted; its code never changes."""

    list_display: tuple[str, ...] = ("name_zh", "name_en", "code", "position", "active")
    list_filter: tuple[str, ...] = ("active",)
    search_fields = ("name_zh", "name_en", "code")
    ordering = ("position", "id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code that rules and policies may name stays."""
        return ("code",) if obj is not None else ()


@admin.register(Channel)
class ChannelAdmin(TermAdmin):
    """Channels (TKT-01)."""

    list_display = (*TermAdmin.list_display, "intake")
    list_filter = ("active", "intake")


class SubtypeInline(admin.TabularInline[IssueSubtype, IssueType]):
    """The subtypes of a type."""

    model = IssueSubtype
    extra = 0
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Taken out of offer instead."""
        return False


@admin.register(IssueType)
class IssueTypeAdmin(TermAdmin):
    """Issue types with their subtypes (TKT-03)."""

    inlines = (SubtypeInline,)


@admin.register(IssueSubtype)
class IssueSubtypeAdmin(TermAdmin):
    """Subtypes; which of them can be handed to a consultant (TKT-12)."""

    list_display = ("name_zh", "name_en", "issue_type", "for_consultants", "position", "active")
    list_filter = ("active", "issue_type", "for_consultants")
    list_select_related = ("issue_type",)
    autocomplete_fields = ("issue_type",)


@admin.register(Severity)
class SeverityAdmin(TermAdmin):
    """Severities with their criteria (TKT-04); which are reported (TKT-19). Times are set in the deadline policies."""

    list_display = ("name_zh", "name_en", "criterion_zh", "reported", "cause_required", "position", "active")


@admin.register(RoutingRule)
class RoutingRuleAdmin(SimpleHistoryAdmin):
    """Who works on what (TKT-07 to TKT-12); the rule that names most wins."""

    list_display = ("issue_type", "subtype", "region", "goal", "rule", "active")
    list_display_links = ("issue_type", "goal")
    list_filter = ("active", "issue_type", "region", "role")
    list_select_related = ("issue_type", "subtype", "region", "role")
    autocomplete_fields = ("issue_type", "subtype", "region", "role")
    search_fields = ("issue_type__name_zh", "subtype__name_zh", "rule")
    fieldsets = (
        (_("Which tickets"), {"fields": ("issue_type", "subtype", "region")}),
        (_("To whom: a role, or the customer's account manager"), {"fields": ("role", "to_account_manager")}),
        (None, {"fields": ("rule", "active")}),
    )

    @admin.display(description=_("to whom"))
    def goal(self, rule: RoutingRule) -> str:
        """The role, or the account manager."""
        return str(rule.role or _("the customer's account manager"))


class StateFilter(admin.SimpleListFilter):
    """The states by their words."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every state of the flow."""
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The tickets in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() in State.values else queryset


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    """Tickets, as they are. They change through acts on their own page only."""

    list_display = ("number", "title", "customer", "severity", "issue_type", "standing", "handler", "due_at")
    list_filter = ("is_open", StateFilter, "severity", "issue_type", "channel")
    search_fields = ("number", "title")
    list_select_related = ("customer", "severity", "issue_type", "handler")
    show_full_result_count = False

    @admin.display(description=_("state"), ordering="state")
    def standing(self, ticket: Ticket) -> str:
        """The state's word; the parent row knows only its code."""
        return str(State(ticket.state).label)
