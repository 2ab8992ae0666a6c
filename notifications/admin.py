"""What administrators do here: robots, the text message gateway, messages to customers; and look at what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.admin import SimpleHistoryAdmin

from core import clock
from core.fields import secret_input
from notifications import delivery, robots
from notifications.channels import http
from notifications.customers import variables_of
from notifications.kinds import Kind, Way
from notifications.models import MessageTemplate, Notice, Preference, Robot, Sending, SmsGateway
from workflow.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class RobotForm(forms.ModelForm[Robot]):
    """A robot, with its keys to be entered and never to be read."""

    new_webhook = secret_input(_("webhook address"))
    new_sign_secret = secret_input(_("signing secret (DingTalk)"))
    kinds = forms.MultipleChoiceField(label=_("kinds of notices"), choices=Kind, widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    class Meta:
        model = Robot
        fields = ("name", "service", "region", "role", "kinds", "urgency", "language", "active")

    def clean_new_webhook(self) -> str:
        """Only an address that may be called; a new robot needs one."""
        url = str(self.cleaned_data["new_webhook"]).strip()
        if not url and not self.instance.webhook:
            raise forms.ValidationError(_("Give the webhook address of the robot."))
        if url:
            try:
                http.allowed(url)
            except http.RefusedAddressError as error:
                raise forms.ValidationError(str(error.reason)) from error
        return url

    def save(self, commit: bool = True) -> Robot:  # noqa: FBT001, FBT002 - Django's signature
        """Put new keys in the place of the old ones."""
        for name in ("webhook", "sign_secret"):
            if given := str(self.cleaned_data[f"new_{name}"]).strip():
                setattr(self.instance, name, given)
        return super().save(commit)


@admin.register(Robot)
class RobotAdmin(SimpleHistoryAdmin):
    """Group robots. A changed key shows in the history by its mark, never by itself."""

    form = RobotForm
    list_display = ("name", "service", "region", "role", "urgency", "active", "key_mark", "waiting")
    list_filter = ("active", "service", "region", "role")
    list_select_related = ("region", "role")
    search_fields = ("name",)
    autocomplete_fields = ("region", "role")
    readonly_fields = ("key_mark",)
    fieldsets = (
        (None, {"fields": ("name", "service", "new_webhook", "new_sign_secret", "key_mark", "active")}),
        (_("What it tells"), {"fields": ("kinds", "urgency", "region", "role", "language")}),
    )

    @admin.display(description=_("waiting"))
    def waiting(self, robot: Robot) -> int:
        """How many messages wait to be sent."""
        return Sending.objects.pending().filter(robot=robot).count()


class SmsGatewayForm(forms.ModelForm[SmsGateway]):
    """The gateway, with its key to be entered and never to be read."""

    new_secret = secret_input(_("key of the provider"))

    class Meta:
        model = SmsGateway
        fields = ("name", "url", "body", "signature", "active")

    def save(self, commit: bool = True) -> SmsGateway:  # noqa: FBT001, FBT002 - Django's signature
        """Put a new key in the place of the old one."""
        if given := str(self.cleaned_data["new_secret"]).strip():
            self.instance.secret = given
        return super().save(commit)


@admin.register(SmsGateway)
class SmsGatewayAdmin(SimpleHistoryAdmin):
    """Text message gateways; at most one is active."""

    form = SmsGatewayForm
    list_display = ("name", "url", "active", "key_mark")
    readonly_fields = ("key_mark",)
    fieldsets = ((None, {"fields": ("name", "url", "body", "new_secret", "key_mark", "signature", "active")}),)


@admin.register(MessageTemplate)
class MessageTemplateAdmin(SimpleHistoryAdmin):
    """The words in which customers are written to, with a preview and the variables that there are."""

    list_display = ("code", "subject_zh", "subject_en", "active")
    list_filter = ("active",)
    search_fields = ("code", "subject_zh", "subject_en", "body_zh", "body_en")
    readonly_fields = ("variables", "preview_zh", "preview_en")
    fieldsets = (
        (None, {"fields": ("code", "active", "variables")}),
        (_("Chinese"), {"fields": ("subject_zh", "body_zh", "preview_zh")}),
        (_("English"), {"fields": ("subject_en", "body_en", "preview_en")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Processes name the code, so it stays."""
        return (*self.readonly_fields, "code") if obj is not None else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Switched off instead: what was sent names it."""
        return False

    @admin.display(description=_("what can be filled in"))
    def variables(self, template: MessageTemplate) -> str:
        """The variables of this template."""
        return ", ".join(f"${name}" for name in variables_of(template.code))

    @admin.display(description=_("preview (as saved)"))
    def preview_zh(self, template: MessageTemplate) -> str:
        """The Chinese mail with examples."""
        return self._preview(template, "zh-hans")

    @admin.display(description=_("preview (as saved)"))
    def preview_en(self, template: MessageTemplate) -> str:
        """The English mail with examples."""
        return self._preview(template, "en")

    @staticmethod
    def _preview(template: MessageTemplate, language: str) -> str:
        if template.pk is None:
            return "–"
        values = {name: f"‹{name}›" for name in variables_of(template.code)}
        values |= {"number": "TK-20260301-0007", "at": "2026-03-01 09:30"}
        subject, body = template.filled(values, language)
        lines = format_html_join("", "<br>{}", ((line,) for line in body.split("\n")))
        return format_html("<strong>{}</strong>{}", subject, lines)


class OutcomeFilter(admin.SimpleListFilter):
    """What became of a sending."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """The three outcomes."""
        return [("waiting", _("Waiting")), ("sent", _("Sent")), ("failed", _("Given up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sending]) -> QuerySet[Sending]:
        """Only those of the outcome asked for."""
        tests: dict[str | None, dict[str, bool]] = {
            "waiting": {"sent_at__isnull": True, "failed_at__isnull": True},
            "sent": {"sent_at__isnull": False},
            "failed": {"failed_at__isnull": False},
        }
        return queryset.filter(**tests.get(self.value(), {}))


@admin.register(Sending)
class SendingAdmin(ReadOnlyAdmin):
    """What left the house and what did not, with the reason; what was given up can be tried again."""

    list_display = (
        "created_at",
        "way",
        "record",
        "recipient",
        "robot",
        "template",
        "address",
        "attempts",
        "sent_at",
        "failed_at",
        "last_error",
    )
    list_filter = (OutcomeFilter, "way", "robot", "template")
    list_select_related = ("entry__record", "recipient", "robot", "template")
    search_fields = ("entry__record__number", "address", "recipient__display_name")
    actions = ("try_again",)
    show_full_result_count = False

    @admin.display(description=_("record"))
    def record(self, sending: Sending) -> str:
        """The number of the record."""
        return sending.entry.record.number if sending.entry is not None else "–"

    @admin.action(description=_("Try again what was given up"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Sending]) -> None:
        """Have sendings that were given up sent once more, under their old keys."""
        if not request.user.is_superuser and not request.user.has_perm("notifications.change_sending"):
            messages.error(request, _("You may look at sendings, not send them again."))
            return
        at = clock.now()
        with transaction.atomic():
            rows = list(queryset.filter(failed_at__isnull=False).select_for_update(of=("self",)))
            Sending.objects.filter(pk__in=[row.pk for row in rows]).update(failed_at=None, attempts=0)
            delivery.ask_again([row for row in rows if row.way != Way.ROBOT], at)
            for robot_id in {row.robot_id for row in rows if row.robot_id is not None}:
                robots.ask(robot_id, at)
        said = ngettext("%(count)d sending is tried again.", "%(count)d sendings are tried again.", len(rows))
        messages.success(request, said % {"count": len(rows)})


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Who was told of what, and when it was read."""

    list_display = ("created_at", "recipient", "record", "kind", "rule", "urgency", "stands_in_for", "read_at")
    list_filter = ("kind", "urgency")
    list_select_related = ("recipient", "record", "stands_in_for")
    search_fields = ("record__number", "recipient__display_name", "recipient__username")
    show_full_result_count = False


@admin.register(Preference)
class PreferenceAdmin(admin.ModelAdmin[Preference]):
    """By which ways people want to be told; they switch it themselves, and administrators for them."""

    list_display = ("user", "kind", "way", "on")
    list_filter = ("kind", "way", "on")
    list_select_related = ("user",)
    search_fields = ("user__display_name", "user__username")
    autocomplete_fields = ("user",)
