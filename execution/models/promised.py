"""What a contract comes to as things to be done: its promises, what its lines imply, and its instalments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.models import Contract, PaymentTerm
from core.text import listed
from execution.flow.lanes import NEEDS, Lane
from execution.models.item import PlanItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from decimal import Decimal

_NEW = (Lane.DELIVERY, Lane.INSTALLATION, Lane.TALKS, Lane.ACCEPTANCE)
IMPLIED: dict[str, tuple[str, ...]] = {
    Contract.Business.NEW_SALE: (Lane.LICENCE, *_NEW),
    Contract.Business.MORE_PRODUCTS: (Lane.LICENCE, Lane.DELIVERY, Lane.INSTALLATION, Lane.ACCEPTANCE),
    Contract.Business.MORE_USERS: (Lane.LICENCE,),
    Contract.Business.ANNUAL_RENEWAL: (Lane.LICENCE,),
}
"""Which lanes the sale of a product implies, by the kind of business, where the contract does not say it itself."""
_EVENTS = {
    PaymentTerm.After.DELIVERY: Lane.DELIVERY,
    PaymentTerm.After.INSTALLATION: Lane.INSTALLATION,
    PaymentTerm.After.ACCEPTANCE: Lane.ACCEPTANCE,
}


@dataclass
class _Draft:
    """What an item is to be, before it has its place in a plan. Its key's first word says of which part it is."""

    key: str
    lane: str
    title: str = ""
    agreed: str = ""
    due_on: date | None = None
    more: dict[str, Any] = field(default_factory=dict)


def drawn(contract: Contract) -> list[PlanItem]:
    """The items that a contract comes to, in the order of the lanes; not stored. What they quote of it is in Chinese.

    A lane for which the contract names promises has those, and nothing that is only implied.
    """
    with override("zh-hans"):
        drafts = list(_promises(contract))
        named = {draft.lane for draft in drafts}
        drafts += [draft for draft in _implied(contract) if draft.lane not in named]
        drafts += _instalments(contract)
    order = list(Lane)
    drafts.sort(key=lambda draft: order.index(Lane(draft.lane)))
    return [_item(draft, position) for position, draft in enumerate(drafts, start=1)]


def _item(draft: _Draft, position: int) -> PlanItem:
    item = PlanItem(key=draft.key, position=position, lane=draft.lane, title=draft.title[:200], agreed=draft.agreed)
    item.due_on = draft.due_on
    item.needs = list(NEEDS.get(draft.lane, ()))
    for name, value in draft.more.items():
        setattr(item, name, value)
    return item


def _promises(contract: Contract) -> Iterator[_Draft]:
    for row in contract.promises.all():
        yield _Draft(f"promise:{row.position}", row.lane, row.title, due_on=row.due_on)


def _implied(contract: Contract) -> Iterator[_Draft]:
    lines = list(contract.lines.select_related("product"))
    products = [line for line in lines if line.product is not None]
    if products:
        yield from _of_products(contract, products)
    trained = [line for line in lines if line.training_days]
    for line in trained:
        days = _("%(days)s days") % {"days": _plain(line.training_days)}
        yield _Draft(f"line:training:{line.position}", Lane.TRAINING, line.description, days)
    if not trained and contract.training:
        yield _Draft("line:training", Lane.TRAINING, agreed=contract.training)
    yield from _services(contract, [line for line in lines if line.product is None and not line.training_days])


def _of_products(contract: Contract, lines: Iterable[Any]) -> Iterator[_Draft]:
    for lane in map(Lane, IMPLIED.get(contract.business, ())):
        if lane == Lane.LICENCE:
            for line in lines:
                yield _Draft(f"line:licence:{line.position}", lane, _words(line), _licence(line))
        else:
            yield _Draft(f"line:{lane}", lane, agreed="" if lane == Lane.TALKS else contract.schedule)


def _services(contract: Contract, lines: Iterable[Any]) -> Iterator[_Draft]:
    sold = [_Draft(f"line:service:{line.position}", Lane.OTHER, _words(line)) for line in lines]
    yield from sold
    if not sold and contract.services:
        yield _Draft("line:services", Lane.OTHER, agreed=contract.services)
    if contract.develops:
        yield _Draft("line:development", Lane.OTHER, agreed=contract.development)


def _words(line: Any) -> str:
    return " ".join(filter(None, (str(line.product or ""), line.description, line.version)))


def _licence(line: Any) -> str:
    """What exactly is licensed, as the contract says it."""
    parts = [line.modules]
    if line.users:
        parts.append(_("%(count)s users") % {"count": line.users})
    parts.append(str(line.get_purchase_mode_display()) if line.purchase_mode else "")
    if line.months:
        parts.append(_("%(count)s months") % {"count": line.months})
    return listed(parts)


def _plain(number: Decimal | None) -> str:
    """A number without the zeros behind its point."""
    text = f"{number:f}" if number is not None else ""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _instalments(contract: Contract) -> Iterator[_Draft]:
    for row in contract.payments.all():
        lane = _EVENTS.get(PaymentTerm.After(row.after)) if row.after else None
        more: dict[str, Any] = {"amount": row.amount, "instalment": row.kind, "needs": [lane] if lane else []}
        more |= {"after": lane or "", "days": row.days if lane else None}
        yield _Draft(
            f"money:{row.position}", Lane.MONEY, f"{_plain(row.share)}%", row.condition, _known(contract, row), more
        )


def _known(contract: Contract, row: PaymentTerm) -> date | None:
    """The day on which an instalment is due, as far as it can be said when the contract takes effect."""
    if row.due_on is not None or row.after != PaymentTerm.After.SIGNATURE or contract.effective_on is None:
        return row.due_on
    return contract.effective_on + timedelta(days=row.days or 0)
