"""The duty roster: posts, the shifts on them, exchanges of shifts, and the gaps that were told of (OFH-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import clock
from core.models import Term

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User

ON_DUTY_ROLE = "support_engineer"
"""Whose holders can be put on a shift: the engineer on duty is a product support engineer."""


def can_be_on_duty(person: User) -> bool:
    """Whether somebody can be put on a shift."""
    return person.is_active and not person.is_customer and person.has_role(ON_DUTY_ROLE)


class Post(Term):
    """A place that must be manned outside working hours, with the number at which customers reach it."""

    phone = models.CharField(_("hotline number"), max_length=40, blank=True)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("duty post")
        verbose_name_plural = _("duty posts")


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Named questions about shifts."""

    def running(self, at: datetime) -> Self:
        """Those that cover a moment: from their first instant until before their last."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def meeting(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Those that share a moment with the half-open time from the one to the other."""
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Shift(models.Model):
    """That an engineer mans a post from one moment to another; a post is manned by one at a time."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="shifts", verbose_name=_("post"))
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="shifts", verbose_name=_("engineer")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ShiftQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering: ClassVar[list[str]] = ["starts_at", "id"]
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="shift_ends_after_start",
                violation_error_message=_("The end must come after the start."),
            ),
        )
        indexes = (
            models.Index(fields=["post", "starts_at"], name="shifts_of_post"),
            models.Index(fields=["engineer", "starts_at"], name="shifts_of_engineer"),
        )

    def __str__(self) -> str:
        return f"{self.engineer} {clock.local(self.starts_at):%m-%d %H:%M} – {clock.local(self.ends_at):%m-%d %H:%M}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the shift; two who plan the same night at once wait for each other. Raises ValidationError."""
        Post.objects.select_for_update().filter(pk=self.post_id).first()
        if faults := self._faults():
            raise ValidationError(faults)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Say at its field what cannot be."""
        if faults := self._faults():
            raise ValidationError(faults)

    def _faults(self) -> dict[str, Any]:
        faults: dict[str, Any] = {}
        if self.engineer_id is not None and not can_be_on_duty(self.engineer):
            faults["engineer"] = _("Only an active product support engineer can be on duty.")
        if self.starts_at is None or self.ends_at is None:
            return faults
        if self.ends_at <= self.starts_at:
            return faults | {"ends_at": _("The end must come after the start.")}
        if self.post_id is not None and (other := self._overlapping()) is not None:
            faults["starts_at"] = _("This post is manned then already: %(shift)s.") % {"shift": other}
        return faults

    def _overlapping(self) -> Shift | None:
        others = Shift.objects.meeting(self.starts_at, self.ends_at).filter(post=self.post_id).exclude(pk=self.pk)
        return others.select_related("engineer").order_by("starts_at").first()


class Swap(models.Model):
    """That somebody asked a colleague to take a shift, perhaps in return for another, and what became of it.

    Rows are never deleted: a swap that was declined or withdrawn stays on record. `duty.swaps` alone changes them.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        ASKED = "asked", _("asked")
        AGREED = "agreed", _("agreed")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="swaps", verbose_name=_("shift"))
    in_return = models.ForeignKey(
        Shift, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in return for")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="swaps_asked", verbose_name=_("asked of")
    )
    reason = models.CharField(_("reason"), max_length=200)
    asked_at = models.DateTimeField(_("asked at"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.ASKED)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("exchange of shifts")
        verbose_name_plural = _("exchanges of shifts")
        ordering: ClassVar[list[str]] = ["-id"]
        constraints = (
            models.UniqueConstraint(fields=["shift"], condition=Q(outcome="asked"), name="shift_is_asked_about_once"),
            models.CheckConstraint(
                condition=Q(outcome="asked", answered_at__isnull=True)
                | ~Q(outcome="asked") & Q(answered_at__isnull=False),
                name="swap_is_answered_once",
            ),
        )
        indexes = (models.Index(fields=["asked_of", "outcome"], name="swaps_waiting"),)

    def __str__(self) -> str:
        return f"{self.shift} → {self.asked_of}"


class Gap(models.Model):
    """A stretch outside working hours that nobody was rostered for when it was looked for; told once (OFH-12)."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="gaps", verbose_name=_("post"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    found_at = models.DateTimeField(_("found"))

    class Meta:
        verbose_name = _("gap in the roster")
        verbose_name_plural = _("gaps in the roster")
        ordering: ClassVar[list[str]] = ["starts_at"]
        constraints = (models.UniqueConstraint(fields=["post", "starts_at"], name="gap_is_told_once"),)

    def __str__(self) -> str:
        return f"{clock.local(self.starts_at):%m-%d %H:%M} – {clock.local(self.ends_at):%m-%d %H:%M}"
