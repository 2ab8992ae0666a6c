"""One item of a plan: what is to be done of a contract, by whom, by when, and what proves that it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from contracts.models import PaymentTerm
from core import clock
from execution.flow.lanes import FIRST_PAYMENT, Lane, way_of
from execution.flow.states import Progress
from execution.models.look import Look
from workflow.models import Record

if TYPE_CHECKING:
    from typing import Any

CHANGED = (
    *("title", "agreed", "amount", "needs", "after", "days", "owner", "due_on", "progress", "ready_at", "begun_at"),
    *("record", "done_on", "done_by", "evidence", "waiver", "waived_by", "freed"),
)
"""What acts change of an item."""


class PlanItem(Look, models.Model):
    """Something that a contract promises, or that what it sells implies.

    `key` says from what of the contract it was drawn, so that an amendment finds it again. `title` is what somebody has
    written, of an instalment its share; where nobody has, `name` says what it is. It is done by hand, with
    `evidence`, or by `record`, which it then follows. `needs` are the lanes (and `first_payment`) that come first,
    unless it was `freed` of them for a reason. `ready_at` is since when it waits for nothing else. Written under the
    lock of its execution only.
    """

    execution = models.ForeignKey(
        "execution.Execution", models.PROTECT, related_name="items", verbose_name=gettext_lazy("execution")
    )
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(gettext_lazy("position"))
    lane = models.CharField(gettext_lazy("kind of work"), max_length=12, choices=Lane)
    title = models.CharField(gettext_lazy("what is promised"), max_length=200)
    agreed = models.TextField(gettext_lazy("as agreed"), blank=True)
    amount = models.DecimalField(gettext_lazy("amount (CNY)"), max_digits=14, decimal_places=2, null=True, blank=True)
    needs = models.JSONField(gettext_lazy("comes after"), default=list, blank=True)
    instalment = models.CharField(gettext_lazy("instalment"), max_length=10, choices=PaymentTerm.Kind, blank=True)
    after = models.CharField(gettext_lazy("due after"), max_length=12, choices=Lane, blank=True)
    days = models.PositiveSmallIntegerField(gettext_lazy("days after"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("item of a plan", "owner"),
    )
    due_on = models.DateField(pgettext_lazy("promise", "due on"), null=True, blank=True)
    progress = models.CharField(gettext_lazy("progress"), max_length=12, choices=Progress, default=Progress.OPEN)
    ready_at = models.DateTimeField(gettext_lazy("waits for nothing else since"), null=True, blank=True)
    begun_at = models.DateTimeField(gettext_lazy("begun"), null=True, blank=True)
    record = models.ForeignKey(
        Record, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("done by record")
    )
    done_on = models.DateField(gettext_lazy("done on"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("done by"),
    )
    evidence = models.TextField(gettext_lazy("evidence"), blank=True)
    waiver = models.TextField(gettext_lazy("why it was waived"), blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("waived by"),
    )
    freed = models.TextField(gettext_lazy("why it goes ahead all the same"), blank=True)

    class Meta:
        verbose_name = gettext_lazy("item of a plan")
        verbose_name_plural = gettext_lazy("items of plans")
        ordering: ClassVar[list[str]] = ["execution", "position"]
        constraints = (
            models.UniqueConstraint(fields=["execution", "key"], name="one_item_of_a_promise"),
            models.CheckConstraint(
                condition=~Q(progress=Progress.DONE) | Q(done_on__isnull=False), name="done_item_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(progress=Progress.WAIVED) | ~Q(waiver=""), name="waived_item_has_its_reason"
            ),
        )
        indexes = (
            models.Index(
                fields=["lane", "due_on"],
                include=["amount", "execution"],  # the portfolio counts without a look at the rows
                condition=~Q(progress__in=["done", "waived"]),
                name="items_to_be_done",
            ),
            models.Index(fields=["record"], condition=Q(record__isnull=False), name="items_by_their_record"),
        )

    def __str__(self) -> str:
        return self.words

    @property
    def part(self) -> str:
        """Of which part of the contract it was drawn: its promises, lines or instalments."""
        return str(self.key).partition(":")[0]

    @property
    def is_by_hand(self) -> bool:
        """Whether people finish it themselves: no process has its lane, or it was begun before one had."""
        begun = self.progress == Progress.IN_PROGRESS and self.record_id is None
        return way_of(self.lane) is None or begun

    def needs_first(self, other: PlanItem) -> bool:
        """Whether another item of the plan comes before this one."""
        first = FIRST_PAYMENT in self.needs and other.instalment == PaymentTerm.Kind.FIRST
        return first or other.lane in self.needs

    def days_after(self, day: date) -> date:
        """The day so many days after another one."""
        return day + timedelta(days=self.days or 0)

    def progress_of(self, record: Record) -> Progress:
        """How far it is, going by a record of its lane's process."""
        way = way_of(self.lane)
        return way.progress(record.state) if way is not None else Progress.IN_PROGRESS

    def made_by(self, record: Record) -> PlanItem:
        """The item, done by a record from now on."""
        self.record = record
        return self

    def go_on(self, progress: str, at: datetime, done_on: date | None) -> None:
        """Take over how far its record has come."""
        if progress == Progress.OPEN:
            self.record = None
        if progress != Progress.OPEN and self.begun_at is None:
            self.begun_at = at
        self.progress = Progress(progress)
        self.done_on = (done_on or clock.local(at).date()) if progress == Progress.DONE else None

    def waive(self, reason: str) -> None:
        """Need not be done any more."""
        self.progress, self.waiver = Progress.WAIVED, reason

    def take_over(self, drawn: Any) -> None:
        """Become what an amended contract says of it; what has been done stays done."""
        for name in ("title", "agreed", "amount", "needs", "after", "days", "due_on", "instalment"):
            setattr(self, name, getattr(drawn, name))
