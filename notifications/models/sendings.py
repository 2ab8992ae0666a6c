"""What left the house, or should have: one row for each notice and way, which administrators look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Way
from notifications.models.gateways import Robot
from notifications.models.notices import Notice
from notifications.models.templates import MessageTemplate
from workflow.models import Entry

if TYPE_CHECKING:
    from datetime import datetime


class SendingQuerySet(models.QuerySet["Sending"]):
    """Named questions about sendings."""

    def pending(self) -> Self:
        """Neither sent nor given up."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def free(self, at: datetime) -> Self:
        """Pending ones that no worker is busy with at the moment."""
        return self.pending().filter(Q(busy_until__isnull=True) | Q(busy_until__lte=at))


class Sending(models.Model):
    """One message by one way: for a notice, for a group by its robot, or for a customer by a template.

    `entry` is what it tells of, and empty where the notice is of a tiding.

    `key` makes it one for ever; it becomes the mail's Message-ID and the requests' Idempotency-Key, so that a repeated
    try can be told from a second message. `busy_until` keeps two workers from trying at once; it ends by itself.
    """

    key = models.CharField(_("key"), max_length=80, unique=True)
    way = models.CharField(_("way"), max_length=8, choices=Way)
    entry = models.ForeignKey(
        Entry, models.CASCADE, null=True, blank=True, related_name="sendings", verbose_name=_("entry")
    )
    notice = models.ForeignKey(
        Notice, models.CASCADE, null=True, blank=True, related_name="sendings", verbose_name=_("notice")
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    robot = models.ForeignKey(
        Robot, models.CASCADE, null=True, blank=True, related_name="sendings", verbose_name=_("robot")
    )
    template = models.ForeignKey(
        MessageTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("template")
    )
    address = models.CharField(_("address"), max_length=254, blank=True)
    created_at = models.DateTimeField(_("created"))
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        ordering: ClassVar[list[str]] = ["-id"]
        indexes = (
            models.Index(
                fields=["robot", "id"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True, robot__isnull=False),
                name="sendings_of_robot",
            ),
        )

    def __str__(self) -> str:
        return self.key
