"""Deadlines are stored facts: policy, start, due, levels, pauses, and what became of them (processes: Deadlines)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from calendars.models import WorkCalendar
from core.models import Bilingual
from workflow.models.record import Record

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any


class Clock(models.TextChoices):
    """In which time a deadline runs."""

    ELAPSED = "elapsed", _("24×7")
    WORKING = "working", _("working time")


class DeadlinePolicy(Bilingual):
    """How long something may take, by which clock, for which records; data that an administrator edits.

    `match` names what a record must be like, for instance {"severity": "urgent"}; of the policies of a timer that
    match, the one that names most wins. `version` counts the changes, those of its levels too, so that a deadline can
    say under which one it was set.
    """

    class Tightening(models.TextChoices):
        """What a shorter target means for a clock that already runs."""

        FROM_START = "from_start", _("counted from the start")
        GRACE = "grace", _("at the earliest the new time from now, never later than before")

    timer = models.CharField(_("deadline"), max_length=60, db_index=True)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    match = models.JSONField(_("for records with"), default=dict, blank=True)
    minutes = models.PositiveIntegerField(_("time allowed (minutes)"), validators=[MinValueValidator(1)])
    clock = models.CharField(_("clock"), max_length=8, choices=Clock, default=Clock.ELAPSED)
    calendar = models.ForeignKey(
        WorkCalendar, models.PROTECT, null=True, blank=True, verbose_name=_("calendar"), related_name="+"
    )
    tightening = models.CharField(
        _("when the target gets shorter"), max_length=12, choices=Tightening, default=Tightening.FROM_START
    )
    active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("deadline policy")
        verbose_name_plural = _("deadline policies")
        ordering: ClassVar[list[str]] = ["timer", "id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Count the version on, from where it is and not from where it was when this object was read."""
        stored = DeadlinePolicy.objects.filter(pk=self.pk).values_list("version", flat=True).first()
        self.version = (self.version if stored is None else stored) + 1
        super().save(*args, **kwargs)

    def bump(self) -> None:
        """Count the version on after a change of what belongs to the policy."""
        row = DeadlinePolicy.objects.filter(pk=self.pk)
        row.update(version=F("version") + 1)
        self.version = row.values_list("version", flat=True).first() or self.version

    def clean(self) -> None:
        """A match is a flat table of names to texts."""
        if not isinstance(self.match, dict) or not all(isinstance(v, str) for v in self.match.values()):
            raise ValidationError({"match": _('Give names and texts, for instance {"severity": "urgent"}.')})

    def fits(self, facts: dict[str, str]) -> bool:
        """Whether a record of these facts falls under it."""
        return all(facts.get(name) == value for name, value in self.match.items())


class PolicyLevel(models.Model):
    """A step of a policy: at which share of the time allowed, and who is told. Levels fire in the order of shares.

    `position` is its number for as long as the policy lives: what has fired is known by it, so no other level gets it.
    """

    class Kind(models.TextChoices):
        """What a level means."""

        WARNED = "warned", _("warning")
        MISSED = "missed", _("missed")
        ESCALATED = "escalated", _("escalation")

    policy = models.ForeignKey(DeadlinePolicy, models.CASCADE, related_name="levels")
    position = models.PositiveSmallIntegerField(_("level"), editable=False)
    kind = models.CharField(_("meaning"), max_length=10, choices=Kind)
    share = models.PositiveIntegerField(
        _("at this percentage of the time"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    recipients = models.JSONField(_("who is told"), default=list)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("escalation level")
        verbose_name_plural = _("escalation levels")
        ordering: ClassVar[list[str]] = ["policy", "position"]
        constraints = (models.UniqueConstraint(fields=["policy", "position"], name="one_level_a_position"),)

    def __str__(self) -> str:
        return f"{self.share} %"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a new level a number that none of the policy's has ever had."""
        if self.position is None:
            had = PolicyLevel.history.filter(policy_id=self.policy_id).aggregate(last=Max("position"))["last"]
            self.position = (had or 0) + 1
        super().save(*args, **kwargs)


@receiver(post_save, sender=PolicyLevel)
@receiver(post_delete, sender=PolicyLevel)
def _level_changed(instance: PolicyLevel, created: bool = False, raw: bool = False, **_kwargs: Any) -> None:  # noqa: FBT001, FBT002 - Django's
    known = instance._state.fields_cache.get("policy")
    policy = known or DeadlinePolicy(pk=instance.policy_id)
    # A policy that is being made, level by level, is of one version until something runs under it.
    if not raw and (not created or policy.terms.exists()):
        policy.bump()


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Named questions about deadlines."""

    def open(self) -> DeadlineQuerySet:
        """Those that still run or are overdue and unmet."""
        return self.filter(closed_at__isnull=True)


class Deadline(models.Model):
    """One promise with its time: opened by an act, closed by an act, watched by the sweep.

    `missed_at` is the due time that passed unmet; once set it stays, whatever follows (a director may excuse it).
    `next_level` and `next_fire_at` say which level fires when; both are derived and recomputed, never counted down.
    `terms` are what it runs under, whatever has become of the policy since; null follows the policy as it is now.
    `subject` tells apart those that run beside each other under one timer: to what of the record each belongs.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("running")
        MET = "met", _("kept")
        MET_LATE = "met_late", _("kept late")
        CANCELLED = "cancelled", _("no longer needed")

    record = models.ForeignKey(Record, models.PROTECT, related_name="deadlines", verbose_name=_("record"))
    timer = models.CharField(_("deadline"), max_length=60)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    subject = models.CharField(_("of what"), max_length=40, blank=True, default="")
    cycle = models.PositiveIntegerField(_("time round"), default=1)
    policy = models.ForeignKey(DeadlinePolicy, models.PROTECT, related_name="deadlines", verbose_name=_("policy"))
    policy_version = models.PositiveIntegerField(default=1)
    terms = models.ForeignKey("KeptTerms", models.PROTECT, null=True, related_name="+", db_index=False)
    clock = models.CharField(_("clock"), max_length=8, choices=Clock)
    allowed = models.DurationField(_("time allowed"))
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    next_level = models.PositiveSmallIntegerField(default=1)
    next_fire_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed"), null=True, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("excused by")
    )
    excused_at = models.DateTimeField(_("excused"), null=True, blank=True)
    excuse = models.TextField(_("reason of the excuse"), blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering: ClassVar[list[str]] = ["record", "timer", "cycle"]
        constraints = (
            models.UniqueConstraint(fields=["record", "timer", "cycle"], name="deadline_once_a_cycle"),
            models.UniqueConstraint(
                fields=["record", "timer", "subject"],
                condition=Q(closed_at__isnull=True),
                name="one_open_deadline_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(next_fire_at__isnull=True), name="closed_deadline_sleeps"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="due_after_start"),
        )
        indexes = (
            models.Index(fields=["record", "closed_at"], name="deadline_of_record"),
            models.Index(fields=["timer", "outcome", "due_at"], name="deadline_kept"),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="deadline_closed"),
        )

    def __str__(self) -> str:
        return f"{self.record_id} {self.timer} {self.cycle}"

    @property
    def told(self) -> dict[str, str]:
        """What the timeline says of which deadline it is."""
        return {"timer": self.timer, **({"subject": self.subject} if self.subject else {})}

    @property
    def slot(self) -> str:
        """Which of the record's deadlines it is, as acts name it."""
        return f"{self.timer}:{self.subject}" if self.subject else self.timer

    def is_missed(self, at: datetime) -> bool:
        """Whether it was missed, or is as of now."""
        return self.missed_at is not None or (self.closed_at is None and self.due_at < at)


class DeadlinePause(models.Model):
    """An interval in which a deadline's clock stood still, and for whose sake; open while `until` is null."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=30)

    class Meta:
        ordering: ClassVar[list[str]] = ["deadline", "since"]
        constraints = (
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="pause_ends_after"),
            models.UniqueConstraint(fields=["deadline"], condition=Q(until__isnull=True), name="one_open_pause"),
        )

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.since:%F %T}"


class Firing(models.Model):
    """That a level of a deadline fired. The constraint is what makes it happen exactly once."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="firings")
    level = models.PositiveSmallIntegerField(_("level"))
    kind = models.CharField(_("meaning"), max_length=10, choices=PolicyLevel.Kind)
    due_at = models.DateTimeField(_("due"))
    fired_at = models.DateTimeField(_("fired"))
    late = models.BooleanField(_("late"), default=False)

    class Meta:
        verbose_name = _("fired level")
        verbose_name_plural = _("fired levels")
        constraints = (models.UniqueConstraint(fields=["deadline", "level"], name="level_fires_once"),)

    def __str__(self) -> str:
        return f"{self.deadline_id} {self.level}"
