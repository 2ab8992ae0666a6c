"""The list of contracts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.prepared import fetch_of
from core.tables import Column, Table
from core.text import listed
from forms_templates.amounts import figures
from workflow.models import WorkItem
from workflow.parties import UnknownPartyError, party

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from django.db.models import QuerySet


def discount_words(discount: Decimal | None) -> str:
    """A discount in per cent; above the list price it is negative."""
    return f"{discount}%" if discount is not None else ""


def waits_for(contract: Any) -> str:
    """For whom it waits, by name or by role."""
    names = [str(item.user) if item.user is not None else _role(item.role) for item in contract.waiting]
    return listed(dict.fromkeys(names))


def _role(code: str) -> str:
    try:
        return party(code).label
    except UnknownPartyError:
        return code


def _waiting(contracts: Sequence[Any]) -> None:
    """Note on each contract the work that waits on it."""
    found: dict[int, list[WorkItem]] = defaultdict(list)
    for item in fetch_of("contracts wait for", _work_on, [contract.pk for contract in contracts]):
        found[item.record_id].append(item)
    for contract in contracts:
        contract.waiting = found[contract.pk]


def _work_on(*keys: int) -> QuerySet[WorkItem]:
    work = WorkItem.objects.open().filter(record_id__in=keys).select_related("user").order_by("id")
    return work.only("record_id", "role", "user__display_name", "user__username")


class ContractTable(Table):
    """What one must see of a contract to choose the next one."""

    teaches = _("Every contract is written, reviewed, approved, sealed, signed and archived here (CON-01).")
    columns = (
        "number",
        "title",
        "customer",
        Column("business", _("Kind"), lambda contract: contract.get_business_display(), sort=("business",), css="keep"),
        Column(
            "amount",
            _("Amount"),
            lambda contract: figures(contract.amount),
            sort=("amount",),
            css="num keep",
            plain=lambda contract: contract.amount,
        ),
        Column(
            "discount",
            _("Discount"),
            lambda contract: discount_words(contract.discount),
            css="num keep wide",
            plain=lambda contract: contract.discount,
        ),
        "state",
        Column("waits_for", _("Waits for"), waits_for, beside=(_waiting,)),
        "due",
        Column(
            "author",
            pgettext_lazy("contract", "Author"),
            lambda contract: contract.handler,
            css="keep widest",
            related=("handler",),
        ),
    )
    more = (
        Column("form", _("Class"), lambda contract: contract.get_form_display(), css="keep"),
        Column(
            "list_amount",
            _("List price"),
            lambda contract: figures(contract.list_amount),
            css="num keep",
            plain=lambda contract: contract.list_amount,
        ),
        Column("starts", _("Term from"), lambda contract: contract.starts_on, css="keep"),
        Column("ends", _("Term until"), lambda contract: contract.ends_on, sort=("ends_on",), css="keep"),
        Column("effective", _("Effective from"), lambda contract: contract.effective_on, css="keep"),
        Column("amends", _("Amends"), lambda contract: contract.amends, css="keep", related=("amends",)),
        Column("agent", _("Reselling agent"), lambda contract: contract.agent, related=("agent",)),
        "created",
        "updated",
    )
    without = (
        *("text", "wording", "frozen", "summary_text", "deviations"),
        *("services", "training", "development", "schedule", "change_departments"),
    )
