"""What a review policy would do: for recent records who decides, in which order, and why; and what it leaves alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflow import registry
from workflow.approvals import routes
from workflow.models import Round
from workflow.refusals import Missing

if TYPE_CHECKING:
    from workflow.models import Record, ReviewPolicy

RECENT = 20
UNDER_WAY = 20


@dataclass
class Preview:
    """A record for which the policy is tried, the recent ones to choose from, and what is under way by the policy.

    `plan` is None where the policy has no step for the record, `taken` the policy by which it would really go.
    """

    recent: list[tuple[Record, bool]]
    record: Record | None = None
    plan: routes.Plan | None = None
    fits: bool = False
    taken: ReviewPolicy | None = None
    under_way: list[Round] = field(default_factory=list)
    under_way_count: int = 0


def of(policy: ReviewPolicy, number: str) -> Preview:
    """The preview for the record of a number; without one, for the latest that the policy fits."""
    recent = [(record, _fits(policy, record)) for record in _recent(policy.kind)]
    rounds = Round.objects.filter(policy=policy, outcome=Round.Outcome.RUNNING)
    running = rounds.select_related("record").order_by("-id")
    found = Preview(recent, under_way=list(running[:UNDER_WAY]), under_way_count=running.count())
    named = next((row for row in recent if row[0].number == number), None)
    fitting = next((row for row in recent if row[1]), None)
    chosen = named or fitting or (recent[0] if recent else None)
    if chosen is not None:
        found.record, found.fits = chosen
        found.plan, found.taken = _plan(policy, chosen[0]), _taken(chosen[0])
    return found


def _recent(kind: str) -> list[Any]:
    rows: Any = registry.get(kind).model._default_manager
    return list(rows.select_related("customer", "handler__department__head").order_by("-pk")[:RECENT])


def _fits(policy: ReviewPolicy, record: Record) -> bool:
    return policy.fits(*routes.facts_of(record))


def _plan(policy: ReviewPolicy, record: Record) -> routes.Plan | None:
    try:
        return routes.plan(record, policy)
    except Missing:
        return None


def _taken(record: Record) -> ReviewPolicy | None:
    try:
        return routes.policy_for(record)
    except Missing:
        return None
