"""Who should work on a ticket (TKT-07 to TKT-12), which open ones are like it, and what merging and splitting bring."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from core import clock
from duty import roster
from people.actors import SYSTEM
from people.models import User
from search.grams import grams, plain
from tickets.events import TicketMerged, TicketSplit
from tickets.flow import DESK
from tickets.flow.joins import RESPONSE
from tickets.models import RoutingRule, Ticket
from workflow import links
from workflow.beside import act_of, perform_beside
from workflow.engine import perform
from workflow.facts import whenever
from workflow.models import Deadline, Record, Relation
from workflow.refusals import Refused
from workflow.watching import pass_on

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.functional import Promise

    from workflow.models import Entry

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
    present = User.objects.holding(role).present(clock.now(), KIND).annotate(near=Exists(near)).order_by("pk")
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
    director = directors.present(clock.now(), KIND).first() or directors.first()
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


# --- joining and parting ------------------------------------------------------------------------------------------
@whenever(TicketMerged)
def go_on_in_the_other(fact: TicketMerged) -> None:
    """The other ticket takes in what the duplicate had: issue, contact, those who read along, the longer wait."""
    entry, actor = act_of(fact.entry_id)
    duplicate: Any = Ticket.objects.select_related("contact").get(pk=fact.record_id)
    survivor = Ticket.objects.get(pk=fact.into_id)
    came: dict[str, Any] = {
        "merged": duplicate.number,
        "title": duplicate.title,
        "body": duplicate.body,
        "contact": duplicate.contact.name,
        "phone": duplicate.phone,
        "waiting_since": _waiting_since(duplicate, entry),
    }
    perform_beside(survivor, "take_in", actor=actor, data=came)
    links.join(duplicate, survivor, Relation.MERGED_INTO, actor)
    pass_on(duplicate, survivor, entry.at)


def _waiting_since(duplicate: Ticket, merged: Entry) -> datetime | None:
    """Since when the duplicate's reporter has waited for a response; None if there has been one."""
    ended = Deadline.objects.filter(record=duplicate.pk, timer=RESPONSE, closed_at=merged.at)
    return ended.filter(outcome=Deadline.Outcome.CANCELLED).values_list("started_at", flat=True).first()


@whenever(TicketSplit)
def make_a_ticket_of_its_own(fact: TicketSplit) -> None:
    """The second issue is recorded like any other, from now on; both tickets name each other."""
    entry, actor = act_of(fact.entry_id)
    origin = Ticket.objects.select_related("specialist").get(pk=fact.record_id)
    whose = actor.on_behalf_of or actor.user
    followed = None if whose is not None and DESK.includes(whose, origin) else origin.specialist
    made: Any = perform_beside(Ticket(specialist=followed), "record", actor=actor, data=fact.said).record
    links.join(made, origin, Relation.SPLIT_FROM, actor)
    links.trace(made, origin, Relation.SPLIT_FROM, actor)
    links.trace(origin, made, Relation.SPLIT_INTO, actor)
    if not roster.off_hours(entry.at):  # what comes in the night waits for the morning (OFH-13)
        _give(made)


def _give(ticket: Ticket) -> None:
    """Give it to whom the routing points; if there is nobody, it waits for a specialist."""
    with suppress(Refused):
        perform(ticket, "dispatch", actor=SYSTEM, data={})


def came_in(ticket: Ticket) -> list[Ticket]:
    """The duplicates that a ticket goes on for, and theirs; asks nothing of a ticket that has none."""
    found: list[Any] = []
    asked: list[int] = [ticket.pk] if ticket.took_in else []
    while asked:
        rows: list[Any] = list(Ticket.objects.filter(merged_into__in=asked).select_related("contact").order_by("pk"))
        found += rows
        asked = [row.pk for row in rows if row.took_in]
    return found


__all__ = ("HANDLING", "KIND", "Proposal", "came_in", "may_handle", "only_consultant", "propose", "similar")
