"""That a person was led to a decision by a message: the link, until when it leads there, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import tokens
from workflow.models import Entry, Step

if TYPE_CHECKING:
    from datetime import datetime

_SALT = "decisions.link"
_LENGTH = 24
"""Characters of a token: 144 random bits."""


class DecisionLinkQuerySet(models.QuerySet["DecisionLink"]):
    """Named questions about links to decisions."""

    def open(self, at: datetime) -> Self:
        """Neither used nor over at a moment."""
        return self.filter(used_at__isnull=True, expires_at__gt=at)

    def of_token(self, token: str) -> DecisionLink | None:
        """The one that an address names."""
        rows = self.filter(token_hash=tokens.hashed(token))
        return rows.select_related("step__round__record", "user", "entry").first()


class DecisionLink(models.Model):
    """A link for one person to one step, once. It opens a page and decides nothing; who may decide, the gate says.

    The token is made of `seed` and the installation's key and is never stored.
    """

    step = models.ForeignKey(Step, models.CASCADE, related_name="links", verbose_name=_("step"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="decision_links", verbose_name=_("for")
    )
    seed = models.CharField(max_length=64, default=tokens.new_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("open until"))
    opened_at = models.DateTimeField(_("opened"), null=True)
    used_at = models.DateTimeField(_("used"), null=True)
    entry = models.ForeignKey(
        Entry, models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("entry")
    )

    objects = DecisionLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to a decision")
        verbose_name_plural = _("links to decisions")
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.step_id} → {self.user_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Know the token by its hash."""
        self.token_hash = tokens.hashed(self.token)
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """What the address ends with; short, since it goes into text messages too, and too long to be guessed."""
        return tokens.token_of(_SALT, self.seed)[:_LENGTH]

    @property
    def path(self) -> str:
        """The address within the house. Empty when the installation's key has changed since."""
        return f"/decide/{self.token}/" if tokens.hashed(self.token) == self.token_hash else ""
