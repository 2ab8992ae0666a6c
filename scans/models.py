"""Files that were uploaded, their pages, what became of these, and those that wait for somebody to look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.jobs import UNFINISHED, Job, JobQuerySet
from documents.models import Document
from scans.flow import ScanFlow
from workflow.models import Attachment, Record
from workflow.models.record import RecordQuerySet

if TYPE_CHECKING:
    from people.models import User


class Why(models.TextChoices):
    """Why pages found no document by themselves."""

    NO_CODE = "no_code", _("No code could be read.")
    UNKNOWN = "unknown", _("There is no document with the code on it.")
    SEVERAL = "several", _("Codes of several documents are on one page.")
    SUPERSEDED = "superseded", _("The document has been superseded by another.")
    CANCELLED = "cancelled", _("The document has been cancelled.")
    REFUSED = "refused", _("The document could not take them.")


class UploadQuerySet(JobQuerySet["Upload"]):
    """Named questions about uploads."""

    def own(self, user: User) -> Self:
        """Those of a person."""
        return self.filter(uploaded_by=user)


class Upload(Job):
    """A file that somebody has uploaded, read page by page.

    `total` are its pages, `done` those that have been read; both move in the transaction in which a page is stored.
    The file and the images of its pages lie in a folder of their own (`door.SHELF`) until `cleared`.
    """

    class Stage(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("in the queue")
        RUNNING = "running", _("being read")
        DONE = "done", _("read")
        FAILED = "failed", _("failed")

    class Kind(models.TextChoices):
        """What its content proved to be."""

        PDF = "pdf", "PDF"
        JPEG = "jpeg", "JPEG"
        PNG = "png", "PNG"
        HEIC = "heic", "HEIC"
        TIFF = "tiff", "TIFF"

    class Fault(models.TextChoices):
        """Why it could not be read."""

        LOCKED = "locked", _("The PDF is protected by a password. Save it without one and upload it again.")
        DAMAGED = "damaged", _("The file is damaged and cannot be opened. Scan the paper again.")
        LONG = "long", _("The file has more than 100 pages. Divide it and upload the parts.")
        LARGE = "large", _("A page is too large to be opened. Scan it at 300 dpi or less.")
        WORN = "worn", _("It was begun several times and could not be read. Scan the paper again.")
        ACCOUNT = "account", _("The account of the person who uploaded it is closed.")

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("uploaded by")
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("type"), max_length=4, choices=Kind)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=10)
    uploaded_at = models.DateTimeField(_("uploaded"))
    stage = models.CharField(_("state"), max_length=10, choices=Stage, default=Stage.WAITING)
    fault = models.CharField(_("fault"), max_length=10, choices=Fault, blank=True)
    total = models.PositiveSmallIntegerField(_("pages"), null=True)
    done = models.PositiveSmallIntegerField(_("pages read"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    cleared = models.BooleanField(default=False, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded scan")
        verbose_name_plural = _("uploaded scans")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = (
            models.UniqueConstraint(
                fields=["uploaded_by", "sha256"], condition=~Q(stage="failed"), name="scan_uploaded_once_by_a_person"
            ),
        )
        indexes = (
            models.Index(fields=["uploaded_by", "-id"], name="uploads_of_person"),
            models.Index(fields=["id"], condition=Q(stage__in=UNFINISHED), name="uploads_unfinished"),
            models.Index(fields=["finished_at"], condition=Q(cleared=False), name="uploads_kept"),
        )

    def __str__(self) -> str:
        return self.name


class Scan(ScanFlow, Record):
    """Pages of one upload that found no document by themselves; `about` is the document, once it is known."""

    why = models.CharField(_("reason"), max_length=10, choices=Why)
    about = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="scans", verbose_name=_("document")
    )

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan without a document")
        verbose_name_plural = _("scans without a document")


class Part(models.Model):
    """Some pages of an upload that belong together, and what became of them: once each, whoever is killed meanwhile.

    `of` is how many pages the document has, `sheets` which of them came, in their order.
    """

    class Outcome(models.TextChoices):
        """What became of them."""

        RECEIVED = "received", _("signed copy received")
        ADDED = "added", _("added: it was signed before")
        WAITING = "waiting", _("nobody knows whose they are yet")

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="parts", verbose_name=_("upload"))
    first = models.PositiveSmallIntegerField(_("first page"))
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="scanned", verbose_name=_("document")
    )
    scan = models.OneToOneField(Scan, models.PROTECT, null=True, related_name="part", verbose_name=_("waiting scan"))
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    sheets = models.JSONField(default=list)
    of = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("part of a scan")
        verbose_name_plural = _("parts of scans")
        ordering: ClassVar[list[str]] = ["upload", "first"]
        constraints = (
            models.UniqueConstraint(fields=["upload", "first"], name="one_part_from_a_page_on"),
            models.UniqueConstraint(fields=["upload", "document"], name="a_document_once_in_an_upload"),
        )

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.first}"

    @property
    def missing(self) -> list[int]:
        """The pages of the document that did not come."""
        return [number for number in range(1, self.of + 1) if number not in self.sheets]


class Page(models.Model):
    """One page as an image. `sheet` is the page of its document that the code names; `turned` by how many degrees."""

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="pages", verbose_name=_("upload"))
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="pages", verbose_name=_("part"))
    number = models.PositiveSmallIntegerField(_("page"))
    codes = models.JSONField(_("codes"), default=list)
    sheet = models.PositiveSmallIntegerField(default=0)
    blank = models.BooleanField(_("blank"), default=False)
    turned = models.PositiveSmallIntegerField(_("turned"), default=0)

    class Meta:
        verbose_name = _("scanned page")
        verbose_name_plural = _("scanned pages")
        ordering: ClassVar[list[str]] = ["upload", "number"]
        constraints = (models.UniqueConstraint(fields=["upload", "number"], name="a_page_is_read_once"),)

    def __str__(self) -> str:
        return f"{self.upload_id}/{self.number}"

    @property
    def image(self) -> str:
        """The name of its image in the upload's folder."""
        return f"{self.number}.jpg"

    @property
    def thumbnail(self) -> str:
        """The name of its small image."""
        return f"{self.number}.small.jpg"
