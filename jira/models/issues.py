"""An issue for each escalation, what JIRA is told of it, and which webhooks have been heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jira.faults import Fault
from jira.models.connections import Connection
from workflow.models import Attachment, Entry, Record

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User


class Ignorable(models.Model):
    """That somebody has looked at a fault and says why nothing is to be done about it."""

    ignored_at = models.DateTimeField(_("ignored"), null=True, blank=True)
    ignored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ignored by")
    )
    ignored_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def ignore(self, user: User, reason: str, at: datetime) -> None:
        """Take it off the list of what is out of step."""
        self.ignored_at, self.ignored_by, self.ignored_reason = at, user, reason


class Issue(Ignorable):
    """The issue that stands for one escalation; `label` finds it in JIRA even if JIRA's answer was lost.

    `current_for` is set on the one that speaks for its record now. `heard` are JIRA's comments as they stand on
    the timeline (`jira.comments`). `lacks` says in both languages why R&D's answer could not be taken over.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="issues", verbose_name=_("connection"))
    record = models.ForeignKey(Record, models.PROTECT, related_name="jira_issues", verbose_name=_("record"))
    current_for = models.OneToOneField(Record, models.PROTECT, null=True, blank=True, related_name="jira_issue")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="jira_issue", verbose_name=_("escalation"))
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later", verbose_name=_("earlier issue")
    )
    label = models.CharField(_("label"), max_length=60, unique=True)
    key = models.CharField(_("key"), max_length=40, blank=True)
    remote_id = models.CharField(max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=100, blank=True)
    resolution = models.CharField(_("resolution"), max_length=100, blank=True)
    done = models.BooleanField(_("R&D is done"), default=False)
    asked_at = models.DateTimeField(_("asked for"))
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed in JIRA"), null=True, blank=True)
    returned_at = models.DateTimeField(_("brought the record back"), null=True, blank=True)
    heard = models.JSONField(default=dict, editable=False)
    lacks = models.JSONField(default=list, editable=False)
    fault = models.CharField(_("fault"), max_length=12, choices=Fault, blank=True)

    class Meta:
        verbose_name = _("JIRA issue")
        verbose_name_plural = _("JIRA issues")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = (
            models.UniqueConstraint(
                fields=["connection", "key"], condition=~Q(key=""), name="jira_issue_stands_for_one_escalation"
            ),
        )

    def __str__(self) -> str:
        return self.key or self.label

    @property
    def url(self) -> str:
        """Where people see it in JIRA; empty before it is there."""
        return f"{self.connection.base_url}/browse/{self.key}" if self.key else ""


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    """Named questions about what JIRA is told."""

    def unsettled(self) -> Self:
        """Neither done, nor given up, nor ignored."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True, ignored_at__isnull=True)

    def failing(self, slow_since: datetime) -> Self:
        """Given up, or not done yet for a reason, or asked for long ago; what is ignored is left out."""
        wrong = Q(failed_at__isnull=False) | ~Q(fault="") | Q(created_at__lt=slow_since)
        return self.filter(wrong, sent_at__isnull=True, ignored_at__isnull=True)


class Outgoing(Ignorable):
    """One thing that JIRA is to be told of an issue; `key` makes it one for ever.

    `busy_until` keeps two workers from trying at once; it ends by itself. `series` grows with every retry by hand, so
    that what is left in the outbox of an earlier series is known to be over.
    """

    class Kind(models.TextChoices):
        """What is to be done."""

        CREATE = "create", _("make the issue")
        COMMENT = "comment", _("add a comment")
        ATTACH = "attach", _("attach a file")
        LINK = "link", _("link the earlier issue")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="outgoing", verbose_name=_("issue"))
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    key = models.CharField(_("key"), max_length=80, unique=True)
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="jira_outgoing", verbose_name=_("timeline entry")
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="jira_outgoing", verbose_name=_("file")
    )
    created_at = models.DateTimeField(_("created"))
    series = models.PositiveIntegerField(default=1, editable=False)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    next_at = models.DateTimeField(_("not before"), null=True, blank=True)
    sent_at = models.DateTimeField(_("done"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=12, choices=Fault, blank=True)
    detail = models.CharField(_("what JIRA said"), max_length=300, blank=True)
    remote_id = models.CharField(max_length=20, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to JIRA")
        verbose_name_plural = _("messages to JIRA")
        ordering: ClassVar[list[str]] = ["-id"]
        indexes = (
            models.Index(
                fields=["issue", "id"],
                condition=Q(sent_at__isnull=True, ignored_at__isnull=True),
                name="jira_outgoing_to_do",
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be done."""
        return bool(self.sent_at or self.failed_at or self.ignored_at)


class Delivery(models.Model):
    """A webhook that has been heard; the same one is not heard again."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("webhook heard")
        verbose_name_plural = _("webhooks heard")

    def __str__(self) -> str:
        return self.digest
