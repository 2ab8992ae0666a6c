"""Who should work on a ticket (TKT-07 to TKT-12), and which open tickets are like a new one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import User
from search.grams import grams, plain
from tickets.models import RoutingRule, Ticket
from workflow.models import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise

CONSULTANT = "consultant"
HANDLING = (
    "support_engineer",
    "trainer",
    "training_lead",
    "account_manager",
    "senior_account_manager",
    "customer_specialist",
    "upgrade_lead",
    "service_director",
    CONSULTANT,
)
"""The roles whose holders can be given a ticket."""
KIND = "ticket"
EMERGENCY_HOTLINE = "emergency_hotline"
CRITICAL = "critical"
SIMILAR = 5
_LOOKED_AT = 60


@dataclass(frozen=True)
class Proposal:
    """Whom the routing points to, under which rule, and why in words of either language; `user` None for nobody."""

    user: User | None
    role: str
    rule: str
    why: Promise | str


def propose(ticket: Any) -> Proposal:
    """Whom type, region and workload point to; the account manager, then a director, where they point to nobody."""
    route = _route(ticket)
    if route is None:
        return _fallback(ticket, "", _("No routing rule is in force for this type."))
    if route.role is None:
        return _to_account_manager(ticket, route)
    found = _holder(ticket, route.role.code)
    if found is None:
        return _fallback(ticket, route.rule, _told(_("Nobody with the role %(role)s is present."), role=route.role))
    person, open_tickets, near = found
    message = (
        _("%(type)s: %(role)s. %(person)s looks after %(region)s and has %(count)s open tickets, the fewest there.")
        if near
        else _("%(type)s: %(role)s. Nobody looks after %(region)s; %(person)s has %(count)s open tickets, the fewest.")
    )
    why = _told(
        message,
        type=ticket.issue_type,
        role=route.role,
        person=person,
        region=ticket.customer.region,
        count=open_tickets,
    )
    return Proposal(person, route.role.code, route.rule, why)


def _route(ticket: Any) -> RoutingRule | None:
    """The rule that names most of what the ticket is; of equals, the older one."""
    rules = RoutingRule.objects.filter(
        Q(subtype__isnull=True) | Q(subtype=ticket.subtype_id),
        Q(region__isnull=True) | Q(region=ticket.customer.region_id),
        issue_type=ticket.issue_type_id,
        active=True,
    )
    fitting = rules.select_related("role").order_by("id")
    return max(fitting, key=lambda r: ((r.subtype_id is not None) + (r.region_id is not None), -r.pk), default=None)


def _holder(ticket: Any, role: str) -> tuple[User, int, bool] | None:
    """Of those present: who looks after the region, then who has the fewest open tickets, then who came first."""
    near = User.regions.through._default_manager.filter(user_id=OuterRef("pk"), region_id=ticket.customer.region_id)
    present = User.objects.holding(role).present(clock.now()).annotate(near=Exists(near)).order_by("pk")
    candidates: list[Any] = list(present)
    if not candidates:
        return None
    load = _open_tickets(candidates)
    chosen = min(candidates, key=lambda user: (not user.near, load[user.pk], user.pk))
    return chosen, load[chosen.pk], bool(chosen.near)


def _open_tickets(people: Sequence[User]) -> Counter[int]:
    rows = Record.objects.filter(kind=KIND, is_open=True, handler__in=[person.pk for person in people])
    return Counter(dict(rows.order_by().values_list("handler").annotate(number=Count("pk"))))


def _to_account_manager(ticket: Any, route: RoutingRule) -> Proposal:
    manager = _account_manager(ticket)
    if manager is None:
        return _fallback(ticket, route.rule, _("The customer has no account manager who works here."))
    why = _told(_("%(type)s: the customer's account manager."), type=ticket.issue_type)
    return Proposal(manager, "account_manager", route.rule, why)


def _account_manager(ticket: Any) -> User | None:
    manager: User | None = ticket.customer.account_manager
    return manager if manager is not None and manager.is_active else None


def _fallback(ticket: Any, rule: str, because: Promise | str) -> Proposal:
    """Nobody is left without a handler: the account manager takes it, or else a director."""
    if (manager := _account_manager(ticket)) is not None:
        why = _told(_("%(because)s It goes to the customer's account manager."), because=because)
        return Proposal(manager, "account_manager", rule, why)
    directors = User.objects.holding("service_director").order_by("pk")
    director = directors.present(clock.now()).first() or directors.first()
    if director is not None:
        why = _told(
            _("%(because)s The customer has no account manager either. It goes to a service director."), because=because
        )
        return Proposal(director, "service_director", rule, why)
    return Proposal(None, "", rule, _told(_("%(because)s There is nobody to give it to."), because=because))


def _format(message: Any, values: dict[str, Any]) -> str:
    return str(message) % values


def _told(message: Any, **values: Any) -> Promise | str:
    """A sentence about rows, put together in the language in which it is read."""
    return lazy(_format, str)(message, values)


def may_handle(user: User) -> bool:
    """Whether a ticket can be given to somebody."""
    return user.is_active and not user.is_customer and user.has_role(*HANDLING)


def only_consultant(user: User) -> bool:
    """Whether somebody can be given a ticket as a consultant and as nothing else (TKT-12)."""
    return user.has_role(CONSULTANT) and not user.has_role(*(code for code in HANDLING if code != CONSULTANT))


def similar(customer_id: int | None, title: str, user: User) -> list[Ticket]:
    """Open tickets of the customer that the person may see and whose title has most in common with the given one."""
    wanted = grams(plain(title))
    if customer_id is None or not wanted:
        return []
    rows = Ticket.objects.for_actor(user).filter(customer=customer_id, is_open=True).listed().order_by("-pk")
    shared: list[tuple[int, Any]] = [(len(wanted & grams(plain(ticket.title))), ticket) for ticket in rows[:_LOOKED_AT]]
    ranked = sorted((pair for pair in shared if pair[0]), key=lambda pair: (-pair[0], -pair[1].pk))
    return [ticket for _shared, ticket in ranked[:SIMILAR]]


__all__ = ("HANDLING", "KIND", "Proposal", "may_handle", "only_consultant", "propose", "similar")
