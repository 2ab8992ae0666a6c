"""Settling days that are over: every night, what became final is counted once and kept by day and rule.

An act is final when it is on the timeline; a promise when its deadline is closed (who excuses a miss changes nothing of
it). What is open, or became final since, is counted when asked (`rulebook`), so that both together are all there is.
The last weeks are settled anew every night: what came late, or was brought in from elsewhere, is in them then.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, Count, Min, Q, Value, When
from django.db.models.functions import TruncDate

from core import clock
from reports.models import RuleDay, Settled
from reports.periods import begins
from workflow import registry
from workflow.models import Deadline, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

STEP, KEPT, MISSED = "step", "kept", "missed"
LATEST = timedelta(hours=1)
"""No transaction lasts longer: what happened before is in the database."""
ANEW = timedelta(days=35)
SPAN = timedelta(days=31)
"""So many days are settled in one transaction."""


def verbs(kinds: Iterable[str] | None = None) -> list[str]:
    """The verbs that can carry rules: of some processes, or of all."""
    return sorted({verb.code for flow in _flows(kinds) for verb in flow.verbs.values() if verb.rules})


def timers(kinds: Iterable[str] | None = None) -> list[str]:
    """The timers that are promises: of some processes, or of all."""
    return sorted({timer.code for flow in _flows(kinds) for timer in flow.timers if not timer.then})


def _flows(kinds: Iterable[str] | None) -> list[Any]:
    wanted = None if kinds is None else set(kinds)
    return [each.model for each in registry.all_processes() if wanted is None or each.kind in wanted]


def _meaning() -> str:
    """What is looked for; another version of the software may look for something else, and settles anew."""
    return sha256(json.dumps([verbs(), timers()]).encode()).hexdigest()


def until() -> date | None:
    """The day up to which days are settled (not included); None while none are, or something else was looked for."""
    found = Settled.objects.first()
    return found.until if found is not None and found.meant == _meaning() else None


def settle() -> int:
    """Settle all days that are over; returns how many transactions it took. What is settled already stays the same."""
    over, meant = clock.local(clock.now() - LATEST).date(), _meaning()
    first = _first(over, meant)
    spans = 0
    while first < over:
        end = min(first + SPAN, over)
        _settle(first, end, meant)
        first, spans = end, spans + 1
    return spans


def _first(over: date, meant: str) -> date:
    """The day with which to begin; from the very first where nothing has been settled yet, or something else."""
    with transaction.atomic():
        found = Settled.objects.select_for_update().first()
        if found is not None and found.meant == meant:
            return min(found.until, over - ANEW)
        RuleDay.objects.all().delete()
        Settled.objects.all().delete()
    moments = [Entry.objects.aggregate(at=Min("at"))["at"], Deadline.objects.aggregate(at=Min("closed_at"))["at"]]
    known = [clock.local(moment).date() for moment in moments if moment is not None]
    return min([*known, over])


def _settle(first: date, end: date, meant: str) -> None:
    """Count what became final from one day until before another, and keep it in the place of what was kept."""
    with transaction.atomic():
        found = Settled.objects.select_for_update().first() or Settled(until=first, meant=meant)
        RuleDay.objects.filter(settled_on__gte=first, settled_on__lt=end).delete()
        RuleDay.objects.bulk_create([*_acts(first, end), *_promises(first, end)], batch_size=1000)
        found.until = max(found.until, end)
        found.save()


def _acts(first: date, end: date) -> Iterable[RuleDay]:
    rows = Entry.objects.filter(verb__in=verbs(), at__gte=begins(first), at__lt=begins(end)).order_by()
    by_day = rows.annotate(day=TruncDate("at")).values_list("day", "record__kind", "actor", "rules")
    counted: Counter[tuple[date, str, str, bool, int | None]] = Counter()
    for day, kind, person, rules, number in by_day.annotate(number=Count("pk")):
        for rule in rules:
            counted[day, kind, rule, False, person] += number
            counted[day, kind, rule, True, None] += number
    for (day, kind, rule, whole, person), number in counted.items():
        yield RuleDay(
            day=day,
            settled_on=day,
            kind=kind,
            rule=rule,
            what=STEP,
            whole=whole,
            person_id=person,
            number=number,
        )


def _promises(first: date, end: date) -> Iterable[RuleDay]:
    rows = Deadline.objects.filter(timer__in=timers(), closed_at__gte=begins(first), closed_at__lt=begins(end))
    missed = Q(missed_at__isnull=False)
    judged = rows.filter(missed | Q(outcome=Deadline.Outcome.MET)).exclude(rule="").order_by()
    verdict = Case(When(missed, then=Value(MISSED)), default=Value(KEPT))
    by_day = judged.annotate(day=TruncDate("due_at"), closed=TruncDate("closed_at"), verdict=verdict)
    found = by_day.values_list("day", "closed", "record__kind", "rule", "verdict").annotate(number=Count("pk"))
    for day, closed, kind, rule, what, number in found:
        yield RuleDay(day=day, settled_on=closed, kind=kind, rule=rule, what=what, number=number)
