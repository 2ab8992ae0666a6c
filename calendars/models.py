"""Calendars as administrators keep them: hours of the week, exceptional days, and which years are announced.

Whatever changes here gives the calendar a new version and a new stamp (`bump`), by which schedules are cached.
"""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import time
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from calendars.algebra import MINUTES_A_DAY, CalendarError, Slot, disjoint
from core.models import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


NO_HOURS = _("A calendar needs working hours: without them nothing could ever fall due.")


def check_timezone(name: str) -> None:
    """Refuse a name that is no time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


def check_hours(text: str) -> None:
    """Refuse a text that does not give hours, or hours that overlap."""
    try:
        Slot.parse(text)
    except CalendarError as error:
        raise ValidationError(_("Give hours such as 9:00-12:00, 13:00-18:00, without overlaps.")) from error


class WorkCalendar(Bilingual):
    """A calendar by which working time is counted. `code` is what code refers to; `default` is the company's own.

    `version` counts the changes, for people. `stamp` is new with every change, for caches: unlike a number it can never
    come again, not even after a transaction that was rolled back.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    timezone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai", validators=[check_timezone])
    keeps_holidays = models.BooleanField(
        _("follows China's public holidays"),
        default=True,
        help_text=_("Years are then imported, and flagged until they are announced."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    stamp = models.UUIDField(default=uuid.uuid4, editable=False)
    history = HistoricalRecords(excluded_fields=["version", "stamp"])

    class Meta:
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")
        ordering = ("code",)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save all but version and stamp, which only `bump` moves: an old form must not turn them back."""
        if not self._state.adding and kwargs.get("update_fields") is None and not kwargs.get("force_insert"):
            own = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            kwargs["update_fields"] = own - {"version", "stamp"}
        super().save(*args, **kwargs)

    def bump(self) -> None:
        """Count the version on: called after every change of the calendar or of anything that belongs to it."""
        row = WorkCalendar.objects.filter(pk=self.pk)
        row.update(version=F("version") + 1, stamp=uuid.uuid4())
        if (fresh := row.values_list("version", "stamp").first()) is not None:
            self.version, self.stamp = fresh

    def set_week(self, week: Mapping[int, Iterable[Slot]]) -> None:
        """Give the calendar these hours, by weekday (Monday is 0), in place of those that it has; keeps what stays.

        Raises ValidationError when hours overlap, or when there are none at all: nothing could ever fall due.
        """
        wanted = {(day, slot) for day, slots in week.items() for slot in refuse_overlaps(slots)}
        if not wanted:
            raise ValidationError(NO_HOURS)
        with transaction.atomic():
            WorkCalendar.objects.select_for_update().get(pk=self.pk)
            had = {(row.weekday, slot_of(row.starts, row.ends)): row for row in self.slots.all()}
            for key in had.keys() - wanted:
                had[key].delete()
            for day, slot in sorted(wanted - had.keys()):
                WeekSlot(calendar=self, weekday=day, starts=_time(slot.start), ends=_time(slot.end)).save()


class WeekSlot(models.Model):
    """A part of a weekday that is working time; a day may have several, and an end of 0:00 is the day's end."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="slots", verbose_name=_("calendar"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=list(WEEKDAYS.items()))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"), help_text=_("0:00 is the end of the day."))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ("calendar", "weekday", "starts")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")) | Q(ends=time(0)),
                name="slot_ends_after_start",
                violation_error_message=_("Working hours must end after they start."),
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="slot_on_a_weekday"),
            models.UniqueConstraint(fields=["calendar", "weekday", "starts"], name="one_slot_a_start"),
        )

    def __str__(self) -> str:
        return f"{WEEKDAYS.get(self.weekday, '')} {self.starts:%H:%M}-{self.ends:%H:%M}"

    verified = False
    """Set by a form that has checked the whole week at once: two rows may swap what each alone may not."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save unless the hours overlap others of the day; the calendar is locked so that two cannot slip past."""
        with transaction.atomic():
            WorkCalendar.objects.select_for_update().filter(pk=self.calendar_id).first()
            if not self.verified:
                others = WeekSlot.objects.filter(calendar_id=self.calendar_id, weekday=self.weekday)
                refuse_overlaps([self.slot, *(other.slot for other in others.exclude(pk=self.pk))])
            super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse hours that do not end after they start."""
        if self.starts is not None and self.ends is not None:
            slot_of(self.starts, self.ends)

    @property
    def slot(self) -> Slot:
        """The hours as the algebra knows them. Raises ValidationError when they do not end after they start."""
        return slot_of(self.starts, self.ends)


class CalendarDay(Bilingual):
    """A date that is not like its weekday: a public holiday, a make-up workday (调休), or the company's own exception.

    Where both know the date the company's word counts. `hours` are those of this workday; without them it has the hours
    of its weekday, or of an ordinary working day where the weekday has none.
    """

    class Kind(models.TextChoices):
        """What the date is."""

        HOLIDAY = "holiday", _("day off")
        WORKDAY = "workday", _("working day")

    class Source(models.TextChoices):
        """Who says so."""

        STATUTORY = "statutory", _("public")
        COMPANY = "company", _("company")

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days", verbose_name=_("calendar"))
    date = models.DateField(_("date"))
    kind = models.CharField(_("what it is"), max_length=8, choices=Kind)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.COMPANY)
    hours = models.CharField(
        _("hours"),
        max_length=100,
        blank=True,
        validators=[check_hours],
        help_text=_("Only for a working day whose hours are special: 9:00-12:00, 13:00-16:00"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("exceptional day")
        verbose_name_plural = _("exceptional days")
        ordering = ("calendar", "date", "source")
        constraints = (
            models.UniqueConstraint(
                fields=["calendar", "date", "source"],
                name="one_exception_a_date_and_source",
                violation_error_message=_("This date is there already."),
            ),
            models.CheckConstraint(
                condition=Q(kind="workday") | Q(hours=""),
                name="day_off_has_no_hours",
                violation_error_message=_("A day off has no hours."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save unless the hours cannot be read: a schedule could not be made from them."""
        if self.hours:
            check_hours(self.hours)
        super().save(*args, **kwargs)


class AnnouncedYear(models.Model):
    """Whether a year's public holidays are known, and who says so. A year without a row is not."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="years", verbose_name=_("calendar"))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1949), MaxValueValidator(2200)])
    announced = models.BooleanField(_("officially announced"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("year")
        verbose_name_plural = _("years")
        ordering: ClassVar[list[str]] = ["calendar", "-year"]
        constraints = (models.UniqueConstraint(fields=["calendar", "year"], name="one_row_a_year"),)

    def __str__(self) -> str:
        return str(self.year)


class KeptSchedule(models.Model):
    """The hours and days of a calendar as they once were, kept because something runs by them; never changed.

    `id` is made from `content` (`schedules.Kept`), so the same hours are one row, whoever keeps them first.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    calendar = models.ForeignKey(
        WorkCalendar, models.SET_NULL, null=True, related_name="kept", verbose_name=_("calendar")
    )
    version = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept schedule")
        verbose_name_plural = _("kept schedules")

    def __str__(self) -> str:
        return f"{self.calendar} ({self.version})"


def slot_of(starts: time, ends: time) -> Slot:
    """The slot between two times of day. Raises ValidationError when the end is not after the start."""
    try:
        return Slot.between(starts, ends)
    except CalendarError as error:
        raise ValidationError(_("Working hours must end after they start, in whole minutes.")) from error


def refuse_overlaps(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """The slots of one day, in order. Raises ValidationError when two overlap."""
    try:
        return disjoint(tuple(slots))
    except CalendarError as error:
        raise ValidationError(_("Working hours of one day must not overlap.")) from error


def _time(minute: int) -> time:
    return time(*divmod(minute % MINUTES_A_DAY, 60))


@receiver(post_save, sender=WeekSlot)
@receiver(post_save, sender=CalendarDay)
@receiver(post_save, sender=AnnouncedYear)
@receiver(post_delete, sender=WeekSlot)
@receiver(post_delete, sender=CalendarDay)
@receiver(post_delete, sender=AnnouncedYear)
def _part_changed(instance: WeekSlot | CalendarDay | AnnouncedYear, **_kwargs: Any) -> None:
    known = instance._state.fields_cache.get("calendar")
    (known or WorkCalendar(pk=instance.calendar_id)).bump()


@receiver(post_save, sender=WorkCalendar)
def _calendar_changed(instance: WorkCalendar, created: bool, raw: bool, **_kwargs: Any) -> None:  # noqa: FBT001 - Django's
    if not created and not raw:
        instance.bump()
