"""The timeline: what was done, by whom, for whom, when; appended, chained and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.models.record import Record


class Entry(models.Model):
    """One act on a record, or one event of its deadlines.

    `data` holds what was said (`said`), what changed (`changes`: field to [old, new]) and what became of deadlines
    (`deadlines`). `hash` covers the entry and the hash before it. `key` makes an act that is asked twice happen once.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="entries", verbose_name=_("record"))
    seq = models.PositiveIntegerField(_("position"))
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="acts", verbose_name=_("by")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="acts_by_others",
        verbose_name=_("on behalf of"),
    )
    channel = models.CharField(_("by way of"), max_length=12)
    verb = models.CharField(_("act"), max_length=40)
    from_state = models.CharField(_("from state"), max_length=30, blank=True)
    to_state = models.CharField(_("to state"), max_length=30, blank=True)
    data = models.JSONField(_("details"), default=dict)
    public = models.BooleanField(_("visible to the customer"), default=False)
    rules = models.JSONField(_("rules"), default=list)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - null: unique only where given

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        ordering: ClassVar[list[str]] = ["record", "seq"]
        constraints = (models.UniqueConstraint(fields=["record", "seq"], name="timeline_has_one_order"),)
        indexes = (
            models.Index(fields=["verb", "at"], name="timeline_verb_at"),
            models.Index(fields=["record", "verb"], name="timeline_record_verb"),
        )

    def __str__(self) -> str:
        return f"{self.record_id}#{self.seq} {self.verb}"
