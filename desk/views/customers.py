"""Customers: the list with its search, and everything about one on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core import clock, markup
from core.tables import Column, Table
from core.text import clean_line
from customers.models import Organisation
from desk import acts, timelines
from desk.views.lists import address, paged
from desk.visitors import visitor
from vault.models import Access, Look
from workflow import registry
from workflow.models import Entry, Record

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from people.models import User


def _name(customer: Organisation) -> SafeString:
    return format_html('<a href="{}"><bdi>{}</bdi></a>', reverse("desk:customer", args=[customer.pk]), customer.name)


def service(customer: Organisation) -> SafeString:
    """Whether the service period holds today, in word, colour and shape."""
    today = clock.local(clock.now()).date()
    if customer.service_to is None and customer.service_from is None:
        return markup.badge(_("not recorded"), "done", "circle-dashed")
    if customer.in_service(today):
        until = f"{customer.service_to:%Y-%m-%d}" if customer.service_to else "…"
        return markup.badge(_("until %(day)s") % {"day": until}, "nearly", "circle-check")
    return markup.badge(_("not in service"), "over", "alert-triangle")


class CustomerTable(Table):
    """The list of customers."""

    columns = (
        Column("name", _("Customer"), _name, sort=("name",), css="grow"),
        Column("city", _("City"), lambda customer: customer.city),
        Column("region", _("Region"), lambda customer: customer.region, sort=("region__position", "name")),
        Column("manager", _("Account manager"), lambda customer: customer.account_manager),
        Column("service", _("Service"), service, sort=("service_to",), css="keep"),
    )
    order = "name"


@require_GET
def customers(request: HttpRequest) -> HttpResponse:
    """The customers, found by name, pinyin initials, or a contact's name or number."""
    query = clean_line(request.GET.get("q", ""))[:100]
    user = visitor(request)
    table = CustomerTable(asked=request.GET.get("sort", ""))
    mine = request.GET.get("show") == "mine"

    def shown() -> QuerySet[Organisation]:
        rows = Organisation.objects.for_actor(user).filter(active=True)
        rows = rows.found_by(query) if query else rows
        rows = rows.filter(account_manager=user) if mine else rows
        return rows.select_related("region", "account_manager").order_by(*table.ordering())

    page = paged(shown, request.GET, None if query else ("customers", user.pk, mine, table.asked))
    found = {
        "query": query,
        "mine": mine,
        "head": table.head(lambda order: address(page.params, sort=order, page="")),
        "body": table.body(page.rows),
        "page": page,
    }
    return render(request, "desk/customers.html", found)


@require_GET
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: who they are, what runs there, what is open, what happened last."""
    user = visitor(request)
    rows = Organisation.objects.for_actor(user).select_related("region", "account_manager")
    found = get_object_or_404(rows, pk=pk)
    seen = Record.objects.for_actor(user).filter(customer=found, kind__in=registry.kinds()).select_related("handler")
    page: dict[str, Any] = {
        "customer": found,
        "service": service(found),
        "contacts": found.contacts.filter(active=True),
        "sites": found.sites.filter(active=True),
        "open": seen.filter(is_open=True).order_by(F("due_at").asc(nulls_last=True), "-id")[:15],
        "closed": seen.filter(is_open=False).order_by("-closed_at")[:8],
        "happened": _happened(seen),
        "vault": _vault(user, found),
        "boxes": [box for box in _boxes(user, found.pk) if box[1]],
        "starts": [process for process in registry.all_processes() if acts.may_create(process, user)],
    }
    return render(request, "desk/customer.html", page)


def _boxes(user: User, customer: int) -> list[tuple[Any, SafeString]]:
    """What processes show of a customer beside their open records."""
    beside = [process.beside_customer for process in registry.all_processes() if process.beside_customer is not None]
    return [(each.title, each.content(user, customer)) for each in beside]


def _vault(user: User, customer: Organisation) -> dict[str, Any] | None:
    """How the customer's platforms are reached, and who opened a password; for departments that work on records."""
    department = user.department.code if user.department else ""
    if not (user.sees_all or registry.kinds_of_department(department)):
        return None
    return {
        "accesses": Access.objects.of(customer.pk).select_related("site")[:10],
        "looks": Look.objects.at_customer(customer.pk)[:10],
    }


def _happened(seen: Any) -> list[tuple[Entry, str, str]]:
    """The last entries on the records that the visitor sees, as (entry, what, by whom)."""
    latest = list(seen.order_by("-updated_at").values_list("pk", flat=True)[:10])
    rows = (
        Entry.objects.filter(record__in=latest).select_related("record", "actor", "on_behalf_of").order_by("-at", "-id")
    )
    return [(entry, timelines.title(entry.record.kind, entry), timelines.who(entry)) for entry in rows[:12]]
