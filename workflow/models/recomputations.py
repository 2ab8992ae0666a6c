"""Decisions to recompute what runs, and the nightly proof that nothing has drifted."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecomputationQuerySet(models.QuerySet["Recomputation"]):
    """Named questions about recomputations."""

    def unfinished(self) -> Self:
        """Those with something left to do, the oldest first."""
        return self.filter(finished_at__isnull=True).order_by("pk")


class Recomputation(models.Model):
    """That an administrator put the running deadlines of some timers under the rules as they are now.

    `rules` is the digest of the rules that the preview showed: nothing else is ever applied. `reached` is the last
    record that is done; it moves in the transaction in which the record changes, so a killed worker repeats nothing.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        RUNNING = "running", _("being done")
        DONE = "done", _("all done")
        OVERTAKEN = "overtaken", _("stopped: the rules were changed again")

    timers = models.JSONField(_("deadlines"), default=list)
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    asked_at = models.DateTimeField(_("confirmed"))
    rules = models.CharField(max_length=64)
    total = models.PositiveIntegerField(_("records to look at"), default=0)
    done = models.PositiveIntegerField(_("records looked at"), default=0)
    changed = models.PositiveIntegerField(_("deadlines changed"), default=0)
    reached = models.BigIntegerField(default=0)
    faults = models.JSONField(_("records that failed"), default=list)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.RUNNING)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = RecomputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recomputation")
        verbose_name_plural = _("recomputations")
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {', '.join(self.timers)}"


class ClockCheck(models.Model):
    """One look at every open deadline: is it where its own terms put it, and would the present rules put it there?

    `drifted` must be 0: a stored time that its own terms do not give is a fault of the software, or somebody's who
    wrote past it. `waiting` counts those that the rules as they are now would set otherwise: what a recomputation would
    change. `samples` names some of the records.
    """

    at = models.DateTimeField(_("at"))
    examined = models.PositiveIntegerField(_("deadlines examined"), default=0)
    drifted = models.PositiveIntegerField(_("drifted"), default=0)
    waiting = models.PositiveIntegerField(_("under former rules"), default=0)
    samples = models.JSONField(_("for instance"), default=list)

    class Meta:
        verbose_name = _("check of the clocks")
        verbose_name_plural = _("checks of the clocks")
        ordering: ClassVar[list[str]] = ["-pk"]
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.at:%F %R}"
