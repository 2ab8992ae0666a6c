"""The index: one row for each thing that can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.adding import add
from customers.models import Organisation
from search.fields import PiecesField
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR = 4096
"""Of one kind so many things with neighbouring keys lie in one reach; the newest are looked through first."""


def mark_of(kind: str) -> str:
    """The piece that every row of a kind has."""
    return f"={kind}"


def reach_of(kind: str, subject: int) -> str:
    """The piece that rows of a kind share with those whose keys are near."""
    return f"{reach_before(kind)}{subject // NEAR}"


def reach_before(kind: str) -> str:
    """What comes before the number of a reach."""
    return f"#{kind}:"


class Document(models.Model):
    """What something is found by, written in the transaction that changes the thing itself.

    `subject` is the thing's key in the table of its `kind`. `heading` and `text` are shown; `folded` holds both as they
    are compared, `public` what of them the customer may know, compared too. `pieces` are those of `folded`, with marks.
    Rights are those of the `record` or the `organisation` that it belongs to.
    """

    class Reading(models.TextChoices):
        """How far a file has been read."""

        WAITING = "waiting", _("is being read")
        DONE = "done", _("read")
        UNREADABLE = "unreadable", _("text could not be read")

    kind = models.CharField(max_length=30)
    subject = models.BigIntegerField()
    record = models.ForeignKey(Record, models.CASCADE, null=True, related_name="documents")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="documents")
    reading = models.CharField(max_length=10, choices=Reading, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    heading = models.TextField()
    text = models.TextField(blank=True)
    folded = models.TextField()
    public = models.TextField(blank=True)
    pieces = PiecesField()

    class Meta:
        verbose_name = _("index row")
        verbose_name_plural = _("index rows")
        constraints = (models.UniqueConstraint(fields=["kind", "subject"], name="indexed_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


WRITTEN = ("heading", "text", "folded", "public", "pieces")
"""The columns that follow from what the thing says."""


def put(documents: Iterable[Document]) -> None:
    """Write rows, those of the same things in their place; one statement."""
    add(documents, over=[*WRITTEN, "record", "organisation"], by=["kind", "subject"])


def forget(kind: str, subject: Any) -> None:
    """Take a thing out of the index."""
    Document.objects.filter(kind=kind, subject=subject).delete()


__all__ = ("NEAR", "WRITTEN", "Document", "forget", "mark_of", "put", "reach_before", "reach_of")
