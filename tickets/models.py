"""Tickets and the vocabularies and routing of the desk, as data that an administrator extends."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Term
from customers.models import Contact, Site
from people.models import Region, Role
from tickets.flow import TicketFlow
from vault.models import Access
from workflow.models import Record
from workflow.models.record import RecordQuerySet


class Channel(Term):
    """By which way an issue arrives, or a contact is made (TKT-01)."""

    intake = models.BooleanField(_("issues arrive by it"), default=True)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")


class IssueType(Term):
    """What an issue is about; it decides who works on it (TKT-03)."""

    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("issue type")
        verbose_name_plural = _("issue types")


class IssueSubtype(Term):
    """A closer description within a type (TKT-03); some of it is consultants' work (TKT-12)."""

    issue_type = models.ForeignKey(IssueType, models.PROTECT, related_name="subtypes", verbose_name=_("issue type"))
    for_consultants = models.BooleanField(_("can be handed to a consultant"), default=False)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("issue subtype")
        verbose_name_plural = _("issue subtypes")


class Severity(Term):
    """How badly the customer is hindered, with the criterion that is shown where it is chosen (TKT-04)."""

    criterion_zh = models.CharField(_("criterion (Chinese)"), max_length=200)
    criterion_en = models.CharField(_("criterion (English)"), max_length=200)
    reported = models.BooleanField(_("reported to account manager and supervisor"), default=False)
    cause_required = models.BooleanField(_("cause asked for when resolved"), default=False)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("severity")
        verbose_name_plural = _("severities")

    @property
    def criterion(self) -> str:
        """The criterion in the reader's language."""
        return self.criterion_zh if (get_language() or "zh").startswith("zh") else self.criterion_en


class RoutingRule(models.Model):
    """Who works on what: the type (and subtype) decides the role, region and workload decide the person.

    The rule that names most wins. `to_account_manager` sends it to the customer's own account manager instead.
    """

    issue_type = models.ForeignKey(IssueType, models.CASCADE, related_name="routes", verbose_name=_("issue type"))
    subtype = models.ForeignKey(
        IssueSubtype, models.CASCADE, null=True, blank=True, related_name="routes", verbose_name=_("subtype")
    )
    region = models.ForeignKey(
        Region, models.CASCADE, null=True, blank=True, related_name="routes", verbose_name=_("customer's region")
    )
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role"))
    to_account_manager = models.BooleanField(_("to the customer's account manager"), default=False)
    rule = models.CharField(_("rule"), max_length=10, blank=True)
    active = models.BooleanField(_("in force"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering: ClassVar[list[str]] = ["issue_type", "id"]
        constraints = (
            models.CheckConstraint(
                condition=Q(role__isnull=False) ^ Q(to_account_manager=True),
                name="route_has_one_goal",
                violation_error_message=_("Name either a role or the customer's account manager."),
            ),
        )

    def __str__(self) -> str:
        goal = self.role or _("account manager")
        return f"{self.issue_type} → {goal}"

    def clean(self) -> None:
        """A subtype belongs to its type."""
        if self.subtype_id and self.subtype and self.subtype.issue_type_id != self.issue_type_id:
            raise ValidationError({"subtype": _("This subtype belongs to another type.")})


ONLY_FOR: dict[str, tuple[str, tuple[str, ...]]] = {
    "TKT-07": ("issue_type", ("technical",)),
    "TKT-08": ("issue_type", ("application",)),
    "TKT-09": ("issue_type", ("requirement",)),
    "TKT-10": ("issue_type", ("training_request",)),
    "TKT-11": ("issue_type", ("other",)),
    "TKT-16": ("severity", ("general",)),
    "TKT-17": ("severity", ("urgent",)),
    "TKT-18": ("severity", ("critical",)),
    "TKT-19": ("severity", ("urgent", "critical")),
    "TKT-20": ("severity", ("urgent",)),
    "TKT-21": ("severity", ("critical",)),
}
"""Rules that are about some tickets only, by a fact of the ticket and its values."""


class TicketQuerySet(RecordQuerySet):
    """Named questions about tickets; row rights come from the record."""

    def listed(self) -> TicketQuerySet:
        """With all that a list row shows, in one query."""
        return self.select_related("customer", "handler", "severity", "issue_type")


class Speed(models.IntegerChoices):
    """How quickly the customer found that we responded (OFH-09)."""

    QUICK = 3, _("quick")
    FAIR = 2, _("acceptable")
    SLOW = 1, _("slow")


class Outcome(models.TextChoices):
    """What the customer says of the result (OFH-09)."""

    SOLVED = "solved", _("solved")
    PARTLY = "partly", _("partly solved")
    NOT = "not", _("not solved")


class Ticket(TicketFlow, Record):
    """A customer's issue from acceptance to confirmation; with `emergency`, one that came in the night (OFH)."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="tickets", verbose_name=_("contact"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    fax = models.CharField(_("fax"), max_length=40, blank=True)
    email = models.EmailField(_("email"), blank=True)
    site = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="tickets", verbose_name=_("platform")
    )
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="tickets", verbose_name=_("channel"))
    issue_type = models.ForeignKey(IssueType, models.PROTECT, related_name="tickets", verbose_name=_("issue type"))
    subtype = models.ForeignKey(
        IssueSubtype, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("subtype")
    )
    severity = models.ForeignKey(Severity, models.PROTECT, related_name="tickets", verbose_name=_("severity"))
    body = models.TextField(_("description"))
    accepted_at = models.DateTimeField(_("accepted"))
    responded_at = models.DateTimeField(_("responded"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    way = models.TextField(_("way of resolution"), blank=True)
    expected_at = models.DateTimeField(_("expected to be resolved"), null=True, blank=True)
    measures = models.TextField(_("planned measures"), blank=True)
    method = models.TextField(_("method"), blank=True)
    course = models.TextField(_("course"), blank=True)
    result = models.TextField(_("result"), blank=True)
    leftovers = models.TextField(_("leftover issues"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(_("customer's comment"), blank=True)
    access = models.ForeignKey(
        Access, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("access details")
    )
    emergency = models.BooleanField(_("emergency"), default=False)
    product_related = models.BooleanField(_("concerns the product"), default=False)
    major_failure = models.BooleanField(_("major failure"), default=False)
    teaching_disturbed = models.BooleanField(_("teaching seriously disturbed"), default=False)
    phoned_at = models.DateTimeField(_("told by phone"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("told by email"), null=True, blank=True)
    followed_up_at = models.DateTimeField(_("followed up"), null=True, blank=True)
    speed = models.PositiveSmallIntegerField(_("response speed"), choices=Speed, null=True, blank=True)
    outcome = models.CharField(_("result as the customer sees it"), max_length=8, choices=Outcome, blank=True)
    asked_satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction when asked"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    opinions = models.TextField(_("opinions"), blank=True)
    suggestions = models.TextField(_("suggestions"), blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    took_in = models.PositiveSmallIntegerField(_("duplicates taken in"), default=0, editable=False)

    objects: ClassVar[Any] = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = (
            models.CheckConstraint(
                condition=~(Q(phone="") & Q(fax="") & Q(email="")), name="ticket_reporter_can_be_reached"
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)), name="satisfaction_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | ~(Q(method="") | Q(result="")),
                name="resolved_ticket_has_method_and_result",
            ),
            models.CheckConstraint(
                condition=Q(emergency=False)
                | (Q(product_related=True) & (Q(major_failure=True) | Q(teaching_disturbed=True))),
                name="emergency_meets_the_criteria",
            ),
            models.CheckConstraint(
                condition=~Q(emergency=True, resolved_at__isnull=False, cause=""),
                name="resolved_emergency_has_its_cause",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("record_ptr")), name="no_ticket_goes_on_in_itself"),
        )
        indexes = (
            models.Index(fields=["-accepted_at"], condition=Q(emergency=True), name="emergencies_newest"),
            models.Index(fields=["accepted_at"], name="ticket_accepted"),
            models.Index(fields=["resolved_at"], name="ticket_resolved"),
        )

    def applies(self, rule: str) -> bool:
        """Whether a rule is about a ticket of this type and severity."""
        fact, values = ONLY_FOR.get(rule, ("", ()))
        return not fact or self.facts()[fact] in values

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep, with the ticket, a contact who was named for the first time."""
        if self.contact_id is None and self.contact is not None:
            self.contact.save()
        super().save(*args, **kwargs)
