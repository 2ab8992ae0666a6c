"""Personal links to customers' parts of forms, the log of their use, and what has been filled in so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import tokens
from customers.models import Contact
from documents.models import Document

if TYPE_CHECKING:
    from datetime import datetime

_SALT = "invitations.link"


def new_seed() -> str:
    """What a link is made of together with the installation's key."""
    return tokens.new_seed()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Named questions about invitations."""

    def standing(self) -> Self:
        """Neither revoked nor answered; whether their time is over is another question."""
        return self.filter(revoked_at__isnull=True, answered_at__isnull=True)

    def open(self, at: datetime) -> Self:
        """Those whose link opens the form at a moment."""
        return self.standing().filter(expires_at__gt=at)

    def of_token(self, token: str) -> Invitation | None:
        """The one that a link names, with what its page shows."""
        rows = self.filter(token_hash=tokens.hashed(token))
        return rows.select_related("document__customer", "document__letterhead", "contact", "made_by").first()


class Invitation(models.Model):
    """That one contact may fill in one document by a link, until a moment.

    The link's token is made of `seed` and the installation's key and is never stored: who reads the database, or a copy
    of it, can open nothing. Reminders can name the link all the same.
    """

    class Purpose(models.TextChoices):
        """What the link is good for."""

        FILL = "fill", _("fill in the customer's part")

    document = models.ForeignKey(Document, models.PROTECT, related_name="invitations", verbose_name=_("document"))
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="invitations", verbose_name=_("contact"))
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose, default=Purpose.FILL)
    seed = models.CharField(max_length=64, default=new_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(_("sent to"), blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    expires_at = models.DateTimeField(_("open until"))
    shown_at = models.DateTimeField(_("link shown"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    reminded = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_at = models.DateTimeField(_("last reminded"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = (
            models.UniqueConstraint(
                fields=["document", "contact"],
                condition=models.Q(revoked_at__isnull=True, answered_at__isnull=True),
                name="one_link_of_a_contact",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} → {self.contact_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Know the token by its hash."""
        self.token_hash = tokens.hashed(self.token)
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """What the link ends with."""
        return tokens.token_of(_SALT, self.seed)

    @property
    def link(self) -> str:
        """The whole address. Empty when the installation's key has changed since: then a new one must be sent."""
        token = self.token
        return f"{settings.SITE_URL}/f/{token}/" if tokens.hashed(token) == self.token_hash else ""


class Opening(models.Model):
    """That a link, or the portal's door beside it, was used: when, from where, and for what. Never changed."""

    class What(models.TextChoices):
        """What was done."""

        OPENED = "opened", _("opened")
        SAVED = "saved", _("saved")
        SENT = "sent", _("sent")
        FETCHED = "fetched", _("copy fetched")
        REFUSED = "refused", _("refused")

    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="openings", verbose_name=_("invitation"))
    at = models.DateTimeField(_("at"))
    address = models.GenericIPAddressField(_("address"), null=True)
    what = models.CharField(_("what"), max_length=8, choices=What)

    class Meta:
        verbose_name = _("use of a link")
        verbose_name_plural = _("uses of links")
        ordering: ClassVar[list[str]] = ["-id"]
        indexes = (models.Index(fields=["invitation", "-id"], name="uses_of_link"),)

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.what}"


class Draft(models.Model):
    """What a customer has answered so far and not sent: beside the document, whose content is what was sent.

    `version` counts the savings, so that an older page never overwrites newer answers. A null takes an answer of the
    document back.
    """

    document = models.OneToOneField(Document, models.CASCADE, related_name="draft", verbose_name=_("document"))
    values = models.JSONField(_("answers"), default=dict)
    version = models.PositiveIntegerField(_("version"), default=0)
    saved_at = models.DateTimeField(_("saved"), null=True)
    saved_by = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+", verbose_name=_("saved by"))

    class Meta:
        verbose_name = _("answers so far")
        verbose_name_plural = _("answers so far")

    def __str__(self) -> str:
        return f"{self.document_id} v{self.version}"

    def over(self, values: dict[str, Any]) -> dict[str, Any]:
        """A document's answers with these in their place."""
        return {key: value for key, value in {**values, **self.values}.items() if value is not None}
