"""What administrators see of the kernel: policies to edit; records, timeline, deadlines and outbox to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from calendars import hooks
from workflow import recompute, registry, surveys
from workflow.approvals import admin as reviews  # noqa: F401 - its tables are registered with these
from workflow.models import (
    Attachment,
    ClockCheck,
    Deadline,
    DeadlinePolicy,
    Entry,
    Firing,
    OutboxMessage,
    PolicyLevel,
    Recomputation,
    Record,
    WorkItem,
)
from workflow.parties import RELATIONS, UnknownPartyError, party

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """A table that the admin shows and never writes: states change only through acts."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False


class RecipientsField(forms.JSONField):
    """A list of party codes, checked one by one."""

    def clean(self, value: Any) -> list[str]:
        """The codes. Raises ValidationError naming the one that is unknown."""
        codes = super().clean(value) or []
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise forms.ValidationError(_('Give a list of codes, for instance ["handler", "supervisor"].'))
        for code in codes:
            try:
                party(code)
            except UnknownPartyError as error:
                raise forms.ValidationError(
                    _("“%(code)s” is neither a relation (%(relations)s) nor a role."),
                    params={"code": code, "relations": ", ".join(RELATIONS)},
                ) from error
        return codes


class LevelForm(forms.ModelForm[PolicyLevel]):
    """A level, with its recipients checked."""

    recipients = RecipientsField(label=_("who is told"), required=False)

    class Meta:
        model = PolicyLevel
        fields = ("kind", "share", "recipients")


class LevelInline(admin.TabularInline[PolicyLevel, DeadlinePolicy]):
    """The levels of a policy."""

    model = PolicyLevel
    form = LevelForm
    ordering = ("share", "position")
    extra = 0


class PolicyForm(forms.ModelForm[DeadlinePolicy]):
    """A policy, for one of the timers that the flows declare."""

    timer = forms.ChoiceField(label=_("deadline"), choices=list)

    class Meta:
        model = DeadlinePolicy
        fields = (
            "name_zh",
            "name_en",
            "timer",
            "rule",
            "match",
            "minutes",
            "clock",
            "calendar",
            "tightening",
            "active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flows: list[Any] = [process.model for process in registry.all_processes()]
        timers = [(timer.code, f"{timer.label} ({timer.code})") for flow in flows for timer in flow.timers]
        self.fields["timer"].choices = timers  # type: ignore[attr-defined]


@admin.register(DeadlinePolicy)
class DeadlinePolicyAdmin(SimpleHistoryAdmin):
    """How long things may take, by which clock, and who is told when.

    What runs keeps to the terms that it was set under: after an edit that would change it, its survey follows.
    """

    form = PolicyForm
    readonly_fields = ("version", "running")
    inlines: ClassVar[list[Any]] = [LevelInline]
    list_display = ("name", "timer", "rule", "match", "minutes", "clock", "active", "version")
    list_filter = ("timer", "clock", "active")
    history_list_display: ClassVar[list[str]] = ["minutes", "clock", "active"]

    @admin.display(description=_("running deadlines"))
    def running(self, policy: DeadlinePolicy) -> str:
        """The way to what the policy would change in what runs."""
        if policy.pk is None:
            return ""
        return format_html(
            '<a href="{}">{}</a>', surveys.page_of_policy(policy), gettext("See what would be set otherwise")
        )

    def response_post_save_add(self, request: HttpRequest, obj: DeadlinePolicy) -> HttpResponse:
        """Lead to what the new policy would change, or back to the list."""
        usual: HttpResponse = super().response_post_save_add(request, obj)
        return surveys.after_edit(obj) or usual

    def response_post_save_change(self, request: HttpRequest, obj: DeadlinePolicy) -> HttpResponse:
        """Lead to what the edit would change, or back to the list."""
        usual: HttpResponse = super().response_post_save_change(request, obj)
        return surveys.after_edit(obj) or usual


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    """Every record of every process."""

    list_display = ("number", "kind", "title", "customer", "state", "handler", "due_at")
    list_filter = ("kind", "is_open")
    search_fields = ("number", "title")
    list_select_related = ("customer", "handler")
    show_full_result_count = False


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """The timeline, as it was written."""

    list_display = ("record", "seq", "at", "actor", "on_behalf_of", "verb", "from_state", "to_state", "channel")
    list_filter = ("channel",)
    search_fields = ("record__number",)
    list_select_related = ("record", "actor", "on_behalf_of")
    show_full_result_count = False


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    """Deadlines and what became of them."""

    list_display = ("record", "timer", "rule", "cycle", "started_at", "due_at", "outcome", "missed_at", "excused_by")
    list_filter = ("timer", "outcome")
    search_fields = ("record__number",)
    list_select_related = ("record", "excused_by")
    show_full_result_count = False


@admin.register(Firing)
class FiringAdmin(ReadOnlyAdmin):
    """Levels that fired."""

    list_display = ("deadline", "level", "kind", "due_at", "fired_at", "late")
    list_filter = ("kind", "late")
    list_select_related = ("deadline",)
    show_full_result_count = False


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnlyAdmin):
    """What waits for whom."""

    list_display = ("record", "verb", "user", "role", "since", "due_at", "done_at")
    search_fields = ("record__number",)
    list_select_related = ("record", "user")
    show_full_result_count = False


@admin.register(OutboxMessage)
class OutboxAdmin(ReadOnlyAdmin):
    """What is still to be done after a commit, and what failed."""

    list_display = ("topic", "key", "created_at", "available_at", "attempts", "done_at", "failed_at")
    list_filter = ("topic",)
    show_full_result_count = False


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """Files on records; their content is served only by the record's own page."""

    list_display = ("name", "record", "content_type", "size", "added_at")
    list_select_related = ("record",)
    exclude = ("file",)
    show_full_result_count = False


@admin.register(Recomputation)
class RecomputationAdmin(ReadOnlyAdmin):
    """What was ordered, and how far it has come."""

    list_display = ("asked_at", "asked_by", "reason", "outcome", "done", "total", "changed")
    list_select_related = ("asked_by",)
    exclude = ("rules", "reached")
    change_list_template = "admin/workflow/recomputation/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses and that of the survey."""
        return [path("survey/", self.admin_site.admin_view(self.survey_view), name=surveys.NAME), *super().get_urls()]

    def survey_view(self, request: HttpRequest) -> HttpResponse:
        """What would change; whoever says why and confirms has it done."""
        if not request.user.has_perm("workflow.add_recomputation"):
            raise PermissionDenied
        subject, timers = surveys.scope_of(request.GET)
        form = surveys.OrderForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            user: Any = request.user
            if recompute.order(timers, said["reason"], user, said["rules"]):
                self.message_user(request, gettext("The recomputation is under way; this list shows its progress."))
                return HttpResponseRedirect(reverse("admin:workflow_recomputation_changelist"))
            changed = gettext("The rules have been changed meanwhile. Nothing was done; look at what would change now.")
            self.message_user(request, changed, level=messages.WARNING)
        return self._show(request, str(subject or ""), timers)

    def _show(self, request: HttpRequest, subject: str, timers: Sequence[str]) -> HttpResponse:
        survey = recompute.survey(timers, surveys.MOST)
        said = request.POST.copy()
        said["rules"] = survey.rules  # whoever confirms next confirms what stands here now
        form = (
            surveys.OrderForm(said) if request.method == "POST" else surveys.OrderForm(initial={"rules": survey.rules})
        )
        page = Paginator(survey.changes, surveys.PAGE).get_page(request.GET.get("page"))
        query = request.GET.copy()
        query.pop("page", None)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Running deadlines that the present rules would set otherwise"),
            "opts": self.opts,
            "subject": subject,
            "survey": survey,
            "page": page,
            "form": form,
            "query": query.urlencode(),
        }
        return TemplateResponse(request, "admin/workflow/recomputation/survey.html", context)


@admin.register(ClockCheck)
class ClockCheckAdmin(ReadOnlyAdmin):
    """The nightly look at every open deadline."""

    list_display = ("at", "examined", "drifted", "waiting")


hooks.depend(hooks.Dependant(_("Running deadlines"), surveys.page_of_calendar, surveys.touched_by_calendar))
