"""The ways out that administrators set up: group robots and the text message gateway. Their keys are kept encrypted."""

from __future__ import annotations

from datetime import datetime
from string import Template
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import SecretField, fingerprint
from notifications.channels import http
from notifications.kinds import Kind, Urgency
from people.models import Region, Role


def _default_kinds() -> list[str]:
    return [Kind.ESCALATION.value, Kind.DEADLINE.value]


class Robot(models.Model):
    """A group robot of WeCom or DingTalk: it tells a group of what happens to records of a region, role or urgency.

    `calls` are the moments of its last calls: both services take 20 messages a minute and then shut the robot out.
    """

    class Service(models.TextChoices):
        """Whose robot it is."""

        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")

    name = models.CharField(_("name"), max_length=60, unique=True)
    service = models.CharField(_("service"), max_length=10, choices=Service)
    webhook = SecretField(_("webhook address"))
    sign_secret = SecretField(_("signing secret"))
    key_mark = models.CharField(_("mark of the keys"), max_length=20, blank=True)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("for customers of the region"),
        help_text=_("Empty: of every region."),
    )
    role = models.ForeignKey(
        Role,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("when a holder of the role is told"),
        help_text=_("Empty: whoever is told."),
    )
    kinds = models.JSONField(_("kinds of notices"), default=_default_kinds)
    urgency = models.PositiveSmallIntegerField(_("from urgency"), choices=Urgency, default=Urgency.NORMAL)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    active = models.BooleanField(_("active"), default=True)
    calls = models.JSONField(default=list, editable=False)

    history = HistoricalRecords(excluded_fields=["webhook", "sign_secret", "calls"])

    class Meta:
        verbose_name = _("group robot")
        verbose_name_plural = _("group robots")
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the mark by which the history shows that a key was changed."""
        field = SecretField()
        self.webhook, self.sign_secret = field.to_python(self.webhook), field.to_python(self.sign_secret)
        self.key_mark = f"{fingerprint(self.webhook)} {fingerprint(self.sign_secret)}".strip()
        super().save(*args, **kwargs)

    def calls_since(self, moment: datetime) -> list[datetime]:
        """Its calls after a moment, oldest first."""
        return sorted(call for call in map(datetime.fromisoformat, self.calls) if call > moment)

    def clean(self) -> None:
        """Only kinds that there are."""
        if not isinstance(self.kinds, list) or not set(self.kinds) <= set(Kind.values):
            raise ValidationError({"kinds": _("Choose from the kinds that there are.")})


class SmsGateway(models.Model):
    """The text message provider, spoken to by HTTP with a template; off until an administrator switches it on.

    `body` is what is posted: `$mobile`, `$text`, `$key` (an id that makes a repeated request one message) and
    `$secret` are filled in, each as a JSON string's inside.
    """

    VARIABLES: ClassVar[frozenset[str]] = frozenset({"mobile", "text", "key", "secret"})

    name = models.CharField(_("name"), max_length=60, unique=True)
    url = models.CharField(_("address"), max_length=300)
    body = models.TextField(
        _("what is posted (JSON)"), default='{"phone": "$mobile", "content": "$text", "id": "$key", "token": "$secret"}'
    )
    secret = SecretField(_("key of the provider"))
    key_mark = models.CharField(_("mark of the key"), max_length=10, blank=True)
    signature = models.CharField(_("signature before the text"), max_length=20, blank=True)
    active = models.BooleanField(_("active"), default=False)

    history = HistoricalRecords(excluded_fields=["secret"])

    class Meta:
        verbose_name = _("text message gateway")
        verbose_name_plural = _("text message gateways")
        ordering: ClassVar[list[str]] = ["name"]
        constraints = (
            models.UniqueConstraint(
                fields=["active"],
                condition=models.Q(active=True),
                name="one_active_sms_gateway",
                violation_error_message=_("Another gateway is active; switch it off first."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the mark by which the history shows that the key was changed."""
        self.secret = SecretField().to_python(self.secret)
        self.key_mark = fingerprint(self.secret)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """The address must be one that may be called, the body JSON, its variables those that there are."""
        try:
            http.allowed(self.url)
        except http.RefusedAddressError as error:
            raise ValidationError({"url": error.reason}) from error
        template = Template(self.body)
        if not template.is_valid() or not set(template.get_identifiers()) <= self.VARIABLES:
            names = ", ".join(f"${name}" for name in sorted(self.VARIABLES))
            raise ValidationError({"body": _("Only these can be filled in: %(names)s.") % {"names": names}})
        try:
            http.filled_json(self.body, dict.fromkeys(self.VARIABLES, ""))
        except ValueError as error:
            raise ValidationError({"body": _("This is not JSON: %(fault)s.") % {"fault": error}}) from error
