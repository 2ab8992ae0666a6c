"""What deadlines run under: a policy's time, clock and levels as they were when the deadline was set; never changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from calendars.models import KeptSchedule
from workflow.models.deadlines import Clock, DeadlinePolicy


class KeptTerms(models.Model):
    """The terms of a policy under which deadlines were set, kept for as long as anything must explain itself.

    `id` is made from all that it says (`workflow.terms`), so equal terms are one row. `schedule` is null for a clock
    that runs day and night. `levels` holds them in the order in which they fire.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    policy = models.ForeignKey(DeadlinePolicy, models.PROTECT, related_name="terms", verbose_name=_("policy"))
    version = models.PositiveIntegerField(_("version"))
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    minutes = models.PositiveIntegerField(_("time allowed (minutes)"))
    clock = models.CharField(_("clock"), max_length=8, choices=Clock)
    tightening = models.CharField(max_length=12, choices=DeadlinePolicy.Tightening)
    schedule = models.ForeignKey(KeptSchedule, models.PROTECT, null=True, related_name="+")
    levels = models.JSONField(default=list)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept terms")
        verbose_name_plural = _("kept terms")

    def __str__(self) -> str:
        return f"{self.policy_id} ({self.version})"
