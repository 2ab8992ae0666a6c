"""What a contract consists of: lines, payment plan, promises, and the risks that were seen in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.models.catalogue import NIL, Money, Product, PurchaseMode, discount
from contracts.models.contract import Contract

if TYPE_CHECKING:
    from decimal import Decimal


class ContractLine(models.Model):
    """One line: a product with its users and term, or training, or a service. Prices are for the whole line, in CNY.

    `off_list` says that its list price is not the price list's: a discount from it is to be looked at twice (CON-16).
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="lines", verbose_name=_("contract"))
    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    description = models.CharField(pgettext_lazy("contract line", "description"), max_length=200, blank=True)
    version = models.CharField(_("version"), max_length=40, blank=True)
    modules = models.CharField(_("modules"), max_length=200, blank=True)
    users = models.PositiveIntegerField(_("licensed users"), null=True, blank=True)
    purchase_mode = models.CharField(_("purchase mode"), max_length=6, choices=PurchaseMode, blank=True)
    months = models.PositiveSmallIntegerField(_("term (months)"), null=True, blank=True)
    training_days = models.DecimalField(
        _("training days"), max_digits=5, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    list_price = Money(_("list price (CNY)"), default=NIL)
    off_list = models.BooleanField(_("list price by hand"), default=False)
    price = Money(_("price (CNY)"), default=NIL)

    content_words: ClassVar[dict[str, Any]] = {"name": ""}
    """The name that is printed stands in the text too; beside the code it is for machines."""

    class Meta:
        verbose_name = _("contract line")
        verbose_name_plural = _("contract lines")
        ordering: ClassVar[list[str]] = ["contract", "position"]
        constraints = (models.UniqueConstraint(fields=["contract", "position"], name="one_line_a_position"),)

    def __str__(self) -> str:
        return str(self.product or self.description)

    @property
    def discount(self) -> Decimal | None:
        """The line's discount in per cent (CON-19)."""
        return discount(self.list_price, self.price)


class PaymentTerm(models.Model):
    """One instalment of the payment plan: share, amount, and on what it depends or when it is due."""

    class Kind(models.TextChoices):
        """Which instalment it is."""

        FIRST = "first", _("first payment")
        MILESTONE = "milestone", _("milestone payment")
        FULL = "full", _("remaining payment")
        RETENTION = "retention", _("retention (quality guarantee)")

    class After(models.TextChoices):
        """From which event its days are counted."""

        DATE = "", _("on a date")
        SIGNATURE = "signature", _("after signature")
        DELIVERY = "delivery", _("after delivery")
        INSTALLATION = "installation", _("after installation")
        ACCEPTANCE = "acceptance", _("after acceptance")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="payments", verbose_name=_("contract"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("instalment"), max_length=10, choices=Kind)
    share = models.DecimalField(
        _("share (%)"), max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    amount = Money(_("amount (CNY)"))
    after = models.CharField(_("due"), max_length=12, choices=After, default=After.DATE, blank=True)
    days = models.PositiveSmallIntegerField(_("days after"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    condition = models.CharField(_("condition"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("payment plan")
        ordering: ClassVar[list[str]] = ["contract", "position"]
        constraints = (models.UniqueConstraint(fields=["contract", "position"], name="one_instalment_a_position"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class Promise(models.Model):
    """Something the contract promises that is to be done: what its execution has a lane for (EXE-01…08)."""

    class Lane(models.TextChoices):
        """Which kind of work it is."""

        LICENCE = "licence", _("Licence")
        DELIVERY = "delivery", _("Delivery")
        INSTALLATION = "installation", _("Installation")
        TALKS = "talks", _("Implementation talks")
        TRAINING = "training", _("Training")
        ACCEPTANCE = "acceptance", _("Acceptance")
        OTHER = "other", _("Other promises")
        MONEY = "money", _("Money")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="promises", verbose_name=_("contract"))
    position = models.PositiveSmallIntegerField(_("position"))
    lane = models.CharField(_("kind of work"), max_length=12, choices=Lane)
    title = models.CharField(_("what is promised"), max_length=200)
    due_on = models.DateField(pgettext_lazy("promise", "due on"), null=True, blank=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering: ClassVar[list[str]] = ["contract", "position"]
        constraints = (models.UniqueConstraint(fields=["contract", "position"], name="one_promise_a_position"),)

    def __str__(self) -> str:
        return self.title


class Risk(models.Model):
    """A risk that a reviewer saw, how grave, and how it is controlled (CON-15)."""

    class Level(models.TextChoices):
        """How grave."""

        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="risks", verbose_name=_("contract"))
    risk = models.CharField(_("risk"), max_length=300)
    level = models.CharField(_("level"), max_length=6, choices=Level)
    control = models.CharField(_("control"), max_length=300, blank=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("seen by"))
    seen_at = models.DateTimeField(_("at"))
    controlled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("controlled by")
    )
    controlled_at = models.DateTimeField(_("controlled"), null=True)

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering: ClassVar[list[str]] = ["contract", "id"]

    def __str__(self) -> str:
        return self.risk
