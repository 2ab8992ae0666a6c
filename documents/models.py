"""Documents with their content, what was frozen of them, who signed, and where the originals are."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from documents.flow import DocumentFlow
from forms_templates.models import FormVersion, Letterhead
from workflow.models import Record
from workflow.models.record import RecordQuerySet


class DocumentQuerySet(RecordQuerySet):
    """Row rights and the named questions about documents."""


class Document(DocumentFlow, Record):
    """A form about a record (`parent`) or a customer, under one version of its definition and of the letterhead.

    `values` are the answers by the keys of the definition's items (README of forms_templates); a secret's answer is a
    reference into the vault and never the secret. `code` is what its pages bear for proof, given when it is frozen.
    """

    form = models.CharField(_("form"), max_length=12)
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, related_name="+", verbose_name=_("version of the form")
    )
    letterhead = models.ForeignKey(Letterhead, models.PROTECT, related_name="+", verbose_name=_("letterhead"))
    values = models.JSONField(_("content"), default=dict)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="documents", verbose_name=_("contact")
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("in place of")
    )
    code = models.CharField(_("short code"), max_length=16, blank=True, default="", editable=False)
    archive_no = models.CharField(_("archive number"), max_length=40, blank=True)
    archive_place = models.CharField(_("place"), max_length=100, blank=True)
    archive_box = models.CharField(_("box"), max_length=40, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = (models.Index(fields=["form", "-record_ptr"], name="documents_of_form"),)
        constraints = (
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="short_code_of_one_document"),
        )


def _printed(printed: Printed, filename: str) -> str:  # noqa: ARG001 - nobody's name becomes a path
    return f"documents/{uuid.uuid4().hex}"


class Printed(models.Model):
    """The PDF of a frozen document, byte for byte: written once, never again."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="printed", verbose_name=_("document"))
    file = models.FileField(_("file"), upload_to=_printed, max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    pages = models.PositiveSmallIntegerField(_("pages"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("frozen print")
        verbose_name_plural = _("frozen prints")

    def __str__(self) -> str:
        return self.sha256[:12]


class Signature(models.Model):
    """That somebody signed on the screen: with which name, when, from where, and what exactly they signed.

    `covers` is the SHA-256 of the answers as they stood before the signer's eyes; an answer that changes afterwards
    makes the signature void, which is said and never hidden.
    """

    class How(models.TextChoices):
        """By what means."""

        DRAWN = "drawn", _("drawn")
        TYPED = "typed", _("typed")

    document = models.ForeignKey(Document, models.PROTECT, related_name="signatures", verbose_name=_("document"))
    item = models.CharField(_("place on the form"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    how = models.CharField(_("how"), max_length=8, choices=How)
    image = models.BinaryField(blank=True, default=bytes)
    signed_at = models.DateTimeField(_("signed"))
    address = models.GenericIPAddressField(_("address"), null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("account")
    )
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+", verbose_name=_("contact"))
    covers = models.CharField(max_length=64)
    void_since = models.DateTimeField(_("void since"), null=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.name} {self.item}"


class Original(models.Model):
    """One of the originals of a document: which copy, for whom, and who holds it now (ACC-12)."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="originals", verbose_name=_("document"))
    copy = models.PositiveSmallIntegerField(_("copy"))
    holder = models.CharField(_("for"), max_length=40)
    place = models.CharField(_("place"), max_length=100, blank=True)
    received_by = models.CharField(_("received by"), max_length=60, blank=True)
    received_at = models.DateTimeField(_("received"), null=True)

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")
        ordering: ClassVar[list[str]] = ["document", "copy"]
        constraints = (models.UniqueConstraint(fields=["document", "copy"], name="one_original_of_a_number"),)

    def __str__(self) -> str:
        return f"{self.document_id}/{self.copy}"
