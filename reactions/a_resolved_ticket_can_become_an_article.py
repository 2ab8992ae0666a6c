"""A resolved ticket can become an article, without its customer's personal data; what is known is shown beside it.

TKT-25. The ticket desk and the knowledge base do not know one another.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.faces import Fetched
from customers.models import Contact, Site
from knowledge.models import Audience
from knowledge.services import Origin, origin_of, topics_by_code, without_persons
from tickets.flow import State
from tickets.models import Ticket
from tickets.services import KIND
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow.models import Record

_COMPARED = 600
"""Characters of a description that are enough to know what it is about."""
_FORMS_OF_ADDRESS = gettext_lazy("Mr, Mrs, Ms, Dr, Prof")
_FAMILY_NAMES = gettext_lazy("Smith, Jones, Brown")
"""The most common ones: with a form of address they are people, who may be nobody's contact."""


@origin_of(KIND)
def written_up(record: Record) -> Origin:
    """What a ticket offers: its question, and once it is solved, problem, cause, method and result."""
    tickets = Ticket.objects.select_related("customer", "contact", "issue_type", "subtype", "site")
    ticket: Any = tickets.get(pk=record.pk)
    text = f"{ticket.title} {ticket.body[:_COMPARED]}"
    solved = ticket.state in {State.RESOLVED, State.CLOSED} and bool(ticket.method)
    return Origin(text, partial(_draft, ticket) if solved else None)


def _draft(ticket: Ticket) -> dict[str, Any]:
    hide = partial(without_persons, names=list(_names(ticket)), addressed=_addressed())
    parts = (
        (_("Problem"), ticket.body),
        (_("Cause"), ticket.cause),
        (_("Method"), ticket.method),
        (_("Result"), ticket.result),
    )
    written = [f"## {head}\n\n{hide(text).strip()}" for head, text in parts if text.strip()]
    codes = [row.code for row in (ticket.subtype, ticket.issue_type) if row is not None]
    topics = topics_by_code()
    return {
        "source": ticket.number,
        "title": hide(ticket.title),
        "topic": next((topics[code] for code in codes if code in topics), None),
        "product": ticket.site.product if ticket.site else "",
        "audience": Audience.STAFF,
        "body": "\n\n".join(written),
    }


def _addressed() -> str:
    """How people are spoken of: the title behind the name, or before it."""
    names, titles = (re.sub(r"[,\u3001]\s*", "|", str(words)) for words in (_FAMILY_NAMES, _FORMS_OF_ADDRESS))
    return rf"(?:{names})[\u4e00-\u9fff]?(?:{titles})|\b(?:{titles})[.]? (?:{names})"


def _names(ticket: Ticket) -> Iterator[str]:
    """What the customer, its people and its platforms are called, and how they are reached."""
    customer = ticket.customer
    if customer is not None:
        yield from (customer.name, customer.short_name, customer.name_en, customer.address)
        for name, url in Site.objects.filter(organisation=customer).values_list("name", "url"):
            yield url.partition("//")[2].strip("/")
            # A platform is mostly called by a common word; only a name of its own tells whose it is.
            yield name if customer.short_name and customer.short_name in name else ""
        people = Contact.objects.filter(organisation=customer).values_list("name", "phone", "mobile", "fax", "email")
        for name, *ways in people:
            yield from (name, *ways)
    yield from (ticket.phone, ticket.fax, ticket.email)


registry.add_panel(
    KIND,
    Fetched(
        gettext_lazy("Knowledge"),
        place="side",
        address=lambda ticket: reverse("desk:knowledge-beside", args=[ticket.number]),
    ),
)
