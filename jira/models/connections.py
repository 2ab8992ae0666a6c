"""The JIRA of R&D, as an administrator sets it up; off until it is switched on. Its keys are kept encrypted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import calls
from core.fields import SecretField, fingerprint
from jira.faults import Fault

_PROJECT = RegexValidator(r"^[A-Z][A-Z0-9_]{1,19}\Z", _("A project's key is capital letters and digits, such as RD."))
_FIELD = RegexValidator(
    r"^(customfield_[0-9]{1,9}|[a-z][a-z]{2,29})\Z", _("Give the field's id, such as customfield_10201.")
)
MAPPED = ("method", "advice", "result", "leftovers", "handler")
"""What R&D records (TKT-24), each in a field of JIRA that the connection names."""
NEEDED = ("base_url", "project", "issue_type", "method_field", "advice_field", "result_field")


def hosts() -> tuple[str, ...]:
    """The hosts on which a JIRA may live; what the operator lists as internal may be called besides."""
    return tuple(settings.JIRA_HOSTS)


def _field(label: Any, help_text: Any = "") -> models.CharField[Any, Any]:
    return models.CharField(label, max_length=40, blank=True, validators=[_FIELD], help_text=help_text)


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Named questions about connections."""

    def on(self) -> Connection | None:
        """The one that is switched on, or none."""
        return self.filter(active=True).first()


class Connection(models.Model):
    """How R&D's JIRA is reached, where its issues are made, and in which of its fields R&D writes its answer.

    `cursor` is the moment up to which JIRA's changes have been read; `rest_until` keeps to what JIRA asked for.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    base_url = models.CharField(
        _("address"), max_length=200, help_text=_("Without /rest, such as https://jira.example")
    )
    project = models.CharField(_("project"), max_length=20, validators=[_PROJECT])
    issue_type = models.CharField(_("issue type"), max_length=60)
    link_type = models.CharField(_("type of link to an earlier issue"), max_length=60, default="Relates")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    token = SecretField(_("token"))
    webhook_secret = SecretField(_("webhook secret"))
    key_mark = models.CharField(_("mark of the keys"), max_length=20, blank=True)
    method_field = _field(_("field of the method"))
    advice_field = _field(_("field of the advice"))
    result_field = _field(_("field of the result"))
    leftovers_field = _field(_("field of leftover issues"))
    handler_field = _field(_("field of the next handler"), _("Login, mail address or name; empty: the handler stays."))
    done_statuses = models.CharField(
        _("statuses that bring the ticket back"),
        max_length=300,
        blank=True,
        help_text=_("Separated by commas. Empty: every status that JIRA counts as done."),
    )
    told = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        limit_choices_to={"is_active": True, "is_customer": False},
        verbose_name=_("who is told when it does not go along"),
        help_text=_("Empty: the superiors of the product support engineers, else the service directors."),
    )
    active = models.BooleanField(_("active"), default=False)
    cursor = models.DateTimeField(_("read up to"), null=True, blank=True, editable=False)
    polled_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)
    poll_fault = models.CharField(
        _("fault at the last reading"), max_length=12, choices=Fault, blank=True, editable=False
    )
    poll_detail = models.CharField(max_length=300, blank=True, editable=False)
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    rest_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ConnectionQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            *("token", "webhook_secret", "cursor", "polled_at", "poll_fault", "poll_detail", "busy_until", "rest_until")
        ]
    )

    class Meta:
        verbose_name = _("connection to JIRA")
        verbose_name_plural = _("connections to JIRA")
        ordering: ClassVar[list[str]] = ["name"]
        constraints = (
            models.UniqueConstraint(
                fields=["active"],
                condition=models.Q(active=True),
                name="one_active_jira",
                violation_error_message=_("Another connection is active; switch it off first."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the mark by which the history shows that a key was changed."""
        field = SecretField()
        self.base_url = self.base_url.rstrip("/")
        self.token, self.webhook_secret = field.to_python(self.token), field.to_python(self.webhook_secret)
        self.key_mark = f"{fingerprint(self.token)} {fingerprint(self.webhook_secret)}".strip()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """The address must be one that may be called, and an active connection must say where R&D writes what."""
        faults: dict[str, Any] = {}
        try:
            parts = calls.allowed(self.base_url, hosts())
        except calls.RefusedAddressError as error:
            faults["base_url"] = error.reason
        else:
            if parts.query or parts.fragment:
                faults["base_url"] = _("Give the address without what follows ? or #.")
        for name in NEEDED if self.active else ():
            if not getattr(self, name):
                faults.setdefault(name, _("An active connection needs this."))
        if faults:
            raise ValidationError(faults)

    def mapping(self) -> dict[str, str]:
        """What R&D records, to the field of JIRA that holds it; what has no field is left out."""
        found = {name: getattr(self, f"{name}_field") for name in MAPPED}
        return {name: field for name, field in found.items() if field}

    def counts_as_done(self, status: str, kind: str) -> bool:
        """Whether R&D is done with an issue in a status; `kind` is JIRA's own category of it."""
        named = {each.strip().casefold() for each in self.done_statuses.split(",") if each.strip()}
        return status.casefold() in named if named else kind == "done"
