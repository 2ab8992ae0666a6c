"""Finding while typing: customers, contacts, people, records, similar ones, and anything that may be seen."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import clock
from core.text import clean_line, fold
from customers.models import Contact, Organisation, Site
from desk import states
from desk.views.lists import process_or_404, whole
from desk.views.search import instant
from desk.visitors import visitor
from people.models import User
from search import asking
from search.finding import matching
from workflow import registry
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, QueryDict

    from core.faces import Match

FOUND = 8
_LONGEST = 100


@dataclass(frozen=True)
class Option:
    """Something found: its key, its name, what tells it from others, and what else it fills in."""

    value: str
    label: str
    more: str = ""
    fills: dict[str, str] = field(default_factory=dict)

    @property
    def fills_json(self) -> str:
        """What it fills in, for the script."""
        return json.dumps(self.fills, ensure_ascii=False)


def _query(asked: QueryDict) -> str:
    return clean_line(asked.get("q", ""))[:_LONGEST]


def _pk(asked: QueryDict, *names: str) -> int:
    given = next((asked.get(name, "") for name in names if asked.get(name)), "")
    return whole(given)


def customers(user: User, asked: QueryDict) -> list[Option]:
    """Organisations by name, pinyin initials, or a contact's name or number."""
    rows = Organisation.objects.for_actor(user).filter(active=True).found_by(_query(asked))
    found = rows.select_related("region", "account_manager").order_by("name")[:FOUND]
    return [
        Option(str(o.pk), o.name, " · ".join(filter(None, (o.city, str(o.region), str(o.account_manager or "")))))
        for o in found
    ]


def contacts(user: User, asked: QueryDict) -> list[Option]:
    """Contacts of one customer; all of them, the first contact first, while nothing is typed."""
    customer = _pk(asked, "customer", "org", "organisation")
    rows = Contact.objects.filter(organisation__in=Organisation.objects.for_actor(user), active=True)
    query = _query(asked)
    if customer:
        rows = rows.filter(organisation=customer)
    if query or not customer:
        rows = rows.found_by(query)
    return [_contact(c) for c in rows.select_related("organisation").order_by("-primary", "name")[:FOUND]]


def _contact(contact: Contact) -> Option:
    fills = {"phone": contact.mobile or contact.phone, "fax": contact.fax, "email": contact.email}
    more = " · ".join(filter(None, (contact.title, contact.reach, str(contact.organisation))))
    return Option(str(contact.pk), contact.name, more, fills={k: v for k, v in fills.items() if v})


def sites(user: User, asked: QueryDict) -> list[Option]:
    """Platforms of one customer."""
    rows = Site.objects.filter(organisation__in=Organisation.objects.for_actor(user), active=True)
    rows = rows.filter(organisation=_pk(asked, "customer", "org", "organisation"), name__icontains=_query(asked))
    return [
        Option(str(s.pk), s.name, " ".join(filter(None, (s.product, s.version)))) for s in rows.order_by("name")[:FOUND]
    ]


def people(user: User, asked: QueryDict) -> list[Option]:  # noqa: ARG001 - every colleague may be named
    """Colleagues by name, pinyin initials or login; those who are away are marked by their substitutes."""
    query = fold(_query(asked)).strip()
    rows = User.objects.staff()
    if query:
        rows = rows.filter(
            Q(display_name__icontains=query) | Q(initials__startswith=query) | Q(username__istartswith=query)
        )
    if role := asked.get("role", ""):
        rows = rows.filter(roles__code__in=role.split(",")[:10])
    present = set(rows.present(clock.now()).values_list("pk", flat=True)[:500])
    found = rows.distinct().select_related("department").order_by("display_name", "id")[:FOUND]
    return [_person(person, away=person.pk not in present) for person in found]


def _person(person: User, *, away: bool) -> Option:
    more = [str(person.department or ""), _("away") if away else ""]
    return Option(str(person.pk), str(person), " · ".join(filter(None, more)))


def records(user: User, asked: QueryDict) -> list[Option]:
    """Records by number or words; while nothing is typed, those of the same customer that look like the one at hand.

    `beside` is the number of the one at hand; with `same`, only open ones of its process and customer are offered, and
    with `kind` only those of that process, with `state` only those in one of its states.
    """
    seen = Record.objects.for_actor(user)
    beside = seen.filter(number=asked.get("beside", "")[:24]).first()
    rows = seen.exclude(pk=beside.pk) if beside else seen
    if asked.get("same") and beside:
        rows = rows.filter(kind=beside.kind, customer=beside.customer_id, is_open=True)
    if kind := asked.get("kind", ""):
        rows = rows.filter(kind=kind)
        states = asked.get("state", "").split(",")[:10]
        rows = rows.filter(state__in=states) if states != [""] else rows
    rows = rows.select_related("customer") if kind else rows
    if query := _query(asked):
        keys = matching(user, asking.asked(query), registry.kinds()).values("record_id")
        return [_one_record(record, whose=bool(kind)) for record in rows.filter(pk__in=keys).order_by("-pk")[:FOUND]]
    if kind:
        return [_one_record(record, whose=True) for record in rows.filter(is_open=True).order_by("-pk")[:FOUND]]
    return [_one_record(record) for record in _likely(rows, beside, user)] if beside else []


def _likely(rows: Any, beside: Record, user: User) -> list[Record]:
    """What a record most probably belongs with: the most alike first, then the customer's newest."""
    similar = registry.of(beside).similar
    alike = list(similar(beside.customer_id, beside.title, user)) if similar is not None else []
    alike = [record for record in alike if record.pk != beside.pk]
    newest = rows.filter(customer=beside.customer_id).exclude(pk__in=[record.pk for record in alike]).order_by("-pk")
    return [*alike, *newest[: FOUND - len(alike)]][:FOUND]


def _one_record(record: Record, *, whose: bool = False) -> Option:
    said = [record.title, str(record.customer or "") if whose else "", str(states.label(record.kind, record.state))]
    return Option(str(record.pk), record.number, " · ".join(filter(None, said)))


_FINDERS: dict[str, Callable[[User, QueryDict], list[Option]]] = {
    "customers": customers,
    "contacts": contacts,
    "sites": sites,
    "people": people,
    "records": records,
}


@require_GET
def find(request: HttpRequest, what: str) -> HttpResponse:
    """Options for a finder, as list items."""
    if what == "similar":
        return _similar(request)
    if what == "anything":
        return instant(request)
    if what not in _FINDERS:
        raise Http404
    options = _FINDERS[what](visitor(request), request.GET)
    return render(request, "desk/options.html", {"options": options, "asked": _query(request.GET)})


def _similar(request: HttpRequest) -> HttpResponse:
    """Open records of the same customer that look like what is being typed."""
    process = process_or_404(request.GET.get("kind", ""))
    customer = _pk(request.GET, "customer", "org")
    found: list[Any] = []
    if process.similar is not None and customer:
        found = list(process.similar(customer, clean_line(request.GET.get("title", ""))[:200], visitor(request)))
    return render(request, "desk/similar.html", {"records": found, "asked": customer, "matches": _matches(request)})


def _matches(request: HttpRequest) -> list[Match]:
    """What is known about what is being typed, from every process that knows something."""
    title = clean_line(request.GET.get("title", ""))[:200]
    known = [process.matching for process in registry.all_processes() if process.matching is not None]
    return [match for matching in known for match in matching(title, visitor(request))] if title else []
