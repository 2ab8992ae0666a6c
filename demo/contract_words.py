"""What stands in the demonstration's contracts: titles, lines, payment plans, promises and phrases."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from demo.sources import read

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from contracts.models import ContractLine, PaymentTerm, Product
    from customers.models import Organisation

_USERS = (300, 500, 800, 1200, 2000, 3000, 5000, 8000, 12000)
_OF_LIST = ("0.98", "0.95", "0.92", "0.90", "0.88", "0.85", "0.82", "0.78", "0.70", "1.00")
_SHARES = (("100",), ("30", "70"), ("50", "50"), ("30", "65", "5"), ("40", "60"))
_OF_SERVICE = ("18000", "24000", "36000", "48000", "60000", "96000", "120000")
_HUNDRED = Decimal(100)
PRODUCTS = ("new_sale", "more_products", "more_users", "annual_renewal")


def said(what: str, rng: Random, **places: Any) -> str:
    """A phrase, its places filled."""
    phrase: str = rng.choice(read("contracts")[what])
    return phrase.format(**places) if places else phrase


def pair(what: str, rng: Random) -> tuple[str, str]:
    """A code with its phrase, such as a kind of reason and the reason."""
    code, phrase = rng.choice(read("contracts")[what])
    return code, phrase


def named(what: str, code: str) -> str:
    """The phrase that belongs to a code."""
    phrase: str = read("contracts")[what][code]
    return phrase


def draft_of(kind: str, customer: Organisation, products: list[Product], on: date, rng: Random) -> dict[str, Any]:
    """What is said when a contract of a kind is drafted on a day."""
    product, users = rng.choice(products), rng.choice(_USERS)
    service = rng.choice(read("contracts")["service_fee_lines" if kind == "service_fee" else "service_lines"])
    words = {"product": product.name_zh, "users": users, "customer": customer.name, "service": service}
    starts = on + timedelta(days=rng.randrange(20, 60))
    develops = kind in {"new_sale", "more_products"} and rng.random() < 0.3  # noqa: PLR2004 - a good part
    lines = _lines(kind, product, users, service, rng)
    contacts = sorted(customer.contacts.all(), key=lambda contact: (not contact.primary, contact.pk))
    return {
        "business": kind,
        "form": "software" if kind in PRODUCTS else rng.choice(("software", "memo")),
        "customer": customer.pk,
        "contact": contacts[0].pk if contacts else "",
        "title": rng.choice(read("contracts")["titles"][kind]).format(**words),
        "payer": "end_user",
        "starts_on": starts,
        "ends_on": starts + timedelta(days=364),
        "originals": rng.choice((4, 4, 4, 6)),
        "tender": kind == "new_sale" and rng.random() < 0.5,  # noqa: PLR2004 - every second
        "develops": develops,
        "lines": lines,
        "payments": _payments(starts, rng),
        "promises": _promises(kind, starts, rng),
        "summary_text": said("summary" if kind in PRODUCTS else "service_summary", rng, **words),
        "services": said("services", rng),
        "training": said("training", rng) if kind == "new_sale" else "",
        "development": said("development", rng) if develops else "",
        "schedule": said("schedule", rng) if kind in PRODUCTS else "",
        "deviations": said("deviations", rng) if rng.random() < 0.25 else "",  # noqa: PLR2004 - some do
    }


def _lines(kind: str, product: Product, users: int, service: str, rng: Random) -> list[dict[str, Any]]:
    if kind not in PRODUCTS:
        price = rng.choice(_OF_SERVICE)
        return [{"description": service, "months": 12, "list_price": price, "price": price}]
    mode = "buyout" if kind == "new_sale" and rng.random() < 0.35 else "annual"  # noqa: PLR2004 - most rent
    found = [
        {
            "product": product.pk,
            "version": rng.choice(("9.1", "9.1 SP14", "Q2 2026")),
            "users": users,
            "purchase_mode": mode,
            "months": None if mode == "buyout" else 12,
            "price": _price(product, users, mode, rng),
        }
    ]
    if kind == "new_sale" and rng.random() < 0.6:  # noqa: PLR2004 - most of them
        what = rng.choice(read("contracts")["training_lines"])
        found.append({"description": what, "training_days": rng.choice(("1", "2", "3")), "price": "9600"})
    return found


def _price(product: Product, users: int, mode: str, rng: Random) -> Decimal:
    """Somewhat below the list price, in whole hundreds."""
    rows = product.prices.filter(module="", purchase_mode=mode).order_by("users")
    fits = [row for row in rows if row.users is not None and row.users >= users]
    listed = (fits or [row for row in rows if row.users is None])[0].amount
    return (listed * Decimal(rng.choice(_OF_LIST)) / _HUNDRED).quantize(Decimal(1), ROUND_HALF_UP) * _HUNDRED


def _payments(starts: date, rng: Random) -> list[dict[str, Any]]:
    shares = rng.choice(_SHARES)
    if len(shares) == 1:
        return [{"kind": "full", "share": "100", "due_on": starts + timedelta(days=30)}]
    kinds = ("first", "full", "retention")[: len(shares)]
    after = (("signature", 15), ("acceptance", 30), ("acceptance", 365))
    return [
        {"kind": kind, "share": share, "after": event, "days": days}
        for kind, share, (event, days) in zip(kinds, shares, after, strict=False)
    ]


def _promises(kind: str, starts: date, rng: Random) -> list[dict[str, Any]]:
    words = read("contracts")
    found = []
    if kind in {"new_sale", "more_products"}:
        for weeks, (lane, title) in enumerate(words["promises"], start=1):
            found.append({"lane": lane, "title": title, "due_on": starts + timedelta(weeks=weeks)})
        for number in range(rng.choice((1, 1, 2))):
            title = rng.choice(words["training_lines"])
            found.append({"lane": "training", "title": title, "due_on": starts + timedelta(weeks=8 + number)})
    elif kind in PRODUCTS:
        found.append({"lane": "licence", "title": words["promises"][0][1], "due_on": starts})
    if rng.random() < 0.3:  # noqa: PLR2004 - some do
        found.append({"lane": "other", "title": rng.choice(words["other_promises"]), "due_on": None})
    return found


def line(row: ContractLine, price: Decimal) -> dict[str, Any]:
    """A line as it stands, at another price in whole yuan."""
    names = ("product", "description", "version", "modules", "users", "purchase_mode", "months", "training_days")
    kept = {name: getattr(row, name) for name in names}
    return {**kept, "list_price": row.list_price, "price": price.quantize(Decimal(1), ROUND_HALF_UP)}


def instalment(row: PaymentTerm) -> dict[str, Any]:
    """An instalment as it stands, its amount left to its share."""
    return {name: getattr(row, name) for name in ("kind", "share", "after", "days", "due_on", "condition")}
