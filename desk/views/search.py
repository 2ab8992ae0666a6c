"""The search box and its page: everything that the visitor may see, in groups, with the words marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from core import markup
from desk import addresses, states
from desk.views.lists import whole
from desk.visitors import visitor
from search import marks
from search.asking import asked
from search.attachments import ATTACHMENT
from search.customers import CONTACT, CUSTOMER
from search.finding import ORDERED, find
from search.grams import plain
from search.models import Document

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from search.asking import Asked
    from search.finding import Found, Group

INSTANT = 4
OVERVIEW = 6
PAGE = 25


@dataclass(frozen=True)
class Row:
    """One hit as it is shown: where it leads, what it is called, what tells it from others, where the words stand."""

    href: str
    name: SafeString
    where: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Shelf:
    """One group as it is shown."""

    kind: str
    label: str
    icon: str
    total: str
    more: bool
    url: str
    rows: list[Row]


def instant(request: HttpRequest) -> HttpResponse:
    """The best hits of each group, for the list under the box."""
    question = asked(request.GET.get("q", ""))
    found = find(visitor(request), question, shown=INSTANT)
    shown = {"shelves": _shelves(found), "asked": question, "all_url": _address(question.said)}
    return render(request, "desk/found.html", shown)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What Enter in the search box leads to: the one thing that was meant, or all that was found."""
    question = asked(request.GET.get("q", ""))
    within = request.GET.get("in", "")
    number = min(max(whole(request.GET.get("page", "")), 1), -(-ORDERED // PAGE))
    found = find(visitor(request), question, within=within, shown=PAGE if within else OVERVIEW, page=number)
    if not within and (meant := _meant(found)) is not None:
        return HttpResponseRedirect(meant)
    group = next((group for group in found.groups if group.source.kind == within), None)
    shown: dict[str, Any] = {"asked": question, "within": within, "shelves": _shelves(found), "page": number}
    if group is not None:
        shown |= _pages(question, group, number)
    return render(request, "desk/search.html", shown)


def _pages(question: Asked, group: Group, number: int) -> dict[str, Any]:
    """The way to the pages before and after, and whether there is more than can be looked at."""
    before = _address(question.said, group.source.kind, number - 1) if number > 1 else ""
    after = _address(question.said, group.source.kind, number + 1) if number * PAGE < len(group.keys) else ""
    return {"before_url": before, "after_url": after, "bounded": group.total > ORDERED, "ordered": ORDERED}


def _address(said: str, kind: str = "", page: int = 1) -> str:
    given = {"q": said, "in": kind, "page": "" if page == 1 else str(page)}
    return f"{reverse('desk:search')}?" + urlencode({name: value for name, value in given.items() if value})


def _meant(found: Found) -> str | None:
    """Where the only hit leads, or the one that is just what was asked for."""
    exact = [group for group in found.groups if group.rank == 0]
    hits = [document for group in (exact or found.groups) for document in group.hits]
    if found.total == 1 or (len(exact) == 1 and exact[0].alone):
        return _SHOWN.get(hits[0].kind, _record)(hits[0], found.asked).href
    return None


def _shelves(found: Found) -> list[Shelf]:
    return [
        Shelf(
            kind=group.source.kind,
            label=str(group.source.label),
            icon=group.source.icon,
            total=group.total_words,
            more=group.total > len(group.hits),
            url=_address(found.asked.said, group.source.kind),
            rows=[_SHOWN.get(hit.kind, _record)(hit, found.asked) for hit in group.hits],
        )
        for group in found.groups
    ]


def _record(hit: Document, asked_for: Asked) -> Row:
    """A record: number and title, where it stands, and where on its timeline the words are."""
    record: Any = hit.record
    name = format_html(
        '<span class="number">{}</span> <bdi>{}</bdi>',
        marks.marked(record.number, asked_for.marks),
        marks.marked(record.title, asked_for.marks),
    )
    where = _joined(states.badge(record), record.customer, record.handler or "", markup.moment(record.updated_at))
    return Row(addresses.of(record), name, where, _excerpt(hit, asked_for))


def _customer(hit: Document, asked_for: Asked) -> Row:
    """A customer: its names, and who looks after it."""
    customer: Any = hit.organisation
    where = _joined(customer.city, customer.region, customer.account_manager or "")
    return Row(_customers_page(hit), _name(hit, asked_for), where, _excerpt(hit, asked_for))


def _contact(hit: Document, asked_for: Asked) -> Row:
    """A contact: at which customer, and how to reach them."""
    customer: Any = hit.organisation
    ways = (marks.marked(line, asked_for.marks) for line in hit.text.split("\n") if line)
    return Row(_customers_page(hit), _name(hit, asked_for), _joined(customer.name, *ways), SafeString())


def _attachment(hit: Document, asked_for: Asked) -> Row:
    """A file: on which record, and where in it the words are."""
    record: Any = hit.record
    unread = hit.get_reading_display() if hit.reading in {Document.Reading.UNREADABLE, Document.Reading.WAITING} else ""
    where = _joined(format_html('<span class="number">{}</span>', record.number), record.title, unread)
    return Row(addresses.of(record), _name(hit, asked_for), where, _excerpt(hit, asked_for))


def _customers_page(hit: Document) -> str:
    return reverse("desk:customer", args=[hit.organisation_id])


def _name(hit: Document, asked_for: Asked) -> SafeString:
    return format_html("<bdi>{}</bdi>", marks.marked(hit.heading, asked_for.marks))


def _excerpt(hit: Document, asked_for: Asked) -> SafeString:
    """Where the words stand, unless the heading says them all."""
    heading = plain(hit.heading)
    told = all(term in heading for term in asked_for.terms)
    return SafeString() if told else marks.excerpt(hit.text, asked_for.marks)


def _joined(*parts: Any) -> SafeString:
    return format_html_join(" ", "<span>{}</span>", ((part,) for part in parts if part not in (None, "")))


_SHOWN: dict[str, Callable[[Document, Asked], Row]] = {
    CUSTOMER: _customer,
    CONTACT: _contact,
    ATTACHMENT: _attachment,
}
"""How hits are shown that are no records."""
