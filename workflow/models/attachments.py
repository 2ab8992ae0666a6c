"""Files on records; stored outside the web root, under names that nobody chose."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.models.record import Record
from workflow.models.timeline import Entry


def _anywhere(attachment: Attachment, filename: str) -> str:  # noqa: ARG001 - the sender's name is only shown
    return f"attachments/{attachment.added_at:%Y/%m}/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file as it came, with what its content proved to be."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="attachments", verbose_name=_("record"))
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="attachments", verbose_name=_("timeline entry"))
    file = models.FileField(_("file"), upload_to=_anywhere, max_length=120)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    public = models.BooleanField(_("visible to the customer"), default=False)
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def previewable(self) -> bool:
        """Whether a browser can show it without running anything."""
        return self.content_type in {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}
