"""Exports that somebody has asked for, and the log of what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.jobs import UNFINISHED, Job, JobQuerySet

if TYPE_CHECKING:
    from people.models import User


class ExportQuerySet(JobQuerySet["Export"]):
    """Named questions about exports."""

    def own(self, user: User) -> Self:
        """Those of a person: nobody else sees or fetches them."""
        return self.filter(asked_by=user)


class Export(Job):
    """A list that somebody wants as a file.

    `query` is the list's address, `columns` the codes of its columns (none: those that the list shows unasked).
    `total` are the rows that were under that address when work began, `done` those that have been looked at, `written`
    those that the person could still see. `spooled` is how far the half-made file is valid. All four move in the
    transaction in which a page of rows is done, so that whoever goes on after a killed worker repeats nothing.
    `holder` writes the file itself, until `held_until` unless it says again that it lives.
    """

    class Stage(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("waits for its turn")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    class Format(models.TextChoices):
        """As what it is made."""

        XLSX = "xlsx", _("Excel (XLSX)")
        CSV = "csv", _("CSV")

    class Fault(models.TextChoices):
        """Why it failed."""

        DISK = "disk", _("The server has no room for the file, or cannot write it. Please tell the administrator.")
        ACCOUNT = "account", _("The account of the person who asked is closed.")
        LIST = "list", _("The list or its filters do not exist any more. Open the list and export it again.")
        WORN = "worn", _("It was begun several times and never came to its end. Narrow the list, or export it as CSV.")
        FAULT = "fault", _("An error of the software. It has been noted; please tell the administrator.")

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", db_index=False, verbose_name=_("asked by")
    )
    key = models.CharField(max_length=48, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False)
    kind = models.CharField(_("list"), max_length=30)
    query = models.TextField(_("address of the list"), blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField(_("asked for"))
    stage = models.CharField(_("state"), max_length=10, choices=Stage, default=Stage.WAITING)
    total = models.PositiveBigIntegerField(_("rows in all"), null=True)
    done = models.PositiveBigIntegerField(_("rows looked at"), default=0)
    written = models.PositiveBigIntegerField(_("rows written"), default=0)
    spooled = models.PositiveBigIntegerField(default=0, editable=False)
    fault = models.CharField(_("fault"), max_length=10, choices=Fault, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = (
            models.UniqueConstraint(fields=["asked_by", "key"], name="export_asked_once_by_a_form"),
            models.UniqueConstraint(
                fields=["asked_by", "fingerprint"], condition=Q(stage__in=UNFINISHED), name="export_made_once_at_a_time"
            ),
        )
        indexes = (
            models.Index(fields=["asked_by", "-id"], name="exports_of_person"),
            models.Index(fields=["id"], condition=Q(stage__in=UNFINISHED), name="exports_unfinished"),
            models.Index(fields=["expires_at"], condition=Q(stage="done"), name="exports_kept"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.format}"

    @property
    def percent(self) -> int:
        """How much of it is done; the file itself is the last hundredth."""
        return 0 if self.total is None else 99 if not self.total else min(99, self.done * 99 // self.total)


class Trace(models.Model):
    """Who took which rows out of the house, and when: an append-only log beside the exports."""

    class What(models.TextChoices):
        """What has happened."""

        ASKED = "asked", _("asked for")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        DOWNLOADED = "downloaded", _("downloaded")
        REMOVED = "removed", _("removed")

    export = models.ForeignKey(Export, models.PROTECT, related_name="traces", verbose_name=_("export"))
    what = models.CharField(_("what"), max_length=10, choices=What)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    rows = models.PositiveBigIntegerField(_("rows"), null=True)

    class Meta:
        verbose_name = _("trace of an export")
        verbose_name_plural = _("traces of exports")
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.export_id} {self.what}"
