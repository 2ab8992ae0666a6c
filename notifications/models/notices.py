"""That somebody is told of an entry, and by which ways a person wants to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Urgency, Way
from notifications.models.tidings import Tiding
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from people.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Named questions about notices."""

    def of(self, user: User) -> Self:
        """Those of a person."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        """Those that have not been read."""
        return self.filter(read_at__isnull=True)

    def with_context(self) -> Self:
        """With all that their texts name, in one query."""
        return self.select_related(
            "record__customer", "record__handler", "entry__actor", "entry__on_behalf_of", "tiding"
        )


class Notice(models.Model):
    """That a person is told of an entry, or of a tiding. What it says is rendered when it is read, for its reader.

    Made thousands at a time by the sweep: so no column is indexed that a list or a count does not need.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", db_index=False, verbose_name=_("for")
    )
    record = models.ForeignKey(
        Record, models.CASCADE, null=True, related_name="notices", db_index=False, verbose_name=_("record")
    )
    entry = models.ForeignKey(
        Entry, models.CASCADE, null=True, related_name="notices", db_index=False, verbose_name=_("entry")
    )
    tiding = models.ForeignKey(
        Tiding, models.CASCADE, null=True, related_name="notices", db_index=False, verbose_name=_("tiding")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency, default=Urgency.NORMAL)
    # The principal for whom the recipient stands in, and who is told for that reason.
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("stands in for"),
    )
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = (
            models.UniqueConstraint(fields=["entry", "recipient", "kind"], name="told_once_of_an_entry"),
            models.UniqueConstraint(
                fields=["tiding", "recipient"], condition=Q(tiding__isnull=False), name="told_once_of_a_tiding"
            ),
            models.CheckConstraint(
                condition=Q(record__isnull=False, entry__isnull=False, tiding__isnull=True)
                | Q(record__isnull=True, entry__isnull=True, tiding__isnull=False),
                name="notice_of_an_entry_or_a_tiding",
            ),
        )
        indexes = (
            models.Index(fields=["recipient", "-id"], name="notices_of_person"),
            models.Index(fields=["recipient", "record"], condition=Q(read_at__isnull=True), name="notices_unread"),
        )

    def __str__(self) -> str:
        return f"{self.entry_id or self.tiding_id} → {self.recipient_id} ({self.kind})"


class Preference(models.Model):
    """That a person switched a way on or off for a kind of notice; without a row the default holds."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    way = models.CharField(_("way"), max_length=8, choices=[(Way.EMAIL, Way.EMAIL.label), (Way.SMS, Way.SMS.label)])
    on = models.BooleanField(_("on"))

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = (models.UniqueConstraint(fields=["user", "kind", "way"], name="one_preference_a_way"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.way}"
