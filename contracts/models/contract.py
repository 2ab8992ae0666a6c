"""The contract itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.flow import ContractFlow
from contracts.models import content, facts, originals, wording, writing
from contracts.models.catalogue import NIL, ContractTemplate, Money, discount
from core.text import listed
from customers.models import Contact, Organisation
from workflow.models import Record
from workflow.models.record import RecordQuerySet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from contracts.models.rows import Risk
    from workflow.flow import Act, Known


_UNCONTROLLED = "_uncontrolled"


class ContractQuerySet(RecordQuerySet):
    """Row rights and the named questions about contracts."""


class Contract(ContractFlow, Record):
    """A contract with a customer. `handler` is its author, until it is approved; then who has it sealed and posted.

    Amounts are in CNY. `amount` is the sum of its lines' prices, `list_amount` of their list prices; both are kept with
    the contract so that lists and dashboards need no lines. `amends` is the contract that this one changes (CON-25),
    `renews` the one that it goes on from.
    """

    class Form(models.TextChoices):
        """What it is as a paper (CON-01)."""

        SOFTWARE = "software", _("software contract")
        MEMO = "memo", _("memorandum")
        SUPPLEMENT = "supplement", _("supplementary agreement")

    class Business(models.TextChoices):
        """What business it is (CON-02)."""

        NEW_SALE = "new_sale", _("new sale")
        MORE_PRODUCTS = "more_products", _("more products")
        MORE_USERS = "more_users", _("more users")
        ANNUAL_RENEWAL = "annual_renewal", _("annual renewal")
        SERVICE_PRODUCT = "service_product", _("service product")
        SERVICE_FEE = "service_fee", _("yearly service fee of a bought-out product")

    class Change(models.TextChoices):
        """How far an amendment goes (CON-26)."""

        MAJOR = "major", _("major, or across departments")
        MINOR = "minor", _("minor")

    class Payer(models.TextChoices):
        """Who pays."""

        END_USER = "end_user", _("end user")
        AGENT = "agent", _("agent")

    form = models.CharField(_("class"), max_length=10, choices=Form, default=Form.SOFTWARE)
    business = models.CharField(_("kind"), max_length=16, choices=Business)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    agent = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reselling agent")
    )
    payer = models.CharField(_("payer"), max_length=8, choices=Payer, default=Payer.END_USER)
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name=_("amends")
    )
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("renews")
    )
    change = models.CharField(_("extent of the change"), max_length=5, choices=Change, blank=True)
    change_departments = models.JSONField(_("departments concerned"), default=list, blank=True)
    proposed_by = models.CharField(_("proposed by"), max_length=200, blank=True)
    template = models.ForeignKey(
        ContractTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("template")
    )
    text = models.TextField(_("contract text"), blank=True)
    wording = models.TextField(_("contract text as submitted"), blank=True, editable=False)
    frozen = models.JSONField(_("parties and products as submitted"), default=dict, blank=True, editable=False)
    originals = models.PositiveSmallIntegerField(
        _("number of originals"),
        default=originals.USUAL,
        validators=[MinValueValidator(originals.LEAST), MaxValueValidator(originals.MOST)],
    )
    summary_text = models.TextField(pgettext_lazy("contract", "summary"), blank=True)
    deviations = models.TextField(_("deviations from the template"), blank=True)
    services = models.TextField(_("services"), blank=True)
    training = models.TextField(_("training"), blank=True)
    development = models.TextField(_("custom development"), blank=True)
    develops = models.BooleanField(_("involves product or custom development"), default=False)
    tender = models.BooleanField(_("after a tender"), default=False)
    schedule = models.TextField(_("delivery, installation and acceptance dates"), blank=True)
    starts_on = models.DateField(_("term from"), null=True, blank=True)
    ends_on = models.DateField(_("term until"), null=True, blank=True)
    amount = Money(_("amount (CNY)"), default=NIL)
    list_amount = Money(_("list price in all (CNY)"), default=NIL)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    agreed_on = models.DateField(_("customer agreed on"), null=True, blank=True)
    agreed_by = models.CharField(_("agreed for the customer by"), max_length=100, blank=True)
    printed_at = models.DateTimeField(_("printed with the opinions"), null=True, blank=True, editable=False)
    sealed_on = models.DateField(_("sealed on"), null=True, blank=True)
    copies = models.PositiveSmallIntegerField(_("copies"), null=True, blank=True)
    posted_on = models.DateField(_("posted on"), null=True, blank=True)
    courier = models.CharField(_("courier"), max_length=60, blank=True)
    waybill = models.CharField(_("waybill number"), max_length=60, blank=True)
    signed_ours_on = models.DateField(_("signed by us on"), null=True, blank=True)
    signed_ours_by = models.CharField(_("signed for us by"), max_length=100, blank=True)
    signed_theirs_on = models.DateField(_("signed by the customer on"), null=True, blank=True)
    signed_theirs_by = models.CharField(_("signed for the customer by"), max_length=100, blank=True)
    effective_on = models.DateField(_("effective from"), null=True, blank=True)
    hr_archive = models.CharField(_("archive number (HR)"), max_length=60, blank=True)
    finance_archive = models.CharField(_("archive number (finance)"), max_length=60, blank=True)
    copied_on = models.DateField(_("copy to the service department on"), null=True, blank=True)
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)

    content_words: ClassVar[Mapping[str, Any]] = content.WORDS
    objects: ClassVar[Any] = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = (
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="contract_ends_after_start",
                violation_error_message=_("The term must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | ~Q(amends=F("pk")), name="contract_amends_another"
            ),
        )
        indexes = (
            models.Index(fields=["business"], name="contract_business"),
            models.Index(fields=["ends_on"], condition=Q(ends_on__isnull=False), name="contract_ends"),
            models.Index(fields=["amount"], name="contract_amount"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def discount(self) -> Decimal | None:
        """The discount in all, in per cent of the list price to two places; None without one (CON-19)."""
        return discount(self.list_amount, self.amount)

    @property
    def by_way_of_sales_ops(self) -> bool:
        """Whether sales operations passes it on: a new sale, or an amendment (CON-03, CON-25)."""
        return self.business == self.Business.NEW_SALE or self.amends_id is not None

    @property
    def goes_on_from(self) -> Contract | None:
        """The contract that this one amends or renews."""
        return self.amends or self.renews

    def facts(self) -> dict[str, str]:
        """What review policies and deadlines look at."""
        return facts.of(self)

    @classmethod
    def known_facts(cls) -> dict[str, Known]:
        """What administrators can make review policies depend on."""
        return facts.known(cls)

    def _begin(self, act: Act, said: dict[str, Any]) -> None:
        writing.write(self, act, said)

    def _write(self, act: Act, said: dict[str, Any]) -> None:
        writing.write(self, act, said)

    def _name_risk(self, act: Act, said: dict[str, Any]) -> None:
        writing.name_risk(self, act, said)

    def _control_risk(self, act: Act, risk: Any, control: str) -> None:
        writing.control_risk(act, risk, control)

    def be_worded(self) -> None:
        """Fill the places of the text, as it is submitted: what is reviewed changes no more, whoever is renamed."""
        self.frozen = content.frozen(self)
        self.wording = wording.filled(self)

    @property
    def full_text(self) -> str:
        """The text with its places filled: as it was submitted, or, if it was written on since, as it would be now."""
        return self.wording or wording.filled(self)

    def uncontrolled(self) -> list[str]:
        """The risks of which nobody has said yet how they are controlled; asked once for each record object."""
        return _uncontrolled(self)

    def content(self) -> dict[str, Any]:
        """What is reviewed and approved: terms, lines, payment plan, promises and text; amounts as texts, exactly."""
        return content.of(self)

    def missing(self) -> list[str]:
        """What is still to be written before anybody reviews it, in words."""
        return content.missing(self)

    def missing_words(self) -> str:
        """What is still to be written, as one sentence."""
        return str(_("Still to be written: %(what)s") % {"what": listed(self.missing())})


def know_risks(contract: Contract, risks: Iterable[Risk]) -> None:
    """Keep which of all its risks are not controlled yet, by whoever has read them for this object."""
    contract.__dict__[_UNCONTROLLED] = [each.risk for each in risks if not each.control]


def _uncontrolled(contract: Contract) -> list[str]:
    if contract.pk is not None and _UNCONTROLLED not in contract.__dict__:
        know_risks(contract, contract.risks.filter(control=""))
    return list(contract.__dict__.get(_UNCONTROLLED, ()))
