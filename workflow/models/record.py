"""The record: what every process shares, so that inbox, timeline, deadlines and rights are one table each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core import clock
from core.saving import Quick
from customers.models import Organisation
from people.models import Role
from workflow import registry, substitutes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from people.models import User

NEW = ""
"""The state of a record that its creating verb has not yet been performed on."""


def _any_of(rows: Sequence[models.QuerySet[Any]]) -> Q:
    """That one of some rows is about the record."""
    found = Q()
    for some in rows:
        found |= Q(Exists(some.filter(record=OuterRef("pk"))))
    return found


def open_kinds(user: User) -> list[str]:
    """The processes of which a person sees every record."""
    if user.is_customer or user.sees_all:
        return [] if user.is_customer else registry.kinds()
    return registry.kinds_of_department(user.department.code) if user.department_id and user.department else []


class RecordQuerySet(models.QuerySet["Record"]):
    """Row rights and the named questions about records. Process models inherit it."""

    def for_actor(self, user: User, kind: str = "") -> Self:
        """What a person may see (handbook: who sees what), of all records or of those of a `kind` that are asked for.

        Those who see all; the staff of the department whose process it is, and of others to which it is shown; whoever
        is or was involved (to watch is no involvement of one's own making: docs/adr/0012); and the holders of a role on
        whose queue it waits. A substitute sees what the principal is involved with, and what waits on a queue of the
        principal's roles, as far as the substitution goes. A customer's contact sees the organisation's own, but for
        what is staff's alone.
        """
        rows = self.filter(kind=kind) if kind else self
        if user.is_customer:
            own = rows.filter(customer__contacts__user=user, customer__contacts__active=True)
            return own.exclude(kind__in=registry.closed_kinds())
        if user.sees_all:
            return rows
        department = user.department.code if user.department_id and user.department else ""
        kinds = {kind} if kind else set(registry.kinds_of(self.model) or registry.kinds())
        whole_kinds = [each for each in open_kinds(user) if each in kinds]
        if kinds and kinds.issubset(whole_kinds):
            return rows
        whole, limited = substitutes.parted(substitutes.standing_for(user, clock.now()))
        states = {each: some for each, some in registry.shown_to(department).items() if each in kinds}
        parts = self._reached(user, whole)
        if not (whole_kinds or states or limited):
            # As one set: where nothing else gives sight, a few rows are looked up, and not all held against it.
            first, second = (some.values("record_id") for some in parts)
            return rows.filter(pk__in=first.union(second, all=True))
        found = Q(kind__in=whole_kinds)
        for each, some in states.items():
            found |= Q(kind=each, state__in=some)
        # What other tables say comes last: the database asks from left to right, and looks there for few rows only.
        found |= _any_of(parts)
        for principal in limited:
            found |= substitutes.within(principal.lent) & _any_of(self._reached(None, [principal]))
        return rows.filter(found)

    def _reached(self, user: User | None, principals: Sequence[User]) -> tuple[models.QuerySet[Any], ...]:
        """What gives a person, and those who are away, sight of a record: a part in it, work waiting for a role."""
        people = [person.pk for person in (*([user] if user is not None else []), *principals)]
        involved = Involvement.objects.filter(user__in=people, part__in=Involvement.GIVING_SIGHT)
        queue = Record._meta.get_field("work_items").related_model
        roles = Q(role__in=user.role_codes) if user is not None else Q(pk__in=[])
        if principals:
            roles |= Q(role__in=Role.objects.filter(people__in=principals).values("code"))
        return involved, queue._default_manager.filter(roles, user__isnull=True, done_at__isnull=True)

    def open(self) -> Self:
        """Those that are not finished."""
        return self.filter(is_open=True)

    def overdue(self, at: datetime) -> Self:
        """Open ones whose nearest deadline has passed."""
        return self.filter(is_open=True, due_at__lt=at)


class Record(Quick):
    """One governed record of any process; the parent row of every process's model.

    `version` counts the acts on it and is what a form must name to be accepted. `due_at` is the nearest due time and
    `wake_at` the nearest moment at which a deadline has something to do; both are derived from its open deadlines.
    `timeline_length` and `timeline_head` seal the timeline's end, so that a cut-off tail shows. Only what is the
    house's own affair (`Process.internal`) has no customer.
    """

    kind = models.CharField(_("process"), max_length=30, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200)
    customer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("customer")
    )
    state = FSMField(_("state"), max_length=30, default=NEW, protected=True, editable=False)
    is_open = models.BooleanField(_("open"), default=True, editable=False)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handles",
        verbose_name=_("handler"),
    )
    specialist = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accepted",
        verbose_name=_("specialist"),
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    created_at = models.DateTimeField(_("created"), editable=False)
    updated_at = models.DateTimeField(_("changed"), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True, blank=True, editable=False)
    wake_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    timeline_length = models.PositiveIntegerField(default=0, editable=False)
    timeline_head = models.CharField(max_length=64, default="", editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        indexes = (
            models.Index(fields=["kind", "-id"], name="record_kind_newest"),
            models.Index(fields=["kind", "due_at"], condition=Q(is_open=True), name="record_open_due"),
            models.Index(fields=["kind", "-id"], condition=Q(is_open=True), name="record_open_newest"),
            models.Index(fields=["kind", "state", "-id"], name="record_kind_state"),
            models.Index(fields=["handler", "kind", "-id"], name="record_handler"),
            models.Index(fields=["specialist", "is_open", "due_at"], name="record_specialist"),
            models.Index(fields=["customer", "is_open", "-id"], name="record_customer"),
            models.Index(fields=["wake_at"], condition=Q(wake_at__isnull=False), name="record_to_wake"),
        )

    def __str__(self) -> str:
        return self.number

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Reload. The protected state is read like any other column, without lifting its protection for others.

        django-fsm's own mixin lifts it on the class, so that one failed reload opens the state to everybody.
        """
        fields = kwargs.get("fields") or (args[1] if len(args) > 1 else None)
        if fields is None or "state" in fields:
            fresh = type(self)._base_manager.filter(pk=self.pk).values_list("state", flat=True).first()
            if fresh is not None:
                self.__dict__["state"] = fresh
        names = fields or [f.attname for f in self._meta.concrete_fields]
        super().refresh_from_db(fields=[name for name in names if name != "state"])

    @property
    def series(self) -> str:
        """The series of the year in which it is numbered; empty: by its process's prefix and the day."""
        return ""

    def beside(self, verb: str) -> list[int]:  # noqa: ARG002 - most acts touch one record
        """The keys of records that an act on this one will touch whatever is said: locked together with it."""
        return []

    @property
    def concrete(self) -> Record:
        """The same record as its own process's model; one query unless it is that already."""
        model = registry.get(self.kind).model
        return self if isinstance(self, model) else model._default_manager.get(pk=self.pk)


class NumberSeries(models.Model):
    """The last number given of a prefix on a day: TK-20260301-0007 is number 7 of TK on that day.

    A series of the year stands under its first of January.
    """

    prefix = models.CharField(max_length=12)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["prefix", "day"], name="one_series_a_day"),)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.day:%Y%m%d}-{self.last:04d}"


class InvolvementQuerySet(models.QuerySet["Involvement"]):
    """Named questions about who has to do with what."""

    def reading_along(self, user: User) -> Self:
        """What a person watches or was copied in on, and has not stopped hearing of."""
        return self.filter(user=user, part__in=Involvement.READING_ALONG, stopped_at__isnull=True)


class Involvement(models.Model):
    """That a person has to do with a record, and as what; it gives the right to see it, also afterwards.

    But for watching: one watches what one sees, and no longer than one sees it. `stopped_at` says since when somebody
    who was copied in wishes to hear no more of it; the right to see it stays.
    """

    class Part(models.TextChoices):
        """As what somebody is involved."""

        HANDLER = "handler", _("handler")
        SPECIALIST = "specialist", _("specialist")
        AUTHOR = "author", _("author")
        WATCHER = "watcher", _("watcher")
        COPIED = "copied", _("copied")
        DECIDER = "decider", _("decides on it")

    record = models.ForeignKey(Record, models.CASCADE, related_name="involvements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="involvements")
    part = models.CharField(max_length=12, choices=Part)
    since = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(_("hears no more of it since"), null=True, blank=True)

    GIVING_SIGHT = (Part.HANDLER, Part.SPECIALIST, Part.AUTHOR, Part.COPIED, Part.DECIDER)
    READING_ALONG = (Part.WATCHER, Part.COPIED)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        verbose_name = _("involvement")
        verbose_name_plural = _("involvements")
        constraints = (models.UniqueConstraint(fields=["record", "user", "part"], name="involved_once_as_each"),)
        indexes = (models.Index(F("user"), F("part"), F("record").desc(), name="involvement_of_person"),)

    def __str__(self) -> str:
        return f"{self.record_id} {self.user_id} {self.part}"
