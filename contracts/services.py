"""What the price list says of a line, which template a contract begins with, and what came of it later."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from contracts.flow import IN_FORCE, State
from contracts.models import (
    Contract,
    ContractLine,
    ContractTemplate,
    PaymentTerm,
    Price,
    Promise,
    PurchaseMode,
    Risk,
)
from core.gathered import Gathered, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FEN = Decimal("0.01")
YEAR = 12
"""Months for which the price list names the fee of a product that is not bought out."""


class PriceList:
    """The prices that are valid on a day, read once for all lines of a contract."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._prices: list[Price] | None = None

    @property
    def prices(self) -> list[Price]:
        """Each price that was valid from that day or before, the newest first."""
        if self._prices is None:
            valid = Price.objects.filter(valid_from__lte=self.on, product__active=True)
            self._prices = list(valid.order_by("-valid_from", "users", "pk"))
        return self._prices

    def of(self, line: Mapping[str, Any]) -> Decimal | None:
        """The list price of a whole line; None where the price list says nothing of it."""
        product, mode = line.get("product"), line.get("purchase_mode")
        if product is None or not mode:
            return None
        mine = [price for price in self.prices if price.product_id == product.pk and price.purchase_mode == mode]
        base = _fitting(mine, "", line.get("users"))
        extras = [_fitting(mine, name, line.get("users")) for name in modules_of(line.get("modules") or "")]
        if base is None or None in extras:
            return None
        amount = sum((extra.amount for extra in extras if extra is not None), base.amount)
        if mode == PurchaseMode.ANNUAL:
            amount = amount * (line.get("months") or YEAR) / YEAR
        return amount.quantize(FEN, ROUND_HALF_UP)


def modules_of(text: str) -> list[str]:
    """The modules that a line names."""
    for sign in ("\uff0c", "\u3001", ";", "\uff1b"):
        text = text.replace(sign, ",")
    return [name.strip() for name in text.split(",") if name.strip()]


def _fitting(prices: Iterable[Price], module: str, users: int | None) -> Price | None:
    """The newest price of a module ("": of the product itself) for so many users: of the smallest step that holds."""
    newest: dict[int | None, Price] = {}
    for price in prices:
        if price.module == module:
            newest.setdefault(price.users, price)
    steps = [step for step in newest if step is not None and step >= (users or 0)]
    return newest[min(steps)] if steps else newest.get(None)


def template_for(form: str, business: str, amends: Any = None) -> ContractTemplate | None:
    """The first template that is offered for a class and a kind of contract (CON-03, CON-11)."""
    offered: Sequence[ContractTemplate] = list(ContractTemplate.objects.filter(active=True, form=form))
    for template in offered:
        if business in template.kinds and amends is None:
            return template
    return next((template for template in offered if not template.kinds), offered[0] if offered else None)


def next_term(earlier: Contract) -> dict[str, Any]:
    """The year that follows on an earlier contract's term; nothing where that has no end."""
    if earlier.ends_on is None:
        return {}
    starts = earlier.ends_on + timedelta(days=1)
    return {"starts_on": starts, "ends_on": _a_year_after(starts) - timedelta(days=1)}


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + 1, day=28)


def renewal_kind(earlier: Contract) -> str:
    """What renewing a contract is: another year's fee, or another year's service for what was bought out (CON-02)."""
    bought = earlier.lines.filter(purchase_mode=PurchaseMode.BUYOUT).exists()
    return str(Contract.Business.SERVICE_FEE if bought else Contract.Business.ANNUAL_RENEWAL)


def _following(pk: int) -> Any:
    rows = Contract.objects.filter(Q(amends=pk) | Q(renews=pk)).exclude(state=State.CANCELLED)
    return rows.order_by("-pk")


_PARTS = Gathered(
    lines=Rows(
        lambda pk: ContractLine.objects.filter(contract=pk),
        (
            *("product__name_zh", "product__name_en", "description", "version", "modules", "users", "purchase_mode"),
            *("months", "training_days", "list_price", "off_list", "price"),
        ),
    ),
    payments=Rows(
        lambda pk: PaymentTerm.objects.filter(contract=pk),
        ("kind", "share", "amount", "after", "days", "due_on", "condition"),
    ),
    promises=Rows(lambda pk: Promise.objects.filter(contract=pk), ("lane", "title", "due_on")),
    risks=Rows(
        lambda pk: Risk.objects.filter(contract=pk),
        ("risk", "level", "control", "seen_by__display_name", "seen_by__username"),
    ),
    followers=Rows(
        _following,
        ("number", "state", "amount", "starts_on", "ends_on", "effective_on", "amends", "renews"),
    ),
)


def parts_of(contract: Contract) -> dict[str, list[Any]]:
    """Its lines, payments, promises and risks as its page shows them, and what follows on it; one query for all."""
    return _PARTS.of(contract.pk)


def followers(
    contract: Contract, parts: Mapping[str, Sequence[Any]] | None = None
) -> tuple[list[Contract], list[Contract]]:
    """What amends a contract, and what renews it, the newest first."""
    found = (parts or parts_of(contract))["followers"]
    return [each for each in found if each.amends_id == contract.pk], [
        each for each in found if each.renews_id == contract.pk
    ]


def present_terms(amendments: Iterable[Contract]) -> Contract | None:
    """The amendment whose terms hold now: of those in force the last (CON-25, CON-27)."""
    in_force = [each for each in amendments if each.state in IN_FORCE]
    return max(in_force, key=lambda each: (each.effective_on or date.min, each.pk), default=None)


def deviation(contract: Contract) -> int | None:
    """In how many places the text differs from its template's; None without one (CON-03)."""
    if contract.template is None:
        return None
    if contract.template.text == contract.text:
        return 0
    before, after = contract.template.text.splitlines(), contract.text.splitlines()
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return sum(1 for what, *_places in blocks if what != "equal")
