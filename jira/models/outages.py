"""Stretches of time in which JIRA did not go along: away, or out of step with the records here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jira.models.connections import Connection


class Outage(models.Model):
    """One such stretch; people are told when it has lasted for a while, and again when it is over."""

    class Cause(models.TextChoices):
        """What is wrong."""

        DOWN = "down", _("JIRA cannot be read")
        APART = "apart", _("Records and issues are out of step")

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="outages", verbose_name=_("connection to JIRA")
    )
    cause = models.CharField(_("cause"), max_length=8, choices=Cause)
    since = models.DateTimeField(_("since"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    over_at = models.DateTimeField(_("over"), null=True, blank=True)

    class Meta:
        verbose_name = _("outage of JIRA")
        verbose_name_plural = _("outages of JIRA")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = (
            models.UniqueConstraint(
                fields=["connection", "cause"],
                condition=Q(over_at__isnull=True),
                name="one_outage_of_a_cause_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.connection} {self.cause}"
