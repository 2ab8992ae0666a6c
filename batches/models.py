"""Batches that somebody has asked for, their items with what became of each, and the log of who took what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.jobs import UNFINISHED, Job, JobQuerySet
from customers.models import Contact, Organisation
from documents.models import Document

if TYPE_CHECKING:
    from people.models import User


class BatchQuerySet(JobQuerySet["Batch"]):
    """Named questions about batches."""

    def own(self, user: User) -> Self:
        """Those of a person: nobody else sees or fetches them."""
        return self.filter(asked_by=user)


class Batch(Job):
    """Many documents at once: made for a campaign, or fetched together from the archive.

    `form` and `values` are what a campaign's documents are made of, `goal` how far each is brought, `until` how long a
    link opens it. The items are written down with the batch: what is to be done, and with whom, is settled then.
    `holder` writes the file itself.
    """

    class What(models.TextChoices):
        """What it is."""

        CAMPAIGN = "campaign", _("documents for many customers")
        ARCHIVE = "archive", _("documents from the archive")

    class Goal(models.TextChoices):
        """How far a campaign's documents are brought."""

        PRINT = "print", _("print them, to be filled in by hand")
        SEND = "send", _("send each contact a personal link by mail")
        FINAL = "final", _("finalise and print them")
        FETCH = "fetch", _("hand out what is final")

    class Format(models.TextChoices):
        """As what it is handed out."""

        PDF = "pdf", _("one PDF")
        ZIP = "zip", _("ZIP with an index")
        XLSX = "xlsx", _("the index alone (XLSX)")

    class Stage(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("in the queue")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    class Fault(models.TextChoices):
        """Why it failed."""

        DISK = "disk", _("The server has no room for the file, or cannot write it. Please tell the administrator.")
        ACCOUNT = "account", _("The account of the person who asked is closed.")
        WORN = "worn", _("It was begun several times and never came to its end. Take fewer documents at a time.")
        FAULT = "fault", _("An error of the software. It has been noted; please tell the administrator.")

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("asked by")
    )
    key = models.CharField(max_length=48, editable=False)
    what = models.CharField(_("what"), max_length=10, choices=What)
    goal = models.CharField(_("goal"), max_length=8, choices=Goal)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    form = models.CharField(_("form"), max_length=12, blank=True)
    values = models.JSONField(_("content"), default=dict, blank=True)
    until = models.DateField(_("open until"), null=True)
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField(_("asked for"))
    stage = models.CharField(_("state"), max_length=10, choices=Stage, default=Stage.WAITING)
    total = models.PositiveIntegerField(_("documents"))
    done = models.PositiveIntegerField(_("documents done"), default=0)
    refused = models.PositiveIntegerField(_("documents left out"), default=0)
    fault = models.CharField(_("fault"), max_length=10, choices=Fault, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("kept until"), null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of documents")
        verbose_name_plural = _("batches of documents")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = (models.UniqueConstraint(fields=["asked_by", "key"], name="batch_asked_once_by_a_form"),)
        indexes = (
            models.Index(fields=["asked_by", "-id"], name="batches_of_person"),
            models.Index(fields=["id"], condition=Q(stage__in=UNFINISHED), name="batches_unfinished"),
            models.Index(fields=["expires_at"], condition=Q(stage="done"), name="batches_kept"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.form or self.what}"

    @property
    def percent(self) -> int:
        """How much of it is done; the file itself is the last hundredth."""
        return min(99, (self.done + self.refused) * 99 // max(1, self.total))


class Item(models.Model):
    """One document of a batch: for whom, which it became, and if it came to nothing, why."""

    class Stage(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("in the queue")
        BEGUN = "begun", _("to be printed")
        DONE = "done", _("is made")
        REFUSED = "refused", _("left out")

    OPEN = (Stage.WAITING, Stage.BEGUN)

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items", verbose_name=_("batch"))
    position = models.PositiveIntegerField(_("position"))
    customer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+", verbose_name=_("contact"))
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="batched", verbose_name=_("document")
    )
    stage = models.CharField(_("state"), max_length=8, choices=Stage, default=Stage.WAITING)
    why = models.CharField(_("why it was left out"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("document of a batch")
        verbose_name_plural = _("documents of batches")
        ordering: ClassVar[list[str]] = ["batch", "position"]
        constraints = (
            models.UniqueConstraint(fields=["batch", "position"], name="one_item_at_a_place"),
            models.UniqueConstraint(fields=["batch", "customer"], name="a_customer_once_in_a_batch"),
            models.UniqueConstraint(fields=["batch", "document"], name="a_document_once_in_a_batch"),
        )
        indexes = (
            models.Index(fields=["batch", "position"], condition=Q(stage__in=("waiting", "begun")), name="items_open"),
        )

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.position}"


class Trace(models.Model):
    """Who had how many documents made or took them out of the house, and when: an append-only log."""

    class What(models.TextChoices):
        """What has happened."""

        ASKED = "asked", _("asked for")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        DOWNLOADED = "downloaded", _("downloaded")
        REMOVED = "removed", _("removed")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="traces", verbose_name=_("batch"))
    what = models.CharField(_("what"), max_length=10, choices=What)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    count = models.PositiveIntegerField(_("documents"), null=True)

    class Meta:
        verbose_name = _("trace of a batch")
        verbose_name_plural = _("traces of batches")
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.what}"
