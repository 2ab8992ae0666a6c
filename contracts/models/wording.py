"""The places in a contract's text that the contract itself fills (data/places.yaml): what each becomes."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.models import originals
from forms_templates.amounts import capitals, figures
from forms_templates.versions import letterhead_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from decimal import Decimal

_PLACE = re.compile(r"\{\{\s*([^{}\n]{1,40}?)\s*\}\}")
_CHINESE = "zh-hans"
NOTHING = "/"
"""What stands where there is nothing (forms.md G)."""


def day(value: date | None) -> str:
    """A day as contracts write it; a line to be filled in by hand without one."""
    if value is None:
        return _("____-__-__")
    return _("%(year)s-%(month)s-%(day)s") % {"year": value.year, "month": value.month, "day": value.day}


def in_words(amount: Decimal) -> str:
    """An amount in capital numerals, with its currency."""
    return _("RMB %(words)s") % {"words": capitals(amount)}


def money(amount: Decimal) -> str:
    """An amount in figures and in words."""
    return _("%(figures)s (%(words)s)") % {"figures": figures(amount), "words": in_words(amount)}


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1)) or NOTHING


def _products(contract: Any) -> str:
    return _numbered(_line(row) for row in contract.lines.select_related("product"))


def _line(row: Any) -> str:
    name = " ".join(filter(None, (row.product.name_zh if row.product else "", row.version, row.description)))
    parts = [
        name,
        _("modules: %(modules)s") % {"modules": row.modules} if row.modules else "",
        _("%(count)s users") % {"count": row.users} if row.users else "",
        str(row.get_purchase_mode_display()) if row.purchase_mode else "",
        _("%(count)s months") % {"count": row.months} if row.months else "",
        _("%(count)s training days") % {"count": f"{row.training_days.normalize():f}"} if row.training_days else "",
        figures(row.price),
    ]
    return "，".join(filter(None, parts))


def due(row: Any) -> str:
    """When an instalment is due, in the reader's language."""
    if row.due_on is not None:
        return _("on %(day)s") % {"day": row.due_on.isoformat()}
    if not row.days:
        return str(row.get_after_display())
    return _("%(days)s days %(after)s") % {"days": row.days or 0, "after": row.get_after_display()}


def _share(row: Any) -> str:
    return f"{row.share.normalize():f}%"


def _plan(contract: Any) -> str:
    return _numbered(
        "，".join(filter(None, (row.get_kind_display(), _share(row), money(row.amount), due(row), row.condition)))
        for row in contract.payments.all()
    )


def _promises(contract: Any) -> str:
    return _numbered(
        f"{row.get_lane_display()}：{row.title}" + (f"（{day(row.due_on)}）" if row.due_on else "")
        for row in contract.promises.all()
    )


def _contact(name: str) -> Callable[[Any], str]:
    return lambda contract: getattr(contract.contact, name, "") if contract.contact is not None else ""


def _phone(contract: Any) -> str:
    return contract.contact.phone or contract.contact.mobile if contract.contact is not None else ""


def _ours(name: str) -> Callable[[Any], str]:
    return lambda contract: str(getattr(letterhead_in_force(), name))  # noqa: ARG005 - whoever the contract is with


def _earlier(relation: str, name: str) -> Callable[[Any], str]:
    return lambda contract: str(getattr(getattr(contract, relation), name, "") or "")


_FILLS: dict[str, Callable[[Any], str]] = {
    "number": lambda contract: contract.number,
    "title": lambda contract: contract.title,
    "customer": lambda contract: contract.customer.name if contract.customer is not None else "",
    "customer_address": lambda contract: contract.customer.address if contract.customer is not None else "",
    "contact": _contact("name"),
    "contact_phone": _phone,
    "agent": lambda contract: contract.agent.name if contract.agent is not None else "",
    "company": _ours("name"),
    "company_address": _ours("address"),
    "company_phone": _ours("phone"),
    "company_bank": _ours("bank"),
    "company_account": _ours("bank_account"),
    "products": _products,
    "plan": _plan,
    "promises": _promises,
    "amount": lambda contract: figures(contract.amount),
    "amount_in_words": lambda contract: in_words(contract.amount),
    "starts_on": lambda contract: day(contract.starts_on),
    "ends_on": lambda contract: day(contract.ends_on),
    "services": lambda contract: contract.services,
    "training": lambda contract: contract.training,
    "development": lambda contract: contract.development,
    "schedule": lambda contract: contract.schedule,
    "earlier_number": lambda contract: _earlier("amends", "number")(contract) or _earlier("renews", "number")(contract),
    "earlier_title": lambda contract: _earlier("amends", "title")(contract) or _earlier("renews", "title")(contract),
    "originals": lambda contract: originals.in_words(contract.originals),
    "proposed_by": lambda contract: contract.proposed_by,
}


def _places() -> dict[str, Callable[[Any], str]]:
    text = files("contracts").joinpath("data", "places.yaml").read_text(encoding="utf-8")
    named: dict[str, str] = yaml.safe_load(text)
    return {name: _FILLS[code] for name, code in named.items()}


PLACES = _places()
"""What fills each place, by the name that it has in a text."""


def filled(contract: Any) -> str:
    """The text with its places filled, in Chinese; what is no place of ours stays as it is."""
    known: dict[str, str] = {}

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        if name not in PLACES:
            return found[0]
        if name not in known:
            known[name] = PLACES[name](contract) or NOTHING
        return known[name]

    with override(_CHINESE):
        return _PLACE.sub(fill, contract.text)


def unknown(text: str) -> list[str]:
    """The places of a text that nothing fills."""
    return list(dict.fromkeys(found for found in _PLACE.findall(text) if found not in PLACES))
