"""What of a contract is reviewed: its content as a version keeps it, and what is still missing from it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from contracts.models import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from contracts.models.contract import Contract

_WHOLE = Decimal(100)
_TERMS = ("form", "business", "payer", "change", "proposed_by", "develops", "tender")
_TEXTS = ("summary_text", "deviations", "services", "training", "development", "schedule")
_LINE = ("description", "version", "modules", "users", "purchase_mode", "months")
_PAYMENT = ("kind", "after", "days", "condition")


def of(contract: Contract) -> dict[str, Any]:
    """The content, as JSON can hold it. Amounts are texts, exact to the fen; rows are told apart by their place."""
    return {
        "title": contract.title,
        **(contract.parties or parties(contract)),
        "amends": contract.amends.number if contract.amends is not None else "",
        "renews": contract.renews.number if contract.renews is not None else "",
        **{name: getattr(contract, name) for name in _TERMS},
        "starts_on": _day(contract.starts_on),
        "ends_on": _day(contract.ends_on),
        "amount": _money(contract.amount),
        "list_amount": _money(contract.list_amount),
        "lines": _lines(contract),
        "payments": _payments(contract),
        "promises": [
            {"key": row.position, "lane": row.lane, "title": row.title, "due_on": _day(row.due_on)}
            for row in contract.promises.all()
        ],
        **{name: getattr(contract, name) for name in _TEXTS},
        "text": contract.full_text,
    }


def parties(contract: Contract) -> dict[str, str]:
    """By what names the parties go now; a contract keeps those under which it was submitted."""
    return {
        "customer": contract.customer.name if contract.customer is not None else "",
        "contact": contract.contact.name if contract.contact is not None else "",
        "agent": contract.agent.name if contract.agent is not None else "",
    }


def _lines(contract: Contract) -> list[dict[str, Any]]:
    return [
        {
            "key": row.position,
            "product": row.product.code if row.product is not None else "",
            **{name: getattr(row, name) for name in _LINE},
            "training_days": str(row.training_days) if row.training_days is not None else "",
            "list_price": _money(row.list_price),
            "off_list": row.off_list,
            "price": _money(row.price),
        }
        for row in contract.lines.select_related("product")
    ]


def _payments(contract: Contract) -> list[dict[str, Any]]:
    return [
        {
            "key": row.position,
            **{name: getattr(row, name) for name in _PAYMENT},
            "share": f"{row.share:.2f}",
            "amount": _money(row.amount),
            "due_on": _day(row.due_on),
        }
        for row in contract.payments.all()
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def missing(contract: Contract) -> list[str]:
    """What is still to be written before anybody reviews it, in words."""
    return list(_missing(contract))


def _missing(contract: Contract) -> Iterator[str]:
    if not contract.text:
        yield _("contract text")
    yield from (_("what is meant by {{%(place)s}}") % {"place": each} for each in wording.unknown(contract.text))
    if not contract.summary_text:
        yield _("contract summary")
    lines, payments = list(contract.lines.all()), list(contract.payments.all())
    if not lines and contract.form == "software":
        yield _("at least one line")
    if contract.amount:
        yield from _unpaid(contract, payments)


def _unpaid(contract: Contract, payments: Iterable[Any]) -> Iterator[str]:
    rows = list(payments)
    if not rows:
        yield _("payment plan")
    elif sum(row.share for row in rows) != _WHOLE or sum(row.amount for row in rows) != contract.amount:
        yield _("a payment plan that adds up to the whole amount")
