"""What of a contract is reviewed: its content as a version keeps it, and what is still missing from it.

What other rows say of it (names, addresses, numbers and bank of both parties, names of products) is frozen when it is
submitted: reviewed, approved and printed is what stood there then, whoever moves or is renamed afterwards.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import wording
from forms_templates.versions import letterhead_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from contracts.models.contract import Contract

_WHOLE = Decimal(100)
_PRODUCTS = "products"
CUSTOMER, COMPANY, AGENT = 1, 2, 3
"""The keys of the parties."""
WORDS = {
    "parties": gettext_lazy("parties"),
    "party": gettext_lazy("party"),
    "name": gettext_lazy("name"),
    "address": gettext_lazy("address"),
    "person": gettext_lazy("contact"),
    "phone": gettext_lazy("phone"),
    "fax": gettext_lazy("fax"),
    "email": gettext_lazy("email"),
    "bank": gettext_lazy("bank"),
    "bank_account": gettext_lazy("account number"),
    "letterhead": "",
}
"""What is called how in a content that is no column of the contract's own."""
_TERMS = ("form", "business", "payer", "change", "proposed_by", "develops", "tender")
_TEXTS = ("summary_text", "deviations", "services", "training", "development", "schedule")
_LINE = ("description", "version", "modules", "users", "purchase_mode", "months")
_PAYMENT = ("kind", "after", "days", "condition")


def of(contract: Contract) -> dict[str, Any]:
    """The content, as JSON can hold it. Amounts are texts, exact to the fen; rows are told apart by their place."""
    rows = list(contract.lines.select_related("product"))
    kept = contract.frozen or frozen(contract, rows)
    return {
        "title": contract.title,
        **{name: value for name, value in kept.items() if name != _PRODUCTS},
        "amends": contract.amends.number if contract.amends is not None else "",
        "renews": contract.renews.number if contract.renews is not None else "",
        **{name: getattr(contract, name) for name in _TERMS},
        "starts_on": _day(contract.starts_on),
        "ends_on": _day(contract.ends_on),
        "amount": _money(contract.amount),
        "list_amount": _money(contract.list_amount),
        "lines": [_line(row, kept.get(_PRODUCTS)) for row in rows],
        "payments": _payments(contract),
        "promises": [
            {"key": row.position, "lane": row.lane, "title": row.title, "due_on": _day(row.due_on)}
            for row in contract.promises.all()
        ],
        **{name: getattr(contract, name) for name in _TEXTS},
        "text": contract.full_text,
    }


def frozen(contract: Contract, rows: Iterable[Any] | None = None) -> dict[str, Any]:
    """What other rows say of a contract now, and in how many originals it is made; kept as it is when submitted."""
    products = (row.product for row in (contract.lines.select_related("product") if rows is None else rows))
    return {
        "customer": contract.customer.name if contract.customer is not None else "",
        "contact": contract.contact.name if contract.contact is not None else "",
        "agent": contract.agent.name if contract.agent is not None else "",
        "originals": contract.originals,
        "parties": list(_parties(contract)),
        _PRODUCTS: {product.code: product.name_zh for product in products if product is not None},
    }


def _parties(contract: Contract) -> Iterator[dict[str, Any]]:
    """The parties with all that is printed of them; who they are is said in Chinese, as on paper."""
    customer, contact, ours = contract.customer, contract.contact, letterhead_in_force()
    if customer is not None:
        reach = {name: getattr(contact, name, "") for name in ("fax", "email")}
        phone = (contact.phone or contact.mobile) if contact is not None else ""
        name = contact.name if contact is not None else ""
        said = {"name": customer.name, "address": customer.address, "person": name, "phone": phone, **reach}
        yield {"key": CUSTOMER, "party": "甲方", **said}
    named = {name: getattr(ours, name) for name in ("name", "address", "phone", "fax", "email", "bank", "bank_account")}
    author = str(contract.handler or "")
    yield {"key": COMPANY, "party": "乙方", **named, "person": author, "letterhead": ours.number}
    if contract.agent is not None:
        yield {"key": AGENT, "party": "代理商", "name": contract.agent.name, "address": contract.agent.address}


def party(said: Mapping[str, Any], key: int) -> Mapping[str, Any] | None:
    """A party as a content has it; None in one of before parties were frozen whole."""
    return next((row for row in said.get("parties", ()) if row["key"] == key), None)


def _line(row: Any, names: Mapping[str, str] | None) -> dict[str, Any]:
    """A line; its product by the name that is kept and by its code: the code alone in one of before names were kept."""
    code = row.product.code if row.product is not None else ""
    return {
        "key": row.position,
        "product": code,
        **({} if names is None else {"name": names.get(code, "")}),
        **{name: getattr(row, name) for name in _LINE},
        "training_days": str(row.training_days) if row.training_days is not None else "",
        "list_price": _money(row.list_price),
        "off_list": row.off_list,
        "price": _money(row.price),
    }


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
