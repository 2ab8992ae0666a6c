"""What is counted of tickets, by what it is divided, and which dashboards the desk's people have.

The conditions on deadlines and work stand here for the numbers and for the list's filters alike.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import CharField, Q
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from people.models import Region
from reports.declared import (
    Board,
    Dimension,
    Measure,
    Reports,
    Scope,
    Source,
    Words,
    customers,
    people,
    people_and_roles,
    terms,
)
from tickets.flow import State
from tickets.models import Channel, IssueType, Severity
from workflow.models import Deadline

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from people.models import User

RESPONSE = "ticket.response"
_DAY = timedelta(days=1)
AGES: dict[str, tuple[Promise, timedelta, timedelta | None]] = {
    "day": (_("Up to 1 day"), timedelta(0), _DAY),
    "days": (_("1 to 3 days"), _DAY, 3 * _DAY),
    "week": (_("3 to 7 days"), 3 * _DAY, 7 * _DAY),
    "longer": (_("Over 7 days"), 7 * _DAY, None),
}
"""How long work has waited: the words, from, and up to."""


def promised(stem: str = "") -> Q:
    """The response deadlines. Each outcome is named, so that the index by timer, outcome and time gives them."""
    return Q(**{f"{stem}timer": RESPONSE, f"{stem}outcome__in": Deadline.Outcome.values})


def kept(stem: str = "") -> Q:
    """Those that were kept in time."""
    return Q(**{f"{stem}outcome": Deadline.Outcome.MET})


def missed(now: datetime, stem: str = "") -> Q:
    """Those whose time has passed unmet, whatever came of them later."""
    running = Q(**{f"{stem}closed_at__isnull": True, f"{stem}due_at__lt": now})
    return Q(**{f"{stem}missed_at__isnull": False}) | running


def aged(now: datetime, age: str, stem: str = "") -> Q:
    """Work that has waited for so long."""
    _label, least, most = AGES[age]
    older = Q(**{f"{stem}since__lte": now - least}) if least else Q()
    return older & (Q(**{f"{stem}since__gt": now - most}) if most else Q())


ACCEPTED = Source("accepted", moment="accepted_at")
RESOLVED = Source("resolved", moment="resolved_at")
RESPONSES = Source("responses", moment="deadlines__due_at", where=lambda _now: promised("deadlines__"), several=True)
BACKLOG = Source("backlog", where=lambda _now: Q(is_open=True))
WORK = Source("work", where=lambda _now: Q(work_items__done_at__isnull=True, work_items__isnull=False), several=True)

MEASURES = (
    Measure("accepted", _("Newly accepted"), ACCEPTED, days="accepted", tone="new"),
    Measure("resolved", _("Resolved"), RESOLVED, days="resolved", tone="nearly"),
    Measure("open", _("Open now"), BACKLOG, preset="open", tone="active"),
    Measure("overdue", _("Overdue now"), BACKLOG, lambda now: Q(due_at__lt=now), preset="overdue", tone="over"),
    Measure(
        "kept",
        _("Response kept"),
        RESPONSES,
        lambda _now: kept("deadlines__"),
        days="response",
        also={"response": "kept"},
        tone="nearly",
    ),
    Measure(
        "missed",
        _("Response missed"),
        RESPONSES,
        lambda now: missed(now, "deadlines__"),
        days="response",
        also={"response": "missed"},
        tone="over",
    ),
)


def _waited(age: str) -> Measure:
    tone = {"day": "nearly", "days": "active", "week": "aside", "longer": "over"}[age]
    label = AGES[age][0]
    return Measure(age, label, WORK, lambda now: aged(now, age, "work_items__"), also={"waiting": age}, tone=tone)


def _asks_party(key: str) -> dict[str, str]:
    return {"waits_for": key} if key.isdigit() else {"waits_role": key}


def _state(key: str) -> str:
    return str(State(key).label)


DIMENSIONS = (
    Dimension("severity", _("Severity"), "severity", terms(Severity)),
    Dimension("issue_type", _("Issue type"), "issue_type", terms(IssueType)),
    Dimension("channel", _("Channel"), "channel", terms(Channel)),
    Dimension("region", _("Region"), "customer__region", terms(Region)),
    Dimension("handler", _("Handler"), "handler", people, many=True, none=_("nobody yet")),
    Dimension("customer", _("Customer"), "customer", customers, many=True),
    Dimension("state", _("State"), "state", words=_state),
)
WAITING = Dimension(
    "waits_for",
    _("Who waits for whom"),
    Coalesce(Cast("work_items__user", CharField()), "work_items__role"),
    people_and_roles,
    many=True,
    asks=_asks_party,
)


def _mine(label: Promise, path: str, name: str) -> Scope:
    return Scope(label, lambda user: Q(**{path: user}), lambda user: _self(name, user))


def _self(name: str, user: User) -> dict[str, str]:
    return {name: str(user.pk)}


ENGINEERS = ("support_engineer", "trainer", "training_lead", "consultant", "upgrade_lead")
ACCOUNT_MANAGERS = ("account_manager", "senior_account_manager")
BOARDS = (
    Board(
        "specialist",
        _("Accepted by me"),
        _mine(_("Tickets that I accepted"), "specialist", "specialist"),
        ("issue_type", "channel", "severity"),
        ("customer_specialist",),
    ),
    Board(
        "account_manager",
        _("My customers"),
        _mine(_("Tickets of my customers"), "customer__account_manager", "account_manager"),
        ("customer", "severity", "issue_type"),
        ACCOUNT_MANAGERS,
    ),
    Board(
        "engineer",
        _("With me"),
        _mine(_("Tickets that are or were last with me"), "handler", "handler"),
        ("severity", "issue_type", "customer"),
        ENGINEERS,
    ),
    Board("all", _("All"), Scope(_("All tickets that I may see")), ("handler", "severity", "region")),
)
REPORTS = Reports(
    measures=MEASURES,
    dimensions=DIMENSIONS,
    boards=BOARDS,
    trend=("accepted", "resolved", "kept", "missed"),
    share=("kept", "missed"),
    waits=tuple(_waited(age) for age in AGES),
    waiting=WAITING,
    words=Words(
        share=_("Share of responses kept"),
        rate=_("Kept"),
        outcome=_("Response kept and missed"),
        flow=_("Accepted and resolved"),
        waits=_("How long it has waited"),
    ),
)
