"""What the portfolio shows of each execution, read in two narrow queries whatever hangs on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, markup
from core.prepared import tuples, tuples_of
from execution.flow import Lane, Progress, State
from execution.models import Execution, PlanItem
from execution.models.look import SETTLED, Look
from execution.panels import LANE_ICONS
from reports.periods import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from people.models import User

SHOWN_ITEMS = 3
TONES: dict[str, str | Promise] = {
    "done": gettext_lazy("all done"),
    "active": gettext_lazy("under way"),
    "new": gettext_lazy("can be begun"),
    "aside": gettext_lazy("waits for other work"),
    "over": gettext_lazy("overdue"),
}
"""How a lane of one execution stands, by the tone in which it is shown."""


@dataclass(frozen=True)
class LaneSum:
    """What is open of a lane in all executions that somebody sees."""

    lane: str
    label: str
    icon: str
    open: int
    overdue: int
    amount: str


@dataclass(slots=True)
class Item(Look):
    """What is read of an item; `ready_at` is empty as long as something else comes first."""

    execution: int
    lane: str
    progress: str
    due_on: date | None
    ready_at: datetime | None
    amount: Decimal | None
    key: str
    title: str
    instalment: str
    owner: str
    login: str


@dataclass
class Line:
    """One execution with its items in their order; `customer` and `company` are its customer's two names."""

    items: list[Item]
    at: datetime
    pk: int
    number: str
    title: str
    state: str
    stuck_since: datetime
    customer: str
    company: str
    contract: str

    @property
    def standing_for(self) -> str:
        """For how long it has stood still; empty while it goes on in time."""
        return markup.length(self.at - self.stuck_since) if self.stuck_since <= self.at else ""

    @property
    def whole(self) -> str:
        """What all of it waits for, where that is no item."""
        words = {State.STARTED: _("not taken up yet"), State.CONFIRMING: _("Serv101 waits for the service director")}
        words[State.SIGNED] = _("signed, to be filed")
        done = "" if any(not item.is_settled for item in self.items) else _("all done, to be confirmed")
        return words.get(State(self.state), done)

    @property
    def ready(self) -> list[Item]:
        """What can be done now: by the day on which it is due, and then what has no day, by how long it has waited."""
        waiting = [
            (item.due_on is None, item.due_on or clock.local(item.ready_at).date(), item)
            for item in self.items
            if item.ready_at is not None
        ]
        return [item for *_order, item in sorted(waiting, key=itemgetter(0, 1))]

    @cached_property
    def lanes(self) -> dict[str, tuple[str, int, int]]:
        """The lanes that it has: the tone of each, how many of its items are settled, and how many there are."""
        of: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            of[item.lane].append(item)
        day = clock.local(self.at).date()
        return {lane: _standing(items, day) for lane, items in of.items()}

    @property
    def unpaid(self) -> str:
        """What the customer has not paid yet (CNY); empty for nothing."""
        return money(item.amount for item in self._unpaid)

    @property
    def overdue_amount(self) -> str:
        """What of it should have been paid."""
        day = clock.local(self.at).date()
        return money(item.amount for item in self._unpaid if item.is_late(day))

    @property
    def _unpaid(self) -> list[Item]:
        return [item for item in self.items if item.lane == Lane.MONEY and not item.is_settled]


def _standing(items: Sequence[Item], day: date) -> tuple[str, int, int]:
    still = [item for item in items if not item.is_settled]
    if not still:
        tone = "done"
    elif any(item.is_late(day) for item in still):
        tone = "over"
    elif all(item.ready_at is None for item in still):
        tone = "aside"
    else:
        tone = "active" if any(item.progress == Progress.IN_PROGRESS for item in still) else "new"
    return tone, len(items) - len(still), len(items)


def money(amounts: Iterable[Decimal | None]) -> str:
    """A sum as it is read; empty for nothing."""
    total = sum(filter(None, amounts), Decimal(0))
    return f"{total:,.2f}" if total else ""


def lines(keys: Sequence[int], at: datetime) -> list[Line]:
    """The executions of some keys in the order of these; two queries."""
    items: dict[int, list[Item]] = defaultdict(list)
    for row in tuples_of("portfolio, items", _items, keys):
        items[row[0]].append(Item(*row))
    found = {row[0]: Line(items[row[0]], at, *row) for row in tuples_of("portfolio", _executions, keys)}
    return [found[key] for key in keys if key in found]


def _executions(*keys: int) -> QuerySet[Any, Any]:
    own = ("pk", "number", "title", "state", "stuck_since")
    rows = Execution.objects.filter(pk__in=keys)
    found: QuerySet[Any, Any] = rows.values_list(*own, "customer__short_name", "customer__name", "carries_out__number")
    return found


def _items(*keys: int) -> QuerySet[Any, Any]:
    own = ("execution_id", "lane", "progress", "due_on", "ready_at", "amount", "key", "title", "instalment")
    rows = PlanItem.objects.filter(execution__in=keys).order_by("execution_id", "position")
    return rows.values_list(*own, "owner__display_name", "owner__username")


def open_items() -> QuerySet[PlanItem]:
    """What is to be done in all executions that are under way; of one that has ended, nothing is done any more."""
    ended = Execution.objects.filter(kind="execution", state=State.TERMINATED)
    return PlanItem.objects.exclude(progress__in=SETTLED).exclude(execution__in=ended.values("pk"))


def sums(user: User) -> list[LaneSum]:
    """What is open and overdue of each lane, with its money; one query."""
    seen = Execution.objects.for_actor(user)
    if seen.query.has_filters():
        counted = list(_counted(today()).filter(execution__in=seen.values("pk")))
    else:
        counted = tuples("portfolio, sums", _counted, today())
    found = {lane: numbers for lane, *numbers in counted}
    told = []
    for lane in Lane:
        still, late, amount = found.get(lane.value, (0, 0, None))
        told.append(LaneSum(lane.value, str(lane.label), LANE_ICONS[lane], still, late, money([amount])))
    return told


def _counted(day: date) -> QuerySet[Any, Any]:
    late = Count("lane", filter=Q(due_on__lt=day))
    return open_items().order_by().values_list("lane").annotate(Count("lane"), late=late, sum=Sum("amount"))
