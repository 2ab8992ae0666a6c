"""The board: a lane for each kind of work with its items, what they wait for, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from core import clock, markup
from core.faces import Sheet
from core.prepared import fetch
from execution.flow import AT_WORK, Lane, Progress, State
from execution.flow.lanes import RULES
from execution.models import Execution

if TYPE_CHECKING:
    from datetime import datetime

    from execution.models import Plan, PlanItem
    from workflow.flow import Verb

LOOKS = {
    Progress.OPEN: ("new", "circle-dashed"),
    Progress.IN_PROGRESS: ("active", "circle-half-2"),
    Progress.DONE: ("done", "circle-check"),
    Progress.WAIVED: ("void", "ban"),
}
LANE_ICONS = {
    Lane.LICENCE: "key",
    Lane.DELIVERY: "box",
    Lane.INSTALLATION: "settings",
    Lane.TALKS: "phone",
    Lane.TRAINING: "users",
    Lane.ACCEPTANCE: "clipboard-check",
    Lane.OTHER: "list-check",
    Lane.MONEY: "activity",
}


@dataclass(frozen=True)
class Do:
    """An act on an item, with the address of its form."""

    verb: Verb
    url: str


@dataclass(frozen=True)
class Row:
    """An item as the board shows it."""

    item: PlanItem
    standing: SafeString
    due: SafeString
    first: list[PlanItem]
    main: Do | None
    more: list[Do]
    record_url: str
    amount: str


@dataclass(frozen=True)
class LaneOf:
    """A lane with its items, and how far they are."""

    label: str
    icon: str
    rule: str
    rows: list[Row]
    settled: int


def standing(item: PlanItem, at: datetime, *, blocked: bool) -> SafeString:
    """How far an item is, as word, colour and shape."""
    if item.is_overdue(at):
        return markup.badge(Progress(item.progress).label, "over", "alert-triangle")
    if blocked:
        return markup.badge(gettext_lazy("held up"), "aside", "hourglass")
    return markup.badge(Progress(item.progress).label, *LOOKS[Progress(item.progress)])


def lanes(execution: Execution, *, acts: bool) -> list[LaneOf]:
    """Every lane that has items; with the acts that lead on, where they are performed."""
    plan, now = execution.plan, clock.now()
    found = []
    for lane in Lane:
        items = plan.of(lane)
        if items:
            rows = [_row(execution, plan, item, now, acts=acts) for item in items]
            settled = sum(item.is_settled for item in items)
            found.append(LaneOf(str(lane.label), LANE_ICONS[lane], RULES[lane], rows, settled))
    return found


def _row(execution: Execution, plan: Plan, item: PlanItem, now: datetime, *, acts: bool) -> Row:
    first = plan.blockers(item)
    main, more = _acts(execution, item, blocked=bool(first)) if acts else (None, [])
    due = markup.left(item.due_at) if item.due_at is not None and not item.is_settled else markup.NOTHING
    url = reverse("desk:record", args=[item.record.kind, item.record.number]) if item.record is not None else ""
    amount = f"{item.amount:,.2f}" if item.amount is not None else ""
    return Row(item, standing(item, now, blocked=bool(first)), due, first, main, more, url, amount)


def _acts(execution: Execution, item: PlanItem, *, blocked: bool) -> tuple[Do | None, list[Do]]:
    """The act that leads on, and what else can be done, whoever may: a form says what stands against it."""
    if execution.state not in (*AT_WORK, State.CONFIRMING):
        return None, []
    if item.is_settled:
        return None, [_do(execution, item, "reopen_item")] if item.record_id is None else []
    if execution.state not in AT_WORK:
        return None, []
    leads = [] if blocked else ["finish_item"] if item.is_by_hand else ["begin_process"]
    leads = leads if item.record_id is None else []
    more = ["begin_item"] if leads == ["finish_item"] and item.progress == Progress.OPEN else []
    more += ["link_process"] if leads == ["begin_process"] else []
    more += ["free_item"] if blocked else []
    more += ["set_due", "assign_item", "waive_item"]
    return (_do(execution, item, leads[0]) if leads else None), [_do(execution, item, code) for code in more]


def _do(execution: Execution, item: PlanItem, code: str) -> Do:
    url = reverse("desk:verb", args=[execution.kind, execution.number, code])
    return Do(type(execution).verbs[code], f"{url}?item={item.pk}")


def _board(execution: Any) -> SafeString:
    return _drawn(execution, here=True)


def _drawn(execution: Execution, *, here: bool) -> SafeString:
    url = reverse("desk:record", args=[execution.kind, execution.number])
    paper = execution.confirmation
    found = {
        "execution": execution,
        "lanes": lanes(execution, acts=here),
        "here": here,
        "url": url,
        "state": State(execution.state).label,
        "settled": len(execution.plan.settled()),
        "amount": f"{execution.carries_out.amount:,.2f}",
        "paper": paper,
        "paper_url": reverse("desk:record", args=[paper.kind, paper.number]) if paper is not None else "",
    }
    return render_to_string("execution/board.html", found)


def _on_contract(contract: Any) -> SafeString:
    # Before the service department has its copy there is none, and nothing to ask for.
    rows = fetch("execution_of", _execution_of, contract.pk) if contract.copied_on is not None else []
    for execution in rows:
        execution.carries_out = contract
    return _drawn(rows[0], here=False) if rows else SafeString()


def _execution_of(contract: int) -> Any:
    return Execution.objects.filter(carries_out=contract).select_related("confirmation")


PANELS = (Sheet(gettext_lazy("Items of the contract"), content=_board, related=("carries_out", "confirmation")),)
ON_CONTRACTS = Sheet(gettext_lazy("Execution"), content=_on_contract)
"""On a contract's page."""
