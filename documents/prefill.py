"""Filling a form beforehand: an item's `source` is a path into what the house knows (`customer.name`, `product.users`).

`declare` lets a process say what its records know (`record.*`) and of which contact and platform they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core import clock
from documents import recorded
from documents.answers import merged
from forms_templates import computed, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from customers.models import Contact, Organisation, Site
    from documents.models import Document
    from forms_templates.language import Column, Form, Holder, Item
    from forms_templates.models import Letterhead
    from people.actors import Actor
    from workflow.flow import Act
    from workflow.models import Record

    Facts = Mapping[str, Any]

_BY_HAND = frozenset({"secret", "files", "signature", "seal", "approval", "clause"})
"""Kinds that nothing fills in beforehand; decisions that a process has on record are another matter (`recorded`)."""
_told: dict[str, Callable[[Any], Facts]] = {}
_papers: dict[tuple[str, str], Callable[[Any], Paper]] = {}


@dataclass(frozen=True)
class Paper:
    """What a record decides of its document's paper: under which letterhead, and in which originals for whom.

    Without a letterhead it is the one in force, without holders the originals are those that the form names.
    """

    letterhead: Letterhead | None = None
    holders: tuple[Holder, ...] = ()

    @property
    def head(self) -> Letterhead:
        """The letterhead under which it is printed."""
        return self.letterhead or versions.letterhead_in_force()


@dataclass(frozen=True)
class Known:
    """What is known when a document is issued."""

    customer: Organisation | None
    contact: Contact | None
    about: Record | None
    letterhead: Letterhead
    actor: Actor
    at: datetime
    more: Mapping[str, Any] = field(default_factory=dict)


def declare(kind: str, facts: Callable[[Any], Facts]) -> None:
    """Say what records of a kind know, by path (`record.number`, `contract.no`); it wins over what the house knows."""
    _told[kind] = facts


def declare_paper(kind: str, form: str, paper: Callable[[Any], Paper]) -> None:
    """Say that records of a kind decide on which paper a form of theirs is printed."""
    _papers[kind, form] = paper


def paper_of(record: Record | None, form: str) -> Paper:
    """The paper of a form about a record."""
    told = _papers.get((record.kind, form)) if record is not None else None
    return told(record.concrete) if told is not None and record is not None else Paper()


def begin(document: Document, act: Act, said: Mapping[str, Any]) -> None:
    """Make a new document what it is: its form and letterhead as they are in force, and what is known filled in."""
    version, paper = versions.in_force(said["form"]), paper_of(said.get("about"), said["form"])
    form, letterhead = version.definition, paper.head
    for name in ("form", "customer", "contact", "replaces"):
        setattr(document, name, said.get(name))
    document.parent = said.get("about")
    document.form_version, document.letterhead, document.title = version, letterhead, form.title.zh
    document.holders = [holder.told for holder in paper.holders] or None
    known = Known(said["customer"], said.get("contact"), document.parent, letterhead, act.actor, act.at)
    document.values = computed.completed(form, merged(answers(form, known), said.get("values") or {}))


def answers(form: Form, known: Known) -> dict[str, Any]:
    """The values by item key that can be filled in beforehand."""
    facts, decisions = facts_of(known), recorded.decisions_of(known.about, form)
    found: dict[str, Any] = {}
    for item in form.items():
        if item.kind in _BY_HAND:
            if decided := recorded.answer(item, decisions):
                found[item.key] = decided
            continue
        value = _shaped(item, facts.get(item.source)) if item.source else None
        if value in (None, "", []) and item.kind == "table":
            value = [_row(item.columns, row) for row in item.beginning(found, facts.get)]
        if value not in (None, "", []):
            found[item.key] = value
    return found


def facts_of(known: Known) -> dict[str, Any]:
    """Everything that is known, by path."""
    facts: dict[str, Any] = {"today": clock.local(known.at).date(), "now": known.at}
    facts |= _company(known.letterhead) | _actor(known.actor)
    if known.customer is not None:
        facts |= _customer(known.customer, clock.local(known.at).date())
    if known.contact is not None:
        facts |= _contact(known.contact)
    if known.about is not None:
        facts |= _record(known.about)
    return facts | dict(known.more)


def _company(letterhead: Letterhead) -> dict[str, Any]:
    names = ("name", "name_en", "address", "postcode", "phone", "fax", "email", "bank_account_name", "bank")
    return {f"company.{name}": getattr(letterhead, name) for name in (*names, "bank_account")}


def _actor(actor: Actor) -> dict[str, Any]:
    person = actor.on_behalf_of or actor.user
    if person is None:
        return {}
    department = str(person.department) if person.department_id else ""
    return {
        "actor": str(person),
        "actor.name": str(person),
        "actor.email": person.email,
        "actor.phone": person.mobile,
        "actor.department": department,
    }


def _customer(customer: Organisation, today: date) -> dict[str, Any]:
    names = ("name", "short_name", "name_en", "city", "address", "service_from", "service_to")
    facts = {f"customer.{name}": getattr(customer, name) for name in names}
    manager, region = str(customer.account_manager or ""), str(customer.region)
    facts |= {"customer.region": region, "project.region": region, "project.am": manager}
    facts |= {"service.from": customer.service_from, "service.to": customer.service_to}
    facts |= {"service.valid": customer.in_service(today), "service.period": _period(customer)}
    platforms = [site for site in customer.sites.all() if site.active]
    live = [site for site in platforms if site.environment == site.Environment.PRODUCTION]
    return facts | (_product((live or platforms)[0]) if platforms else {})


def _period(customer: Organisation) -> str:
    if customer.service_from is None and customer.service_to is None:
        return ""
    ends = (f"{day:%Y-%m-%d}" if day else "…" for day in (customer.service_from, customer.service_to))
    return " – ".join(ends)


def _product(site: Site) -> dict[str, Any]:
    product = {"product.name": site.product, "product.edition": site.product, "product.release": site.version}
    platform = {name: getattr(site, name) for name in ("name", "url", "product", "version")}
    return product | {f"site.{name}": value for name, value in platform.items()}


def _contact(contact: Contact) -> dict[str, Any]:
    facts = {f"contact.{name}": getattr(contact, name) for name in ("name", "title", "phone", "mobile", "fax", "email")}
    phone = contact.phone or contact.mobile
    facts |= {"customer.contact": contact.name, "customer.position": contact.title, "customer.phone": phone}
    return facts | {"customer.fax": contact.fax, "customer.email": contact.email}


def _record(record: Record) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "record.number": record.number,
        "record.title": record.title,
        "record.created": record.created_at,
        "record.closed": record.closed_at,
        "record.handler": str(record.handler or ""),
        "record.specialist": str(record.specialist or ""),
    }
    told = _told.get(record.kind)
    return facts | (dict(told(record.concrete)) if told is not None else {})


# --- shapes -----------------------------------------------------------------------------------------------------------
def _shaped(item: Item, value: Any) -> Any:
    """What is known as the value that a document keeps of that kind of item; None if it does not fit."""
    if value in (None, ""):
        return None
    if item.kind == "table":
        return [_row(item.columns, row) for row in value] if isinstance(value, list) else None
    if item.kind == "choices":
        given = value if isinstance(value, list | tuple) else [value]
        keys = [_option(item, one) for one in given]
        return [key for key in keys if key is not None]
    return _cell(item, value)


def _row(columns: tuple[Column, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {column.key: _cell(column, row.get(column.key)) for column in columns}
    return {key: value for key, value in cells.items() if value not in (None, "")}


def _cell(item: Item | Column, value: Any) -> Any:
    """A single value, of an item or of a table's column."""
    if value in (None, ""):
        return None
    if item.kind == "choice":
        return _option(item, value)
    shape = _SHAPES.get(item.kind)
    return shape(value) if shape is not None else None


def _option(item: Item | Column, value: Any) -> str | None:
    for option in item.options:
        if str(value) in {option.key, option.zh, option.en}:
            return option.key
    return None


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{clock.local(value):%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def _date(value: Any) -> str | None:
    if isinstance(value, datetime):
        value = clock.local(value).date()
    return value.isoformat() if isinstance(value, date) else None


def _moment(value: Any) -> str | None:
    return f"{clock.local(value):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _money(value: Any) -> str | None:
    return f"{value:.2f}" if isinstance(value, Decimal | int) and not isinstance(value, bool) else None


def _yes_no(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _check(value: Any) -> dict[str, str] | None:
    return {"answer": value["answer"], "note": value.get("note", "")} if isinstance(value, dict) else None


_SHAPES: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "long": _text,
    "prose": _text,
    "date": _date,
    "moment": _moment,
    "int": _number,
    "rate": _number,
    "money": _money,
    "yes_no": _yes_no,
    "check": _check,
}
