"""The portfolio: every contract in execution, what stands still longest first, and what is open of each lane."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum, prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import clock, markup
from core.faces import Page, Shown
from execution.flow import Lane, Progress, State
from execution.models import Execution, PlanItem
from execution.models.item import SETTLED
from execution.panels import LANE_ICONS
from reports.periods import today

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from people.models import User

PAGE = 25
_LONGEST_PAGE = 6
SHOWN_ITEMS = 3


@dataclass(frozen=True)
class LaneSum:
    """What is open of a lane in all executions that somebody sees."""

    lane: str
    label: str
    icon: str
    open: int
    overdue: int
    amount: str


@dataclass(frozen=True)
class Mark:
    """How far a lane of one execution is; its tone is `aside` while it waits for another lane."""

    label: str
    icon: str
    tone: str
    words: str


@dataclass(frozen=True)
class Line:
    """One execution in the portfolio."""

    execution: Execution
    state: str
    since: datetime | None
    standing_for: str
    waits_for: list[tuple[PlanItem, SafeString]]
    more: int
    marks: list[Mark]
    unpaid: str
    overdue_amount: str


@require_GET
def portfolio(request: HttpRequest) -> Shown:
    """All that is under way and that the visitor may see; narrowed to a lane in which something is open."""
    user: Any = request.user
    lane = request.GET.get("lane", "")
    lane = lane if lane in Lane.values else ""
    rows = Execution.objects.for_actor(user).stuck_longest()
    if lane:
        rows = rows.filter(pk__in=_open_items().filter(lane=lane).values("execution_id"))
    number = request.GET.get("page", "1")
    number = number if number.isascii() and number.isdigit() and len(number) < _LONGEST_PAGE else "1"
    page: Any = _Pages(rows.select_related("carries_out", "customer", "handler", "specialist"), PAGE).get_page(number)
    now = clock.now()
    return Shown(
        "execution/portfolio.html",
        {
            "lines": [_line(execution, now) for execution in _with_items(page)],
            "page": page,
            "sums": sums(user),
            "lane": lane,
            "lane_label": Lane(lane).label if lane else "",
        },
    )


class _Pages(Paginator):  # type: ignore[type-arg] # not generic at run time
    """Pages of executions; they are counted without what is only shown."""

    @cached_property
    def count(self) -> int:
        """How many there are."""
        rows: Any = self.object_list
        return int(rows.order_by().values("pk").count())


def _with_items(page: Any) -> list[Execution]:
    """The executions of a page with their items, which are read together."""
    found: list[Execution] = list(page.object_list)
    prefetch_related_objects(found, "items__owner")
    return found


def _line(execution: Execution, now: datetime) -> Line:
    plan = execution.plan
    waits = sorted(plan.ready(), key=lambda item: (item.due_at or item.ready_at or now, item.position))
    money = plan.unsettled(Lane.MONEY)
    since = execution.stuck_since
    stands = since is not None and since <= now
    shown = [(item, markup.left(item.due_at) if item.due_at else SafeString()) for item in waits[:SHOWN_ITEMS]]
    return Line(
        execution,
        _standing(execution),
        since if stands else None,
        markup.length(now - since) if since is not None and stands else "",
        shown,
        max(0, len(waits) - SHOWN_ITEMS),
        [_mark(execution, lane, now) for lane in Lane if plan.of(lane)],
        _money(item.amount for item in money),
        _money(item.amount for item in money if item.is_overdue(now)),
    )


def _standing(execution: Execution) -> str:
    """What the whole of it waits for, where it is no item."""
    words = {State.STARTED: _("not taken up yet"), State.CONFIRMING: _("Serv101 waits for the service director")}
    words[State.SIGNED] = _("signed, to be filed")
    done = "" if execution.plan.unsettled() else _("all done, to be confirmed")
    return words.get(State(execution.state), done)


def _money(amounts: Iterable[Decimal | None]) -> str:
    """A sum as it is read; empty for nothing."""
    total = sum(filter(None, amounts), Decimal(0))
    return f"{total:,.2f}" if total else ""


def _mark(execution: Execution, lane: Lane, now: datetime) -> Mark:
    plan = execution.plan
    items = plan.of(lane)
    still = plan.unsettled(lane)
    if not still:
        tone = "done"
    elif any(item.is_overdue(now) for item in still):
        tone = "over"
    elif all(plan.blockers(item) for item in still):
        tone = "aside"
    else:
        tone = "active" if any(item.progress == Progress.IN_PROGRESS for item in still) else "new"
    return Mark(str(lane.label), LANE_ICONS[lane], tone, f"{len(items) - len(still)}/{len(items)}")


def _open_items() -> QuerySet[PlanItem]:
    return PlanItem.objects.exclude(progress__in=SETTLED).filter(execution__stuck_since__isnull=False)


def sums(user: User) -> list[LaneSum]:
    """What is open and overdue of each lane, with its money; one query."""
    rows = _open_items()
    seen = Execution.objects.for_actor(user)
    if not user.sees_all:
        rows = rows.filter(execution__in=seen.values("pk"))
    late = Q(due_on__lt=today())
    counted = rows.values("lane").annotate(open=Count("pk"), overdue=Count("pk", filter=late), sum=Sum("amount"))
    found = {row["lane"]: row for row in counted.order_by()}
    nothing: dict[str, Any] = {"open": 0, "overdue": 0, "sum": None}
    lines = []
    for lane in Lane:
        row = found.get(lane.value, nothing)
        amount = _money([row["sum"]])
        lines.append(LaneSum(lane.value, str(lane.label), LANE_ICONS[lane], row["open"], row["overdue"], amount))
    return lines


PAGES = (Page("portfolio/", "execution-portfolio", portfolio),)

__all__ = ("PAGES", "portfolio")
