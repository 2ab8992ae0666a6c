"""Files that R&D attaches in JIRA, and what became of each."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jira.faults import Fault
from jira.models.issues import Ignorable, Issue

LONGEST_URL = 1000


class IncomingQuerySet(models.QuerySet["Incoming"]):
    """Named questions about files that come."""

    def unsettled(self) -> Self:
        """Neither taken over, nor refused, nor given up, nor ignored."""
        return self.filter(taken_at__isnull=True, refused_at__isnull=True, failed_at__isnull=True, ignored_at=None)

    def failing(self) -> Self:
        """Given up, or tried on for a reason; what is ignored is left out."""
        wrong = Q(failed_at__isnull=False) | ~Q(fault="")
        return self.filter(wrong, taken_at__isnull=True, refused_at__isnull=True, ignored_at__isnull=True)


class Incoming(Ignorable):
    """One file that R&D attached to an issue; its id in JIRA makes it one for ever.

    `refused_at`: it is no file that is taken here; the timeline says so. `busy_until` and `series` as in `Outgoing`.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="incoming", verbose_name=_("issue"))
    remote_id = models.CharField(max_length=20)
    name = models.CharField(_("file"), max_length=200)
    author = models.CharField(_("attached by"), max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    url = models.CharField(max_length=LONGEST_URL, blank=True)
    found_at = models.DateTimeField(_("found"))
    series = models.PositiveIntegerField(default=1, editable=False)
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    busy_until = models.DateTimeField(null=True, blank=True, editable=False)
    taken_at = models.DateTimeField(_("taken over"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    fault = models.CharField(_("fault"), max_length=12, choices=Fault, blank=True)
    detail = models.CharField(_("what JIRA said"), max_length=300, blank=True)

    objects = IncomingQuerySet.as_manager()

    class Meta:
        verbose_name = _("file from JIRA")
        verbose_name_plural = _("files from JIRA")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = (models.UniqueConstraint(fields=["issue", "remote_id"], name="file_of_jira_comes_once"),)
        indexes = (
            models.Index(
                fields=["id"],
                condition=Q(taken_at__isnull=True, refused_at__isnull=True, ignored_at__isnull=True),
                name="jira_incoming_to_do",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be done."""
        return bool(self.taken_at or self.refused_at or self.failed_at or self.ignored_at)
