"""Canned texts: private to who wrote them, or shared by all of the staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.text import clean_text, fold, initials
from texts import places

if TYPE_CHECKING:
    from people.models import User

KEEPERS = ("service_director", "department_head", "training_lead", "upgrade_lead", "system_admin")
"""The roles whose holders look after what is shared."""
ANY_VERB = "*"
MOST = 4000
NAME_IS_TAKEN = _("You have a text of this name already.")
SHARED_NAME_IS_TAKEN = _("There is a shared text of this name already.")


def may_share(user: User) -> bool:
    """Whether somebody looks after the shared texts."""
    return not user.is_customer and (user.is_superuser or user.has_role(*KEEPERS))


class CannedTextQuerySet(models.QuerySet["CannedText"]):
    """Named questions about texts."""

    def for_actor(self, user: User) -> Self:
        """The own ones and the shared ones; customers' contacts see none."""
        return self.none() if user.is_customer else self.filter(Q(owner=user) | Q(owner__isnull=True))

    def kept_by(self, user: User) -> Self:
        """Those that somebody may change: the own ones, and the shared ones for who looks after them."""
        own = self.none() if user.is_customer else self.filter(owner=user)
        return own | self.filter(owner__isnull=True) if may_share(user) else own

    def found_by(self, words: str) -> Self:
        """Those whose name, initials or text hold what is typed."""
        text = fold(words).strip()
        if not text:
            return self
        return self.filter(Q(name__icontains=text) | Q(initials__startswith=text) | Q(text__icontains=text))


class CannedText(models.Model):
    """A text with a name. `offered_at` are the acts at whose forms it is offered, as `ticket/respond` or `ticket/*`.

    Without an owner it is everybody's; without `offered_at` it is offered everywhere.
    """

    name = models.CharField(_("name"), max_length=60)
    initials = models.CharField(_("pinyin initials"), max_length=64, blank=True, editable=False)
    text = models.TextField(_("text"), max_length=MOST)
    offered_at = models.JSONField(_("offered at"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="canned_texts",
        verbose_name=_("owner"),
        help_text=_("Without an owner it is shared by all."),
    )
    active = models.BooleanField(_("offered"), default=True)

    objects = CannedTextQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("canned text")
        verbose_name_plural = _("canned texts")
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints = (
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(owner__isnull=True),
                name="shared_text_has_its_own_name",
                violation_error_message=SHARED_NAME_IS_TAKEN,
            ),
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(owner__isnull=False),
                name="own_text_has_its_own_name",
                violation_error_message=NAME_IS_TAKEN,
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the initials in step with the name."""
        self.initials = initials(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse places that nothing fills in, naming those that there are."""
        self.text = clean_text(self.text).strip()
        if not self.text:
            raise ValidationError({"text": _("Write the text.")})
        if not isinstance(self.offered_at, list) or not all(isinstance(each, str) for each in self.offered_at):
            raise ValidationError({"offered_at": _("This is a list of acts, each written as process/act.")})
        if strange := places.unknown(self.text):
            raise ValidationError(
                {
                    "text": ValidationError(
                        _("%(strange)s cannot be filled in. What can be: %(known)s"),
                        params={"strange": "、".join(strange), "known": places.known()},
                    )
                }
            )

    @property
    def shared(self) -> bool:
        """Whether it is everybody's."""
        return self.owner_id is None

    def fits(self, kind: str, verb: str) -> bool:
        """Whether it is offered at an act's form."""
        return not self.offered_at or not {f"{kind}/{ANY_VERB}", f"{kind}/{verb}"}.isdisjoint(self.offered_at)
