"""Documents with their content, what was frozen of them, who signed, and where the originals are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from documents import codes, definitions, recorded
from documents.flow import DocumentFlow
from documents.states import State
from forms_templates import catalogue, computed, glyphs
from forms_templates.models import FormVersion, Letterhead
from workflow.models import Record
from workflow.models.record import RecordQuerySet, open_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Self

    from forms_templates.language import Form, Item
    from people.models import User
    from workflow.flow import Act


def internal_forms() -> list[str]:
    """The codes of forms that are the house's own and go to no customer."""
    return [form.code for form in catalogue.forms() if form.internal]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(each)


class DocumentQuerySet(RecordQuerySet):
    """Row rights and the named questions about documents."""

    def for_actor(self, user: User, kind: str = "") -> Self:
        """Whoever sees the record that it is about sees the document; a customer's contact, what is theirs to see."""
        rows = self.filter(kind=kind) if kind else self
        seen: Self = super(DocumentQuerySet, rows).for_actor(user)
        if user.is_customer:
            return seen.filter(Q(finalised_at__isnull=False) | Q(contact__user=user)).exclude(form__in=internal_forms())
        if seen is rows or "document" in open_kinds(user):
            return seen
        return rows.filter(Q(pk__in=seen.values("pk")) | Q(parent__in=Record.objects.for_actor(user).values("pk")))

    def unprinted(self, at: datetime) -> Self:
        """Those whose content is frozen and whose pages are not, and which nobody prints at the moment."""
        free = Q(held_until__isnull=True) | Q(held_until__lt=at)
        return self.filter(free, state=State.TO_SIGN, frozen_at__isnull=True).order_by("pk")


class Document(DocumentFlow, Record):
    """A form about a record (`parent`) or a customer, under one version of its definition and of the letterhead.

    `values` are the answers by the keys of the definition's items (README of forms_templates); a secret's answer is a
    reference into the vault and never the secret. `code` is what its pages bear for proof, given when it is frozen:
    from then on the database refuses to change content, versions and code. `held_until` and `fault` are the printer's.
    `holders` are those of its originals where the record that it is about decides how many there are; else the form's.
    """

    form = models.CharField(_("form"), max_length=12)
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, related_name="+", verbose_name=_("version of the form")
    )
    letterhead = models.ForeignKey(Letterhead, models.PROTECT, related_name="+", verbose_name=_("letterhead"))
    values = models.JSONField(_("content"), default=dict, editable=False)
    holders = models.JSONField(_("holders of its originals"), null=True, blank=True, editable=False)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="documents", verbose_name=_("contact")
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("in place of")
    )
    code = models.CharField(_("short code"), max_length=16, blank=True, default="", editable=False)
    finalised_at = models.DateTimeField(_("finalised"), null=True, editable=False)
    frozen_at = models.DateTimeField(_("printed"), null=True, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    fault = models.CharField(_("why it cannot be printed"), max_length=300, blank=True, default="", editable=False)
    signed_how = models.CharField(_("signed how"), max_length=8, blank=True, editable=False)
    archive_no = models.CharField(_("archive number"), max_length=40, blank=True)
    archive_place = models.CharField(_("place"), max_length=100, blank=True)
    archive_box = models.CharField(_("box"), max_length=40, blank=True)

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = (
            models.Index(fields=["form", "-record_ptr"], name="documents_of_form"),
            models.Index(fields=["archive_no"], condition=~Q(archive_no=""), name="documents_by_archive_no"),
            models.Index(
                fields=["record_ptr"], condition=Q(frozen_at__isnull=True) & ~Q(code=""), name="documents_to_print"
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="short_code_of_one_document"),
        )

    @property
    def series(self) -> str:
        """Documents are numbered by their form: Serv303-2026-0012."""
        return self.form

    @property
    def definition(self) -> Form:
        """The form's definition as it was when the document was begun, with the originals that are its own."""
        holders = tuple((each["key"], each["zh"], each["en"]) for each in self.holders or ())
        return definitions.of(self.form_version_id, self.form, holders)

    @property
    def heading(self) -> str:
        """The form's name in the reader's language; `title` is its name on the paper."""
        return self.definition.title.in_language()

    @property
    def successor(self) -> Document | None:
        """The document that stands, or is to stand, in its place."""
        found: Document | None = getattr(self, "replaced_by", None)
        return found

    @property
    def printed(self) -> Printed | None:
        """The frozen print; None until it has been made."""
        return self.prints.filter(copy=0, for_customer=False).first()

    @property
    def is_final(self) -> bool:
        """Whether its content is frozen."""
        return bool(self.code)

    @property
    def is_recorded(self) -> bool:
        """Whether its record fills it in alone, so that nobody types or signs there."""
        return recorded.holds_for(self)

    def beside(self, verb: str) -> list[int]:
        """Finalising supersedes another one; what it is about goes on when it is signed or archived: locked with it."""
        touched = {"finalise": self.replaces_id, "receive_signed": self.parent_id, "archive": self.parent_id}.get(verb)
        return [touched] if touched else []

    def facts(self) -> dict[str, str]:
        """What policies can be narrowed by."""
        return {"form": self.form}

    def unanswered(self) -> list[Item]:
        """The required items without an answer; what is signed or sealed is seen to on paper.

        What a record fills in alone lacks nothing: what is not known there stands nowhere.
        """
        if self.is_recorded:
            return []
        return [
            item
            for item in self.definition.items()
            if item.kind not in {"signature", "seal", "clause"}
            and not item.computed
            and item.is_shown(self.values)
            and item.is_required(self.values)
            and self.values.get(item.key) in (None, "", [], {})
        ]

    def unprintable(self) -> str:
        """The characters of its answers that the printing font does not have."""
        return glyphs.missing("".join(_texts(self.values)))

    # --- what the flow's verbs do -------------------------------------------------------------------------------------
    def _begin(self, act: Act, said: Mapping[str, Any]) -> None:
        from documents import prefill

        prefill.begin(self, act, said)

    def _answer(self, values: Mapping[str, Any], act: Act) -> None:
        from documents import answers, signing

        self.values = computed.completed(self.definition, answers.merged(self.values, values))
        signing.void_outdated(self, act.at)

    def _void_signatures(self, act: Act) -> None:
        from documents import signing

        signing.void_all(self, act.at)

    def _sign(self, act: Act, **said: Any) -> None:
        from documents import signing

        signing.keep(self, act, said)

    def _lock(self, act: Act) -> None:
        self.code, self.finalised_at = codes.new(), act.at
        holders = self.definition.holders
        Original.objects.bulk_create(
            Original(document=self, copy=copy, holder=holder.key) for copy, holder in enumerate(holders, start=1)
        )

    def _keep_prints(self, act: Act, prints: Sequence[Any]) -> None:
        self.frozen_at, self.fault = act.at, ""
        Printed.objects.bulk_create(
            Printed(document=self, made_at=act.at, copy=p.copy, for_customer=p.for_customer, **p.kept) for p in prints
        )

    def _hand_over(self, act: Act, **said: Any) -> None:  # noqa: ARG002 - the moment is said
        Original.objects.filter(document=self, copy=said.pop("copy")).update(**said)


class Printed(models.Model):
    """A PDF of a frozen document, byte for byte: written once, never again.

    The master (copy 0, whole) is what was frozen. Beside it are kept the marked originals (第×份) and, of a form with
    parts that are the company's own, the customer's copy without them: each with its own fingerprint, because no two
    versions of a library that prints promise the same bytes.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="prints", verbose_name=_("document"))
    copy = models.PositiveSmallIntegerField(_("copy"), default=0)
    for_customer = models.BooleanField(_("without the company's own parts"), default=False)
    file = models.FileField(_("file"), max_length=120)
    sha256 = models.CharField(_("fingerprint (SHA-256)"), max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    pages = models.PositiveSmallIntegerField(_("pages"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("frozen print")
        verbose_name_plural = _("frozen prints")
        ordering: ClassVar[list[str]] = ["document", "copy", "for_customer"]
        constraints = (
            models.UniqueConstraint(fields=["document", "copy", "for_customer"], name="one_print_of_a_copy"),
        )

    def __str__(self) -> str:
        return self.sha256[:12]


class Taken(models.Model):
    """That somebody took a frozen PDF out: a look at a document is ordinary, but is known for ever."""

    printed = models.ForeignKey(Printed, models.PROTECT, related_name="taken", verbose_name=_("frozen print"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken by")
    )
    channel = models.CharField(_("channel"), max_length=12)
    at = models.DateTimeField(_("taken"))

    class Meta:
        verbose_name = _("PDF taken")
        verbose_name_plural = _("PDFs taken")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.printed_id} {self.at:%Y-%m-%d %H:%M}"


class Signature(models.Model):
    """That somebody signed on the screen: with which name, when, from where, and what exactly they signed.

    `covers` is the SHA-256 of the answers in the places `keys` as they stood before the signer's eyes; one that changes
    afterwards makes the signature void, which is said and never hidden.
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
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+", verbose_name=_("contact"))
    keys = models.JSONField(default=list)
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
