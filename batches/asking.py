"""What is asked for: many documents for many customers, or many from the archive. Stored at once, item by item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from batches.models import Batch, Item, Trace
from core import clock
from customers.models import Contact, Organisation
from documents.models import Document
from exports.sheets import NoSuchListError, sheet_of
from forms_templates import catalogue
from people.models import User
from workflow import registry
from workflow.kick import wake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from forms_templates.language import Form

MOST = 2000
"""So many documents at once: more would be a file that nobody opens, and a campaign that nobody oversees."""
MOST_AT_ONCE = 3
LONGEST_QUERY = 4000
_UNFIT = ("secret", "files", "signature", "seal", "approval", "clause", "table", "check", "rate")
"""What differs from document to document by its nature, and is no value common to all."""


class CannotAskError(Exception):
    """Nothing was asked for; `str()` of it says why, to the person who wanted it."""


@dataclass(frozen=True)
class Campaign:
    """Documents of one form for many customers. `key` makes a form that is sent twice one wish."""

    form: str
    customers: Iterable[Organisation]
    goal: str
    format: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    until: date | None = None


@dataclass(frozen=True)
class Fetch:
    """Documents from the archive: those that were chosen, or those of a list's address."""

    format: str
    key: str
    numbers: Sequence[str] = ()
    query: str | None = None


def may_ask(user: User) -> bool:
    """Whether a person has documents made for many customers: the department whose documents they are."""
    department = user.department.code if user.department_id and user.department else ""
    return not user.is_customer and department == registry.get("document").department


def forms_of() -> list[Form]:
    """The forms that a campaign can have: those that go to customers."""
    return [form for form in catalogue.forms() if not form.internal and not form.about]


def common_items(form: Form) -> list[Any]:
    """The places of a form that may say the same in all documents of a campaign."""
    return [
        item
        for section in form.sections
        for item in section.items
        if item.kind not in _UNFIT and not item.computed and not item.source.startswith("customer")
    ]


def first_contacts(customers: Iterable[int], *, with_mail: bool) -> dict[int, Contact]:
    """The first contact of each customer; of those who can be written to, if it is written to them."""
    rows = Contact.objects.filter(organisation__in=list(customers), active=True).order_by("-primary", "id")
    found: dict[int, Contact] = {}
    for contact in rows.exclude(email="") if with_mail else rows:
        found.setdefault(contact.organisation_id, contact)
    return found


def begin_campaign(user: User, wish: Campaign) -> Batch:
    """Store a campaign with an item for each customer. Raises CannotAskError."""
    if not may_ask(user):
        raise CannotAskError(_("Campaigns are begun by the service department."))
    if wish.form not in {form.code for form in forms_of()}:
        raise CannotAskError(_("There is no such form, or it does not go to customers."))
    customers = [customer.pk for customer in wish.customers]
    contacts = first_contacts(customers, with_mail=wish.goal == Batch.Goal.SEND)
    batch = Batch(what=Batch.What.CAMPAIGN, goal=wish.goal, format=wish.format, form=wish.form, until=wish.until)
    batch.values = dict(wish.values)
    items = [Item(customer_id=customer, contact=contacts.get(customer)) for customer in customers]
    return _store(user, wish.key, batch, items)


def begin_fetch(user: User, wish: Fetch) -> Batch:
    """Store what somebody wants from the archive. Raises CannotAskError."""
    if wish.format not in {Batch.Format.PDF, Batch.Format.ZIP}:
        raise CannotAskError(_("Documents are handed out as one PDF or as a ZIP."))
    batch = Batch(what=Batch.What.ARCHIVE, goal=Batch.Goal.FETCH, format=wish.format)
    return _store(user, wish.key, batch, [Item(document_id=pk) for pk in documents_of(user, wish)])


def documents_of(user: User, wish: Fetch) -> list[int]:
    """The keys of the documents that are meant, in their order, one more than are taken at once. May raise."""
    if wish.query is None:
        seen = Document.objects.for_actor(user).filter(number__in=list(wish.numbers)[: MOST + 1])
        found = dict(seen.values_list("number", "pk"))
        return [found[number] for number in dict.fromkeys(wish.numbers) if number in found]
    if len(wish.query) > LONGEST_QUERY:
        raise CannotAskError(_("The address of this list is too long. Take away some of its filters."))
    try:
        rows = sheet_of(user, "document", wish.query).rows.kept()
    except NoSuchListError as error:
        raise CannotAskError(error.message or _("There is no such list.")) from error
    return list(rows.values_list("pk", flat=True)[: MOST + 1])


def _store(user: User, key: str, batch: Batch, items: list[Item]) -> Batch:
    same = Batch.objects.own(user).filter(key=key)
    with transaction.atomic():
        # One after another: two windows of a person do not pass the limit together.
        User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
        if found := same.first():
            return found
        _check(user, items)
        try:
            with transaction.atomic():
                return _write(user, key, batch, items)
        except IntegrityError:
            return same.get()


def _check(user: User, items: Sequence[Item]) -> None:
    if not items:
        raise CannotAskError(_("There is nothing to be done: no customer and no document is meant."))
    if len(items) > MOST:
        raise CannotAskError(_("At most %(most)s at a time. Choose fewer.") % {"most": f"{MOST:,}"})
    if Batch.objects.own(user).unfinished().count() >= MOST_AT_ONCE:
        words = _("%(count)s of your batches are still being made. Wait for one of them, or cancel it.")
        raise CannotAskError(words % {"count": MOST_AT_ONCE})


def _write(user: User, key: str, batch: Batch, items: Sequence[Item]) -> Batch:
    batch.asked_by, batch.key, batch.total = user, key, len(items)
    batch.asked_at, batch.language = clock.now(), get_language() or ""
    batch.save()
    for position, item in enumerate(items, start=1):
        item.batch, item.position = batch, position
    Item.objects.bulk_create(items, batch_size=500)
    Trace.objects.create(batch=batch, what=Trace.What.ASKED, at=batch.asked_at, by=user, count=batch.total)
    transaction.on_commit(lambda: wake("batches.make"))
    return batch


def named(names: Sequence[str]) -> tuple[list[Organisation], list[str]]:
    """The customers of a pasted list by their names or short names, and the names that nobody, or several, bear."""
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    by_name: dict[str, list[Organisation]] = {}
    for field_name in ("name", "short_name"):
        for row in Organisation.objects.filter(active=True, **{f"{field_name}__in": wanted}):
            by_name.setdefault(getattr(row, field_name), []).append(row)
    found = {name: rows[0] for name, rows in by_name.items() if len({row.pk for row in rows}) == 1}
    customers = {found[name].pk: found[name] for name in wanted if name in found}
    return list(customers.values()), [name for name in wanted if name not in found]
