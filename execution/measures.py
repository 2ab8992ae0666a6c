"""What is counted of executions, by what it is divided, and which dashboards there are.

The conditions on promised days stand here for the numbers and for the list's filters alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, F, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from execution.flow import Lane, State
from people.models import Region
from reports.declared import Board, Dimension, Measure, Reports, Scope, Source, Words, customers, people, terms
from reports.periods import today
from workflow.models import Deadline

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User

TIMERS = [f"execution.{lane}" for lane in Lane]


def promised(stem: str = "") -> Q:
    """The deadlines of promised days."""
    return Q(**{f"{stem}timer__in": TIMERS, f"{stem}outcome__in": Deadline.Outcome.values})


def kept(stem: str = "") -> Q:
    """Those that were kept in time."""
    return Q(**{f"{stem}outcome": Deadline.Outcome.MET})


def missed(now: datetime, stem: str = "") -> Q:
    """Those whose day has passed unmet, whatever came of them later."""
    running = Q(**{f"{stem}closed_at__isnull": True, f"{stem}due_at__lt": now})
    return Q(**{f"{stem}missed_at__isnull": False}) | running


STARTED = Source("started", moment="created_at")
CARRIED_OUT = Source("carried_out", moment="closed_at", where=lambda _now: Q(state=State.ARCHIVED))
UNDER_WAY = Source("under_way", where=lambda _now: Q(is_open=True))
PROMISES = Source("promises", moment="deadlines__due_at", where=lambda _now: promised("deadlines__"), several=True)
TO_DO = Source("to_do", where=lambda _now: Q(is_open=True, items__progress__in=["open", "in_progress"]), several=True)

MEASURES = (
    Measure("started", _("Started"), STARTED, days="started", tone="new"),
    Measure("carried_out", _("Carried out"), CARRIED_OUT, days="closed", also={"state": "archived"}, tone="nearly"),
    Measure("open", _("Under way"), UNDER_WAY, preset="open", tone="active"),
    Measure(
        "late",
        _("With something overdue"),
        UNDER_WAY,
        lambda _now: Q(next_due_on__lt=today()),
        preset="open",
        also={"late": "yes"},
        tone="over",
    ),
    Measure(
        "kept",
        _("Promised day kept"),
        PROMISES,
        lambda _now: kept("deadlines__"),
        days="promise",
        also={"promise": "kept"},
        tone="nearly",
    ),
    Measure(
        "missed",
        _("Promised day missed"),
        PROMISES,
        lambda now: missed(now, "deadlines__"),
        days="promise",
        also={"promise": "missed"},
        tone="over",
    ),
)
ITEMS = Measure("items", _("Items to be done"), TO_DO, preset="open", tone="active")


def _state(key: str) -> str:
    return str(State(key).label)


DIMENSIONS = (
    Dimension("state", _("State"), "state", words=_state),
    Dimension("handler", _("Account manager"), "handler", people, many=True, none=_("nobody responsible yet")),
    Dimension("region", _("Region"), "customer__region", terms(Region)),
    Dimension("customer", _("Customer"), "customer", customers, many=True),
)
WAITING = Dimension(
    "owner",
    _("Who waits for whom"),
    Cast(F("items__owner"), CharField()),
    people,
    many=True,
    none=_("nobody responsible yet"),
)


def _mine(user: User) -> dict[str, str]:
    return {"handler": str(user.pk)}


BOARDS = (
    Board(
        "executions",
        _("My contracts"),
        Scope(_("Contracts that I carry out"), lambda user: Q(handler=user), _mine),
        ("state", "customer"),
        ("account_manager", "senior_account_manager"),
    ),
    Board("all_executions", _("All"), Scope(_("All contracts that I may see")), ("state", "handler", "region")),
)
REPORTS = Reports(
    measures=MEASURES,
    dimensions=DIMENSIONS,
    boards=BOARDS,
    trend=("started", "carried_out", "kept", "missed"),
    share=("kept", "missed"),
    waits=(ITEMS,),
    waiting=WAITING,
    words=Words(
        share=_("Share of items done in time"),
        rate=_("Rate in time"),
        outcome=_("Items done in time and late"),
        flow=_("Started and carried out"),
        waits=_("What waits"),
    ),
)
