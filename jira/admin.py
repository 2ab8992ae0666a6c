"""What administrators do here: set up the connection to R&D's JIRA; and look at issues and at what JIRA was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from core.fields import secret_input
from jira.models import Connection, Incoming, Issue, Outage, Outgoing
from workflow.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.http import HttpRequest

_MAPPED = ("method_field", "advice_field", "result_field", "leftovers_field", "handler_field")


class ConnectionForm(forms.ModelForm[Connection]):
    """The connection, with its keys to be entered and never to be read."""

    new_token = secret_input(_("token"))
    new_webhook_secret = secret_input(_("webhook secret"))
    language = forms.ChoiceField(
        label=_("language"), choices=settings.LANGUAGES, help_text=_("In which issues and comments are written.")
    )

    class Meta:
        model = Connection
        fields = ("name", "base_url", "project", "issue_type", "link_type", *_MAPPED, "done_statuses", "told", "active")

    def clean(self) -> dict[str, Any] | None:
        """Without a token nothing can be switched on."""
        said = super().clean() or self.cleaned_data
        if said.get("active") and not said.get("new_token") and not self.instance.token:
            self.add_error("new_token", _("An active connection needs this."))
        return said

    def save(self, commit: bool = True) -> Connection:  # noqa: FBT001, FBT002 - Django's signature
        """Put new keys in the place of the old ones."""
        for name in ("token", "webhook_secret"):
            if given := str(self.cleaned_data[f"new_{name}"]).strip():
                setattr(self.instance, name, given)
        self.instance.language = self.cleaned_data["language"]
        return super().save(commit)


@admin.register(Connection)
class ConnectionAdmin(SimpleHistoryAdmin):
    """R&D's JIRA; at most one is active. A changed key shows in the history by its mark, never by itself."""

    form = ConnectionForm
    list_display = ("name", "base_url", "project", "active", "polled_at", "poll_fault", "key_mark")
    autocomplete_fields = ("told",)
    readonly_fields = ("key_mark", "webhook_address", "polled_at", "poll_fault", "out_of_step")
    fieldsets = (
        (None, {"fields": ("name", "active", "base_url", "project", "issue_type", "link_type", "language")}),
        (_("Keys"), {"fields": ("new_token", "new_webhook_secret", "key_mark", "webhook_address")}),
        (_("Where R&D records what (TKT-24)"), {"fields": (*_MAPPED, "done_statuses")}),
        (_("Who looks after it"), {"fields": ("told",)}),
        (_("State"), {"fields": ("polled_at", "poll_fault", "out_of_step")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Switched off instead: issues name it."""
        return False

    @admin.display(description=_("address for JIRA's webhook"))
    def webhook_address(self, connection: Connection) -> str:
        """What is entered in JIRA, together with the secret."""
        return f"{settings.SITE_URL}{reverse('jira:webhook')}"

    @admin.display(description=_("what is out of step"))
    def out_of_step(self, connection: Connection) -> str:
        """The way to the page, while this JIRA is on."""
        if not connection.active:
            return "–"
        return format_html('<a href="{}">{}</a>', reverse("desk:jira"), _("R&D in JIRA"))


@admin.register(Issue)
class IssueAdmin(ReadOnlyAdmin):
    """The issues, each with the escalation for which it stands."""

    list_display = ("label", "key", "record", "status", "resolution", "done", "asked_at", "read_at", "returned_at")
    list_filter = ("done", "connection")
    list_select_related = ("record",)
    search_fields = ("key", "record__number")
    show_full_result_count = False


@admin.register(Outgoing)
class OutgoingAdmin(ReadOnlyAdmin):
    """What JIRA was told, or should have been."""

    list_display = ("created_at", "kind", "issue", "attempts", "sent_at", "failed_at", "fault", "detail", "ignored_by")
    list_filter = ("kind", "fault")
    list_select_related = ("issue", "ignored_by")
    search_fields = ("issue__key", "issue__record__number")
    show_full_result_count = False


@admin.register(Incoming)
class IncomingAdmin(ReadOnlyAdmin):
    """Files that R&D attached, and what became of each."""

    list_display = ("found_at", "name", "issue", "author", "size", "attempts", "taken_at", "refused_at", "fault")
    list_filter = ("fault",)
    list_select_related = ("issue",)
    search_fields = ("name", "issue__key", "issue__record__number")
    show_full_result_count = False


@admin.register(Outage)
class OutageAdmin(ReadOnlyAdmin):
    """When JIRA did not go along, and when people were told of it."""

    list_display = ("since", "cause", "connection", "told_at", "over_at")
    list_filter = ("cause",)
    list_select_related = ("connection",)
