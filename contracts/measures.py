"""What is counted of contracts: submitted and approved, decided in time, how long steps took, returns, discounts.

The conditions stand here for the numbers and for the list's filters alike.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import CharField, F, Max, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contracts.flow import State
from contracts.models import Contract
from people.models import Region
from reports.declared import (
    Board,
    Dimension,
    Measure,
    Reports,
    Scope,
    Source,
    Table,
    Words,
    customers,
    people,
    people_and_roles,
    terms,
)
from workflow.models import Deadline, Ground, Opinion, Round, Step

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from people.models import User

DECISION = "contract.decision"
_DAY = timedelta(days=1)
SPEEDS: dict[str, tuple[Promise, timedelta, timedelta | None]] = {
    "day": (_("Up to 1 day"), timedelta(0), _DAY),
    "days": (_("1 to 3 days"), _DAY, 3 * _DAY),
    "week": (_("3 to 7 days"), 3 * _DAY, 7 * _DAY),
    "longer": (_("Over 7 days"), 7 * _DAY, None),
}
"""How long a step took: the words, longer than, and up to."""
BANDS: dict[str, tuple[Promise, Decimal | None, Decimal | None]] = {
    "none": (_("No discount"), None, Decimal(0)),
    "ten": (_("Up to 10 %"), Decimal(0), Decimal(10)),
    "twenty": (_("10 to 20 %"), Decimal(10), Decimal(20)),
    "thirty": (_("20 to 30 %"), Decimal(20), Decimal(30)),
    "more": (_("Over 30 %"), Decimal(30), None),
}
"""How much is granted on the list price: the words, more than, and up to, in per cent."""


def decided(now: datetime, how: str = "", stem: str = "") -> Q:
    """The deadlines of decisions: all of them, or those that were kept, or missed."""
    which = Q(**{f"{stem}timer": DECISION, f"{stem}outcome__in": Deadline.Outcome.values})
    if how == "kept":
        which &= Q(**{f"{stem}outcome": Deadline.Outcome.MET})
    elif how == "missed":
        running = Q(**{f"{stem}closed_at__isnull": True, f"{stem}due_at__lt": now})
        which &= Q(**{f"{stem}missed_at__isnull": False}) | running
    return which


def returned(stem: str = "") -> Q:
    """Rounds that ended because somebody sent the contract back."""
    return Q(**{f"{stem}outcome": Round.Outcome.RETURNED})


def against(stem: str = "") -> Q:
    """Opinions by which a contract was sent back or rejected."""
    return Q(**{f"{stem}decision__in": [Opinion.Decision.RETURNED, Opinion.Decision.REJECTED]})


def stepped(speed: str = "", outcome: str = "", stem: str = "") -> Q:
    """Steps that somebody ended, by how long they took and how they ended."""
    ended = [outcome] if outcome else [Step.Outcome.PASSED, Step.Outcome.RETURNED, Step.Outcome.REJECTED]
    which = Q(**{f"{stem}outcome__in": ended, f"{stem}closed_at__isnull": False})
    if speed in SPEEDS:
        _label, least, most = SPEEDS[speed]
        since = F(f"{stem}opened_at")
        if least:
            which &= Q(**{f"{stem}closed_at__gt": since + least})
        if most is not None:
            which &= Q(**{f"{stem}closed_at__lte": since + most})
    return which


def discounted(band: str) -> Q:
    """Contracts by how much is granted on their list price."""
    _label, more, most = BANDS[band]
    which = Q(list_amount__gt=0)
    if more is not None:
        which &= Q(amount__lt=F("list_amount") * (1 - more / 100))
    if most is not None:
        which &= Q(amount__gte=F("list_amount") * (1 - most / 100))
    return which


SUBMITTED = Source("submitted", moment="submitted_at")
APPROVED = Source("approved", moment="approved_at")
BACKLOG = Source("backlog", where=lambda _now: Q(is_open=True))
RETURNS = Source("returns", moment="rounds__ended_at", where=lambda _now: returned("rounds__"), several=True)
DECISIONS = Source(
    "decisions", moment="deadlines__due_at", where=lambda now: decided(now, "", "deadlines__"), several=True
)
STEPS = Source(
    "steps",
    moment="rounds__steps__closed_at",
    where=lambda _now: stepped(stem="rounds__steps__"),
    several=True,
)
_SAID = "rounds__steps__seats__opinion__"
AGAINST = Source("against", moment=f"{_SAID}at", where=lambda _now: against(_SAID), several=True)
WORK = Source("work", where=lambda _now: Q(work_items__done_at__isnull=True, work_items__isnull=False), several=True)

MEASURES = (
    Measure("submitted", _("Submitted"), SUBMITTED, days="submitted", tone="new"),
    Measure("approved", _("Approved"), APPROVED, days="approved", tone="nearly"),
    Measure("returned", _("Sent back"), RETURNS, days="returned", tone="aside"),
    Measure("open", _("Open now"), BACKLOG, preset="open", tone="active"),
    Measure("overdue", _("Overdue now"), BACKLOG, lambda now: Q(due_at__lt=now), preset="overdue", tone="over"),
    Measure(
        "kept",
        _("Decided in time"),
        DECISIONS,
        lambda now: decided(now, "kept", "deadlines__"),
        days="decision",
        also={"decision": "kept"},
        tone="nearly",
    ),
    Measure(
        "missed",
        _("Decided late"),
        DECISIONS,
        lambda now: decided(now, "missed", "deadlines__"),
        days="decision",
        also={"decision": "missed"},
        tone="over",
    ),
)


def _took(speed: str) -> Measure:
    tone = {"day": "nearly", "days": "active", "week": "aside", "longer": "over"}[speed]
    return Measure(
        f"took_{speed}",
        SPEEDS[speed][0],
        STEPS,
        lambda _now: stepped(speed, stem="rounds__steps__"),
        days="step",
        also={"speed": speed},
        tone=tone,
    )


def _sent_back() -> Measure:
    outcome = Step.Outcome.RETURNED.value
    return Measure(
        "sent_back",
        _("Sent back"),
        STEPS,
        lambda _now: stepped(outcome=outcome, stem="rounds__steps__"),
        days="step",
        also={"ended": outcome},
        tone="aside",
    )


def _against(decision: Opinion.Decision, label: Promise, tone: str) -> Measure:
    return Measure(
        f"against_{decision}",
        label,
        AGAINST,
        lambda _now: Q(**{f"{_SAID}decision": decision}),
        days="against",
        also={"against": decision.value},
        tone=tone,
    )


def _granted(band: str) -> Measure:
    tone = {"none": "nearly", "ten": "active", "twenty": "new", "thirty": "aside", "more": "over"}[band]
    return Measure(
        f"granted_{band}",
        BANDS[band][0],
        APPROVED,
        lambda _now: discounted(band),
        days="approved",
        also={"band": band},
        tone=tone,
    )


def _asks_party(key: str) -> dict[str, str]:
    return {"waits_for": key} if key.isdigit() else {"waits_role": key}


def _steps(keys: Collection[str]) -> list[QuerySet[Any, Any]]:
    """The names of steps, as they were called in rounds."""
    known = Step.objects.filter(code__in=keys).order_by().values("code")
    return [known.annotate(zh=Max("name_zh"), en=Max("name_en")).values_list("code", "zh", "en", Value(0))]


BUSINESS = Dimension("business", _("Kind of contract"), "business", words=lambda key: str(Contract.Business(key).label))
STEP = Dimension("step", _("Step"), "rounds__steps__code", names=_steps)
GROUND = Dimension("ground", _("Kind of reason"), f"{_SAID}ground", terms(Ground), none=_("no reason of a kind"))
DIMENSIONS = (
    BUSINESS,
    Dimension("form", _("Class"), "form", words=lambda key: str(Contract.Form(key).label)),
    Dimension("region", _("Region"), "customer__region", terms(Region)),
    Dimension(
        "handler", pgettext_lazy("contract", "Author"), "handler", people, many=True, none=_("nobody responsible yet")
    ),
    Dimension("customer", _("Customer"), "customer", customers, many=True),
    Dimension("state", _("State"), "state", words=lambda key: str(State(key).label)),
)
WAITING = Dimension(
    "waits_for",
    _("Who is waited for"),
    Coalesce(Cast("work_items__user", CharField()), "work_items__role"),
    people_and_roles,
    many=True,
    asks=_asks_party,
)


def _mine(user: User) -> dict[str, str]:
    return {"handler": str(user.pk)}


AUTHORS = ("sales_manager", "account_manager", "senior_account_manager")
BOARDS = (
    Board("all", _("All"), Scope(_("All contracts that I may see")), ("business", "handler")),
    Board(
        "mine",
        _("Mine"),
        Scope(_("Contracts that I wrote"), lambda user: Q(handler=user), _mine),
        ("business", "customer"),
        AUTHORS,
    ),
)
REPORTS = Reports(
    measures=MEASURES,
    dimensions=DIMENSIONS,
    boards=BOARDS,
    trend=("submitted", "approved", "kept", "missed"),
    share=("kept", "missed"),
    waits=(Measure("waiting", _("Waits"), WORK, tone="aside"),),
    waiting=WAITING,
    tables=(
        Table("cycle", _("How long each step took"), tuple(_took(speed) for speed in SPEEDS), STEP),
        Table(
            "grounds",
            _("Why it was sent back or rejected"),
            (
                _against(Opinion.Decision.RETURNED, _("Sent back"), "aside"),
                _against(Opinion.Decision.REJECTED, _("Rejected"), "over"),
            ),
            GROUND,
        ),
        Table("back", _("At which step it was sent back"), (_sent_back(),), STEP),
        Table("discounts", _("Discounts granted"), tuple(_granted(band) for band in BANDS), BUSINESS),
    ),
    words=Words(
        share=_("Share of decisions in time"),
        rate=_("Rate in time"),
        outcome=_("Decided in time and late"),
        flow=_("Submitted and approved"),
        waits=_("What waits"),
    ),
)
