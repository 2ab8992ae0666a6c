"""What days that are over have come to, so that a page of the handbook need not count them again (docs/adr/0010)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RuleDay(models.Model):
    """How often something of a rule became final on one day: acts done under it, promises kept or missed.

    `day` is the day into whose period it falls (of the act, or on which the promise was due), `settled_on` the day on
    which it became final (of the act, or on which the deadline was closed). `whole` rows count all persons together.
    """

    day = models.DateField(_("day"))
    settled_on = models.DateField(_("final since"))
    kind = models.CharField(_("process"), max_length=30)
    rule = models.CharField(_("rule"), max_length=10)
    what = models.CharField(_("what"), max_length=6)
    whole = models.BooleanField(default=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False, verbose_name=_("person")
    )
    number = models.PositiveIntegerField(_("how often"))

    class Meta:
        verbose_name = _("day of a rule")
        verbose_name_plural = _("days of rules")
        ordering: ClassVar[list[str]] = ["day", "rule"]
        indexes = (
            models.Index(fields=["day"], condition=Q(whole=True), name="rule_days_whole"),
            models.Index(fields=["rule", "day"], name="rule_days_of_rule"),
            models.Index(fields=["settled_on"], name="rule_days_settled"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.rule} {self.what}"


class Settled(models.Model):
    """Up to which day (not included) days have been settled, and what was looked for then; at most one row."""

    until = models.DateField(_("settled until"))
    meant = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("settled days")
        verbose_name_plural = _("settled days")

    def __str__(self) -> str:
        return str(self.until)
