"""Links: that two records, of whatever processes, have to do with each other, and how."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from workflow.models.record import Record


class Relation(models.TextChoices):
    """What the one record is to the other, read from the one."""

    RELATED = "related", _("related to")
    DUPLICATE_OF = "duplicate_of", _("duplicate of")
    HAS_DUPLICATE = "has_duplicate", _("has the duplicate")
    CAUSED_BY = "caused_by", _("caused by")
    CAUSES = "causes", _("cause of")
    SPLIT_FROM = "split_from", _("split from")
    SPLIT_INTO = "split_into", _("split into")
    MERGED_INTO = "merged_into", _("merged into")
    TOOK_IN = "took_in", _("took in")

    @property
    def inverse(self) -> Relation:
        """The same, read from the other."""
        return _INVERSE[self]


_PAIRS = (
    (Relation.RELATED, Relation.RELATED),
    (Relation.DUPLICATE_OF, Relation.HAS_DUPLICATE),
    (Relation.CAUSED_BY, Relation.CAUSES),
    (Relation.SPLIT_FROM, Relation.SPLIT_INTO),
    (Relation.MERGED_INTO, Relation.TOOK_IN),
)
_INVERSE = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
BY_HAND = (
    Relation.RELATED,
    Relation.DUPLICATE_OF,
    Relation.HAS_DUPLICATE,
    Relation.CAUSED_BY,
    Relation.CAUSES,
)
"""What people may say of two records, and take back; the rest says what was done, and stays."""


class Link(models.Model):
    """That `one` is to `other` what the relation says. Two records are linked once, whichever is named first."""

    one = models.ForeignKey(Record, models.PROTECT, related_name="links_from", verbose_name=_("record"))
    other = models.ForeignKey(Record, models.PROTECT, related_name="links_to", verbose_name=_("other record"))
    relation = models.CharField(_("relation"), max_length=16, choices=Relation)
    since = models.DateTimeField(_("since"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = (
            models.UniqueConstraint(Least("one", "other"), Greatest("one", "other"), name="linked_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="no_link_to_itself"),
        )

    def __str__(self) -> str:
        return f"{self.one_id} {self.relation} {self.other_id}"
