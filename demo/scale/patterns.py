"""Reading whole lives: every row that belongs to a ticket, from its record to the notices about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customers.models import Contact, Organisation, Site
from notifications.models import Notice
from search.models import Document
from tickets.models import Ticket
from workflow.models import Deadline, DeadlinePause, Entry, Firing, Involvement, Record, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db import models

# In the order in which they can be written; each with the way from it to its record.
TABLES: tuple[tuple[type[models.Model], str], ...] = (
    (Record, "pk"),
    (Ticket, "record_ptr"),
    (Entry, "record"),
    (Deadline, "record"),
    (DeadlinePause, "deadline__record"),
    (Firing, "deadline__record"),
    (WorkItem, "record"),
    (Involvement, "record"),
    (Notice, "record"),
    (Document, "record"),
)
MODELS: tuple[type[models.Model], ...] = tuple(model for model, _way in TABLES)
_AT_ONCE = 500


def own_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of a model's own table, in its order."""
    return list(model._meta.local_concrete_fields)


def has_own_key(model: type[models.Model]) -> bool:
    """Whether a table counts its own keys, and does not share its parent's."""
    return model._meta.pk.remote_field is None


@dataclass(frozen=True)
class Life:
    """The rows of one ticket: for each table of TABLES its rows, each the values of `own_fields`."""

    rows: tuple[list[tuple[Any, ...]], ...]
    customer: Organisation
    contact: Contact
    site: Site | None
    by_customer: bool
    """Whether the customer acted on it: then nobody else can be its customer."""

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return bool(self.value(Record, "is_open"))

    def value(self, model: type[models.Model], name: str) -> Any:
        """A value of the one row of a table."""
        names = [field.attname for field in own_fields(model)]
        return self.rows[MODELS.index(model)][0][names.index(name)]


def lives(limit: int, *, only: Sequence[int] | None = None) -> Iterator[Life]:
    """The lives of the first tickets, up to `limit`, or of those given by key; without files, access details, links."""
    alone = Ticket.objects.filter(links_from__isnull=True, links_to__isnull=True)
    tickets = alone.filter(attachments__isnull=True, access__isnull=True).order_by("pk")
    if only is not None:
        tickets = tickets.filter(pk__in=only)
    keys = list(tickets.values_list("pk", flat=True)[:limit])
    for start in range(0, len(keys), _AT_ONCE):
        yield from _lives(keys[start : start + _AT_ONCE])


def _lives(keys: list[int]) -> Iterator[Life]:
    found: dict[int, list[list[tuple[Any, ...]]]] = {key: [[] for _table in TABLES] for key in keys}
    for number, (model, way) in enumerate(TABLES):
        names = [field.attname for field in own_fields(model)]
        rows = model._default_manager.filter(**{f"{way}__in": keys}).order_by("pk")
        for key, *values in rows.values_list(way, *names):
            found[key][number].append(tuple(values))
    acted = set(
        Entry.objects.filter(record__in=keys, actor__is_customer=True).values_list("record_id", flat=True).distinct()
    )
    tickets: list[Any] = list(Ticket.objects.filter(pk__in=keys).select_related("customer", "contact", "site"))
    for ticket in sorted(tickets, key=lambda ticket: ticket.pk):
        rows_of = tuple(found[ticket.pk])
        yield Life(rows_of, ticket.customer, ticket.contact, ticket.site, ticket.pk in acted)


def neighbours() -> dict[tuple[int, int | None], list[Organisation]]:
    """Customers by region and account manager: among them a life can be exchanged without anybody else being told."""
    found: dict[tuple[int, int | None], list[Organisation]] = defaultdict(list)
    for organisation in Organisation.objects.filter(active=True).prefetch_related("contacts", "sites").order_by("pk"):
        found[organisation.region_id, organisation.account_manager_id].append(organisation)
    return found
