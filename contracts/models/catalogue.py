"""Products, the price list and the templates of contracts: data that administrators keep."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.models import Term

NIL = Decimal(0)
WHOLE = Decimal(100)


class Money(models.DecimalField[Decimal, Decimal]):
    """An amount in CNY, exact to the fen, never negative."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("validators", [MinValueValidator(0)])
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # what a decimal field takes


class PurchaseMode(models.TextChoices):
    """How a product is bought."""

    ANNUAL = "annual", _("annual fee")
    BUYOUT = "buyout", _("buy-out")


def discount(listed: Decimal, price: Decimal) -> Decimal | None:
    """What a price is below the list price, in per cent to two places; negative above it, None without one."""
    if not listed:
        return None
    return ((listed - price) / listed * WHOLE).quantize(Decimal("0.01"))


class Product(Term):
    """A product in an edition, with the document set of its acceptance (forms.md E)."""

    class Documents(models.TextChoices):
        """Which set of documents its acceptance goes by."""

        BASIC = "basic", _("basic")
        STANDARD = "standard", _("standard")
        ADVANCED = "advanced", _("advanced")

    documents = models.CharField(_("acceptance documents"), max_length=8, choices=Documents, default=Documents.BASIC)
    modules = models.JSONField(_("modules"), default=list, blank=True)
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")


class Price(models.Model):
    """A line of the price list: from a day on, a product for up to so many users, for a year or for good."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="prices", verbose_name=_("product"))
    module = models.CharField(_("module"), max_length=100, blank=True)
    purchase_mode = models.CharField(_("purchase mode"), max_length=6, choices=PurchaseMode)
    users = models.PositiveIntegerField(_("up to so many users"), null=True, blank=True)
    amount = Money(_("list price (CNY)"))
    valid_from = models.DateField(_("valid from"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("list price")
        verbose_name_plural = _("price list")
        ordering: ClassVar[list[str]] = ["product", "module", "purchase_mode", "users", "-valid_from"]

    def __str__(self) -> str:
        return f"{self.product} {self.amount}"


class ContractTemplate(Term):
    """A standard text with variables such as {{合同编号}}, for a class of contract; changing it changes no contract."""

    form = models.CharField(_("class"), max_length=10)
    kinds = models.JSONField(_("for kinds"), default=list, blank=True)
    text = models.TextField(_("text"))
    history = HistoricalRecords()

    class Meta(Term.Meta):
        verbose_name = _("contract template")
        verbose_name_plural = _("contract templates")
