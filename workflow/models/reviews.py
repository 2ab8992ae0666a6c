"""How something is decided on: policies and checklists as data, versions, rounds, steps, seats and opinions.

What is decided on is a version that nobody can change; an opinion belongs to one version and is never changed or
removed. A round takes a version through the steps of its route; on a step people have seats (processes: Contract).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Bilingual, Term
from workflow.models.grounds import Ground
from workflow.models.record import Record
from workflow.models.timeline import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal


def _matches(value: Any) -> bool:
    texts = isinstance(value, dict) and all(isinstance(each, list) for each in value.values())
    return texts and all(isinstance(one, str) for each in value.values() for one in each)


class Conditional(models.Model):
    """Data that is for some records only: by their facts, and from an amount on.

    `when` names for each fact the values that will do, for instance {"kind": ["new_sale", "more_users"]}.
    """

    when = models.JSONField(_("for records with"), default=dict, blank=True)
    least = models.DecimalField(
        _("from this amount on (CNY)"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.when)

    def clean(self) -> None:
        """A condition is a table of names to lists of texts."""
        super().clean()
        if not _matches(self.when):
            raise ValidationError({"when": _("Give a list of texts for each name.")})

    def fits(self, facts: Mapping[str, str], amount: Decimal | None) -> bool:
        """Whether it is for a record of these facts and this amount (CNY)."""
        enough = self.least is None or (amount is not None and amount >= self.least)
        return enough and all(facts.get(name, "") in values for name, values in self.when.items())


class Checklist(Term):
    """What a reviewer goes through item by item (CON-15…18)."""

    rule = models.CharField(_("rule"), max_length=10, blank=True)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")


class ChecklistItem(models.Model):
    """One question of a checklist, in both languages."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items", verbose_name=_("checklist"))
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text_zh = models.CharField(_("text (Chinese)"), max_length=200)
    text_en = models.CharField(_("text (English)"), max_length=200)
    active = models.BooleanField(_("asked in new rounds"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering: ClassVar[list[str]] = ["checklist", "position", "id"]
        constraints = (models.UniqueConstraint(fields=["checklist", "code"], name="one_item_a_code"),)

    def __str__(self) -> str:
        return self.text_zh if (get_language() or "zh").startswith("zh") else self.text_en


class ReviewPolicy(Bilingual, Conditional):
    """Who decides on records of a kind, in which order; of those that fit, the first by position is taken.

    `reason` says why this route is the right one, for instance why a short one will do (CON-14). `keeper` is who gets
    a step on which there would be nobody.
    """

    kind = models.CharField(_("process"), max_length=30, db_index=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    reason_zh = models.CharField(_("reason (Chinese)"), max_length=200, blank=True)
    reason_en = models.CharField(_("reason (English)"), max_length=200, blank=True)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("keeper")
    )
    active = models.BooleanField(_("in force"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("review policy")
        verbose_name_plural = _("review policies")
        ordering: ClassVar[list[str]] = ["kind", "position", "id"]


class Mode(models.TextChoices):
    """How many have to agree on a step."""

    ALL = "all", _("joint sign-off: all of them")
    ANY = "any", _("any-one sign-off: the first decides")
    VOTE = "vote", _("vote: a number of them")


class PolicyStep(Bilingual, Conditional):
    """One step of a policy: at which stage of the process, who, and how many of them have to agree.

    `parties` are codes of roles and relations, `people` are named besides. `checklists` are codes.
    """

    policy = models.ForeignKey(ReviewPolicy, models.CASCADE, related_name="steps", verbose_name=_("review policy"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    code = models.SlugField(_("code"), max_length=40)
    stage = models.CharField(_("stage"), max_length=30)
    mode = models.CharField(_("how many agree"), max_length=4, choices=Mode, default=Mode.ALL)
    needed = models.PositiveSmallIntegerField(
        _("votes needed"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    parties = models.JSONField(_("roles and relations"), default=list, blank=True)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("named people")
    )
    checklists = models.JSONField(_("checklists"), default=list, blank=True)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    history = HistoricalRecords(m2m_fields=[people])

    class Meta:
        verbose_name = _("step of a policy")
        verbose_name_plural = _("steps of policies")
        ordering: ClassVar[list[str]] = ["policy", "position", "id"]
        constraints = (
            models.CheckConstraint(
                condition=~Q(mode="vote") | Q(needed__isnull=False),
                name="a_vote_has_a_number",
                violation_error_message=_("Say how many votes are needed."),
            ),
        )


class Version(models.Model):
    """What is decided on: the content of a record as it was, with its fingerprint. The database lets nobody change it.

    `content` is what the record says of itself (`content()`); `digest` is the SHA-256 of its canonical JSON.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="versions", verbose_name=_("record"))
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("fingerprint"), max_length=64)
    made_at = models.DateTimeField(_("at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering: ClassVar[list[str]] = ["record", "number"]
        constraints = (models.UniqueConstraint(fields=["record", "number"], name="one_version_a_number"),)

    def __str__(self) -> str:
        return f"v{self.number}"


class Round(models.Model):
    """One run of a version through a route; `route` is the plan as it was when the round began, with its reasons."""

    class Outcome(models.TextChoices):
        """What became of a round."""

        RUNNING = "", _("running")
        PASSED = "passed", _("passed")
        RETURNED = "returned", _("sent back")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    record = models.ForeignKey(Record, models.PROTECT, related_name="rounds", verbose_name=_("record"))
    number = models.PositiveIntegerField(_("round"))
    version = models.ForeignKey(Version, models.PROTECT, related_name="rounds", verbose_name=_("version"))
    policy = models.ForeignKey(
        ReviewPolicy, models.SET_NULL, null=True, related_name="+", verbose_name=_("review policy")
    )
    route = models.JSONField(_("route"), default=dict)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.RUNNING, blank=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering: ClassVar[list[str]] = ["record", "number"]
        constraints = (
            models.UniqueConstraint(fields=["record", "number"], name="one_round_a_number"),
            models.UniqueConstraint(fields=["record"], condition=Q(outcome=""), name="one_running_round_a_record"),
        )

    def __str__(self) -> str:
        return f"{self.record_id} #{self.number}"


class Step(models.Model):
    """A step of a round, as it was planned then. A step that is gone through again is another row.

    `checks` are the items of its checklists, in both languages, as they were asked.
    """

    class Outcome(models.TextChoices):
        """What became of a step."""

        COMING = "coming", _("to come")
        OPEN = "open", _("in progress")
        PASSED = "passed", _("passed")
        RETURNED = "returned", _("sent back")
        REJECTED = "rejected", _("rejected")
        DROPPED = "dropped", _("not reached")

    round = models.ForeignKey(Round, models.PROTECT, related_name="steps", verbose_name=_("round"))
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=40)
    stage = models.CharField(_("stage"), max_length=30)
    name_zh = models.CharField(_("name (Chinese)"), max_length=100)
    name_en = models.CharField(_("name (English)"), max_length=100)
    mode = models.CharField(_("how many agree"), max_length=4, choices=Mode, default=Mode.ALL)
    needed = models.PositiveSmallIntegerField(_("votes needed"), null=True)
    plan = models.JSONField(_("plan"), default=dict)
    checks = models.JSONField(_("checklist"), default=list)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.COMING)
    opened_at = models.DateTimeField(_("since"), null=True)
    closed_at = models.DateTimeField(_("until"), null=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering: ClassVar[list[str]] = ["round", "position"]
        constraints = (
            models.UniqueConstraint(fields=["round", "position"], name="one_step_a_position"),
            models.UniqueConstraint(fields=["round"], condition=Q(outcome="open"), name="one_open_step_a_round"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


class Seat(models.Model):
    """A place on a step for one person, or for whoever holds a role; it is taken by deciding.

    A seat whose `after` is open waits for that one. `origin` says how it came about, `reason` in which words.
    """

    class Origin(models.TextChoices):
        """How a seat came about."""

        POLICY = "policy", _("by the review policy")
        SUPERIOR = "superior", _("in place of the author, who does not decide on the own work")
        KEEPER = "keeper", _("keeper of a step on which there is nobody")
        BEFORE = "before", _("added before")
        AFTER = "after", _("added after")
        BESIDE = "beside", _("added beside")
        TRANSFERRED = "transferred", _("handed over")
        CONSULTED = "consulted", _("asked for an opinion")
        REPLACED = "replaced", _("in place of somebody who left")

    class Outcome(models.TextChoices):
        """What became of a seat."""

        OPEN = "", _("waits")
        AGREED = "agreed", _("agreed")
        ADVISED = "advised", _("gave an opinion")
        RETURNED = "returned", _("sent back")
        REJECTED = "rejected", _("rejected")
        TRANSFERRED = "transferred", _("handed over")
        REMOVED = "removed", _("removed")
        MOOT = "moot", _("not needed any more")

    step = models.ForeignKey(Step, models.PROTECT, related_name="seats", verbose_name=_("step"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="seats", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=40, blank=True)
    origin = models.CharField(_("how it came about"), max_length=12, choices=Origin)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="offspring")
    after = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.OPEN, blank=True)
    set_at = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(_("until"), null=True)
    pressed = models.PositiveSmallIntegerField(_("pressed"), default=0)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering: ClassVar[list[str]] = ["step", "id"]
        constraints = (
            models.CheckConstraint(
                condition=(Q(user__isnull=False) & Q(role="")) | (Q(user__isnull=True) & ~Q(role="")),
                name="a_seat_is_somebodys",
            ),
        )
        indexes = (models.Index(fields=["user", "-id"], condition=Q(outcome=""), name="seat_open_of_person"),)

    def __str__(self) -> str:
        return str(self.user or self.role)


class Opinion(models.Model):
    """What somebody decided on a version, or advised, in which words. The database lets nobody change or remove it.

    `answers` are the verdicts on the step's checklist by item: {"verdict": pass | concern | na, "comment": …}.
    `ground` is the kind of reason of one that sends back or rejects; opinions of before it was asked have none.
    """

    class Decision(models.TextChoices):
        """What was decided."""

        AGREED = "agreed", _("agrees")
        ADVISED = "advised", _("advises")
        RETURNED = "returned", _("sends back")
        REJECTED = "rejected", _("rejects")

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="opinion", verbose_name=_("seat"))
    version = models.ForeignKey(Version, models.PROTECT, related_name="opinions", verbose_name=_("version"))
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="opinion")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    ground = models.ForeignKey(
        Ground, models.PROTECT, null=True, blank=True, related_name="opinions", verbose_name=_("kind of reason")
    )
    text = models.TextField(_("opinion"), blank=True)
    answers = models.JSONField(_("checklist"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="opinions", verbose_name=_("by")
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("on behalf of")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.decision}"


class OpinionDraft(models.Model):
    """An opinion that somebody has begun to write and nobody else reads (暂存)."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ground = models.ForeignKey(Ground, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["seat", "user"], name="one_draft_a_seat_and_person"),)

    def __str__(self) -> str:
        return f"{self.seat_id} {self.user_id}"
