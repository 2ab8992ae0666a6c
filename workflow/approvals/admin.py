"""What administrators do about reviews: policies and checklists; versions, rounds, seats and opinions are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from people.admin import TermAdmin
from workflow.approvals import previews
from workflow.approvals.policy_forms import (
    ItemForm,
    ItemFormSet,
    NewPolicyForm,
    PolicyForm,
    StepForm,
    StepFormSet,
    reviewed_kinds,
    rule_exists,
)
from workflow.models import (
    Checklist,
    ChecklistItem,
    Ground,
    Opinion,
    PolicyStep,
    ReviewPolicy,
    Round,
    Seat,
    Step,
    Version,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern


class StepInline(admin.StackedInline[PolicyStep, ReviewPolicy]):
    """The steps of a policy."""

    model = PolicyStep
    form = StepForm
    formset = StepFormSet
    autocomplete_fields = ("people",)
    extra = 0
    fieldsets = (
        (None, {"fields": (("position", "code", "stage"), ("name_zh", "name_en"), ("mode", "needed"))}),
        (None, {"fields": ("parties", "people", "checklists", "when", ("least", "rule"))}),
    )


@admin.register(ReviewPolicy)
class ReviewPolicyAdmin(SimpleHistoryAdmin):
    """Who decides on what, in which order. A new policy is in force only once it has steps.

    Rounds under way keep the route that they began with.
    """

    form = PolicyForm
    inlines: ClassVar[list[Any]] = [StepInline]
    list_display = ("name", "process", "position", "steps_now", "rule", "active")
    list_filter = ("active",)
    ordering = ("kind", "position", "id")
    autocomplete_fields = ("keeper",)
    history_list_display: ClassVar[list[str]] = ["active", "position", "steps_then"]
    fieldsets = (
        (None, {"fields": ("process", ("name_zh", "name_en"), ("position", "active"))}),
        (_("For which records"), {"fields": ("when", "least")}),
        (_("Why this way"), {"fields": ("reason_zh", "reason_en", "rule")}),
        (_("Beside"), {"fields": ("keeper", "preview")}),
    )
    readonly_fields = ("process", "preview")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """For a new policy only what it is for."""
        if obj is None:
            kwargs |= {"form": NewPolicyForm, "fields": NewPolicyForm.Meta.fields}
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """For a new policy only what it is for."""
        return (
            super().get_fieldsets(request, obj) if obj is not None else ((None, {"fields": NewPolicyForm.Meta.fields}),)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The process of a policy stays."""
        return self.readonly_fields if obj is not None else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Steps are those of a process."""
        return self.inlines if obj is not None else []

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Lead on to the steps."""
        said: Any = request.POST.copy()
        said["_continue"] = "1"
        request.POST = said
        answer: HttpResponse = super().response_add(request, obj, post_url_continue)
        return answer

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Taken out of force instead: rounds name the policy that they went by."""
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Policies with their steps."""
        return super().get_queryset(request).prefetch_related("steps")

    @admin.display(description=_("process"))
    def process(self, policy: ReviewPolicy) -> str:
        """The process in the reader's language."""
        return str(dict(reviewed_kinds()).get(policy.kind, policy.kind))

    @admin.display(description=_("steps"))
    def steps_now(self, policy: ReviewPolicy) -> str:
        """The steps in their order."""
        return " → ".join(step.name for step in policy.steps.all())

    @admin.display(description=_("steps"))
    def steps_then(self, past: Any) -> str:
        """The steps as they stood under this edit, until the next one."""
        following = past.next_record
        rows: Any = PolicyStep.objects if following is None else PolicyStep.history.as_of(following.history_date)
        return " → ".join(step.name for step in rows.filter(policy=past.id).order_by("position", "id"))

    @admin.display(description=_("preview"))
    def preview(self, policy: ReviewPolicy) -> str:
        """The way to what the policy does."""
        address = reverse("admin:workflow_reviewpolicy_preview", args=[policy.pk])
        words = gettext("See who decides on records like recent ones, and what is under way")
        return format_html('<a href="{}">{}</a>', address, words)

    def get_urls(self) -> list[URLPattern]:
        """Django's addresses and that of the preview."""
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/preview/", view, name="workflow_reviewpolicy_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For a record like this: who decides, in which order, and why."""
        policy = ReviewPolicy.objects.filter(pk=pk).first()
        if policy is None:
            raise Http404
        if not self.has_view_permission(request, policy):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Who decides: %(policy)s") % {"policy": policy},
            "opts": self.opts,
            "policy": policy,
            "seen": previews.of(policy, request.GET.get("record", "")),
        }
        return TemplateResponse(request, "admin/workflow/reviewpolicy/preview.html", context)


class ItemInline(admin.TabularInline[ChecklistItem, Checklist]):
    """The items of a checklist; one that was asked once is switched off, not deleted."""

    model = ChecklistItem
    form = ItemForm
    formset = ItemFormSet
    extra = 0
    can_delete = False


@admin.register(Checklist)
class ChecklistAdmin(TermAdmin):
    """What reviewers go through. Rounds under way keep the items that they began with."""

    inlines: ClassVar[list[Any]] = [ItemInline]
    list_display = (*TermAdmin.list_display, "rule")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The rule is one of the handbook's."""
        field: forms.Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "rule":
            field.validators.append(rule_exists)
        return field


@admin.register(Ground)
class GroundAdmin(TermAdmin):
    """Kinds of reasons for sending back. One that was given is switched off, not deleted: returns are counted by it."""

    list_display = (*TermAdmin.list_display, "process")
    list_filter = ("active",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The process is one whose records are decided on, or every one."""
        if db_field.name == "kind":
            ways = [("", gettext("every process")), *reviewed_kinds()]
            return forms.ChoiceField(choices=ways, required=False, label=_("process"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("process"), ordering="kind")
    def process(self, ground: Ground) -> str:
        """The process in the reader's language."""
        return str(dict(reviewed_kinds()).get(ground.kind, ground.kind)) or gettext("every process")


# --- what was reviewed, by whom and in which words: nothing of it is ever changed ---------------------------------
class _Read(admin.ModelAdmin[Any]):
    """A table that the admin shows and never writes: it changes only through acts."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False


@admin.register(Version)
class VersionAdmin(_Read):
    """What was decided on, with its fingerprint."""

    list_display = ("record", "number", "digest", "made_at", "made_by")
    search_fields = ("record__number", "digest__startswith")
    list_select_related = ("record", "made_by")


@admin.register(Round)
class RoundAdmin(_Read):
    """The runs of versions through their routes."""

    list_display = ("record", "number", "version", "policy", "started_at", "started_by", "outcome", "ended_at")
    list_filter = ("outcome",)
    search_fields = ("record__number",)
    list_select_related = ("record", "version", "policy", "started_by")


@admin.register(Step)
class StepAdmin(_Read):
    """The steps of rounds, as they were planned."""

    list_display = ("round", "position", "name", "mode", "needed", "outcome", "opened_at", "closed_at")
    list_filter = ("outcome",)
    search_fields = ("round__record__number",)
    list_select_related = ("round",)


@admin.register(Seat)
class SeatAdmin(_Read):
    """Who was asked, how that came about, and what became of it."""

    list_display = ("step", "user", "role", "origin", "set_at", "outcome", "closed_at", "pressed")
    list_filter = ("origin", "outcome")
    search_fields = ("step__round__record__number",)
    list_select_related = ("step", "user")
    fields = ("step", "user", "role", "origin", "reason", "set_by", "set_at", "outcome", "closed_at", "pressed")


@admin.register(Opinion)
class OpinionAdmin(_Read):
    """What was said on which version."""

    list_display = ("seat", "version", "decision", "ground", "by", "on_behalf_of", "at")
    list_filter = ("decision", "ground")
    search_fields = ("version__record__number",)
    list_select_related = ("seat__user", "version", "ground", "by", "on_behalf_of")
