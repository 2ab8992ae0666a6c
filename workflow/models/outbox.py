"""The outbox: what must happen after a commit, exactly once, whoever dies in between."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutboxMessage(models.Model):
    """One thing to do after the transaction that wrote it; the key makes it unique for ever."""

    topic = models.CharField(_("topic"), max_length=60)
    key = models.CharField(_("key"), max_length=160, unique=True)
    payload = models.JSONField(_("payload"), default=dict)
    created_at = models.DateTimeField(_("created"))
    available_at = models.DateTimeField(_("next try"))
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        indexes = (
            models.Index(
                fields=["available_at", "id"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="outbox_to_do",
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
