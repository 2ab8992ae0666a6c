"""The places in a contract's text that the contract itself fills, such as {{甲方}}: what each becomes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

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
    """2026年4月1日; a line to be filled in by hand without one."""
    return f"{value.year}年{value.month}月{value.day}日" if value is not None else "____年__月__日"


def money(amount: Decimal) -> str:
    """¥300,000.00（人民币叁拾万元整）."""
    return f"{figures(amount)}（人民币{capitals(amount)}）"


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


PLACES: dict[str, Callable[[Any], str]] = {
    "合同编号": lambda contract: contract.number,
    "合同名称": lambda contract: contract.title,
    "甲方": lambda contract: contract.customer.name if contract.customer is not None else "",
    "甲方地址": lambda contract: contract.customer.address if contract.customer is not None else "",
    "甲方联系人": _contact("name"),
    "甲方电话": _phone,
    "代理商": lambda contract: contract.agent.name if contract.agent is not None else "",
    "乙方": _ours("name"),
    "乙方地址": _ours("address"),
    "乙方电话": _ours("phone"),
    "乙方开户行": _ours("bank"),
    "乙方账号": _ours("bank_account"),
    "产品清单": _products,
    "付款计划": _plan,
    "承诺事项": _promises,
    "合同金额": lambda contract: figures(contract.amount),
    "合同金额大写": lambda contract: f"人民币{capitals(contract.amount)}",
    "起始日期": lambda contract: day(contract.starts_on),
    "终止日期": lambda contract: day(contract.ends_on),
    "服务内容": lambda contract: contract.services,
    "培训内容": lambda contract: contract.training,
    "二次开发内容": lambda contract: contract.development,
    "交付安装验收期限": lambda contract: contract.schedule,
    "原合同编号": lambda contract: _earlier("amends", "number")(contract) or _earlier("renews", "number")(contract),
    "原合同名称": lambda contract: _earlier("amends", "title")(contract) or _earlier("renews", "title")(contract),
    "修订提出方": lambda contract: contract.proposed_by,
}


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
