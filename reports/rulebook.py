"""How often a rule of the handbook applied, and how often it was kept: from what happened, never from what is claimed.

Two things are counted. A *step* is an act on the timeline that was done under the rule; the gate refuses whatever would
break it, so a step that is there has kept it. A *promise* is a deadline under the rule whose time fell into the period:
kept, or missed, whatever was said about it later. Rules that are about time alone are counted by their promises only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce

from core import clock
from handbook import catalogue
from handbook.catalogue import Kind
from people.models import User
from workflow import registry
from workflow.models import Deadline, Entry, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from reports.periods import Days

STEP, KEPT, MISSED = "step", "kept", "missed"
COUNTED = (STEP, KEPT, MISSED)
NOBODY = "none"
"""In an address, in place of a person or department: the software itself, or work that was with nobody."""
BY_TIME = (Kind.DEADLINE, Kind.CADENCE)
_WITH = {"account_owner": "record__customer__account_manager", "specialist": "record__specialist"}
"""With whom a promise lies, by the first of those for whom its timer says that work waits; else with the handler."""


@dataclass
class Tally:
    """How often, by what is counted."""

    numbers: Counter[str] = field(default_factory=Counter)

    @property
    def step(self) -> int:
        """Acts done under the rule."""
        return self.numbers[STEP]

    @property
    def kept(self) -> int:
        """Promises kept in time."""
        return self.numbers[KEPT]

    @property
    def missed(self) -> int:
        """Promises missed."""
        return self.numbers[MISSED]

    @property
    def share(self) -> int | None:
        """Promises kept, in percent; a hundred only where none was missed."""
        whole = self.kept + self.missed
        if not whole:
            return None
        return 100 if not self.missed else min(99, round(100 * self.kept / whole))


def is_by_time(rule_id: str) -> bool:
    """Whether a rule is about time alone."""
    try:
        return catalogue.rule(rule_id).kind in BY_TIME
    except catalogue.UnknownRule:
        return False


def by_rule(user: User, days: Days) -> dict[str, Tally]:
    """Every rule that applied in a period, of the records that the person may see; two queries."""
    found: dict[str, Tally] = defaultdict(Tally)
    for rules, number in _acts(user, days).order_by().values_list("rules").annotate(number=Count("pk")):
        for rule in rules:
            if not is_by_time(rule):
                found[rule].numbers[STEP] += number
    promised = _judged(_promises(user, days)).exclude(rule="").order_by()
    for rule, verdict, number in promised.values_list("rule", "verdict").annotate(number=Count("pk")):
        found[rule].numbers[verdict] += number
    return dict(found)


def by_person(rule_id: str, user: User, days: Days) -> dict[int | None, Tally]:
    """Who did the steps and with whom the promises lay; None for the software, and for what was with nobody."""
    found: dict[int | None, Tally] = defaultdict(Tally)
    done = steps(rule_id, user, days).order_by().values_list("actor").annotate(number=Count("pk"))
    for person, number in done:
        found[person].numbers[STEP] += number
    for person, verdict, number in (
        promises(rule_id, user, days).order_by().values_list("person", "verdict").annotate(number=Count("pk"))
    ):
        found[person].numbers[verdict] += number
    return dict(found)


def by_department(people: dict[int | None, Tally], departments: dict[int, int | None]) -> dict[int | None, Tally]:
    """The same numbers by the departments in which the people are; customers and nobody count under None."""
    found: dict[int | None, Tally] = defaultdict(Tally)
    for person, tally in people.items():
        found[departments.get(person) if person is not None else None].numbers.update(tally.numbers)
    return dict(found)


def steps(rule_id: str, user: User, days: Days) -> QuerySet[Entry]:
    """The acts that were done under a rule; none for a rule that is about time alone."""
    if is_by_time(rule_id):
        return Entry.objects.none()
    # As text, since not every database can look into a JSON list; an id of a rule is part of no other.
    told = Cast("rules", TextField())
    return _acts(user, days).alias(told=told).filter(told__contains=f'"{rule_id}"')


def promises(rule_id: str, user: User, days: Days) -> QuerySet[Any]:
    """The deadlines under a rule whose time fell into a period, each with its `verdict` and the `person`."""
    due: QuerySet[Any] = _judged(_promises(user, days).filter(rule=rule_id)).annotate(person=_responsible())
    return due


def of_person(rows: QuerySet[Any], path: str, person: str, department: str) -> QuerySet[Any]:
    """Of acts or promises those of a person or a department, as an address names them; all without either."""
    if person:
        rows = rows.filter(Q(**{f"{path}__isnull": True}) if person == NOBODY else Q(**{path: int(person)}))
    if department == NOBODY:
        strangers = User.objects.filter(department__isnull=True).values("pk")
        return rows.filter(Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__in": strangers}))
    if department:
        rows = rows.filter(**{f"{path}__in": User.objects.filter(department=int(department)).values("pk")})
    return rows


def _acts(user: User, days: Days) -> QuerySet[Entry]:
    """The acts of a period that can carry rules, by the index of verb and time."""
    flows: list[Any] = [process.model for process in registry.all_processes()]
    verbs = sorted({verb.code for flow in flows for verb in flow.verbs.values() if verb.rules})
    return _seen(Entry.objects.filter(verb__in=verbs, at__gte=days.begin, at__lt=days.end), user)


def _promises(user: User, days: Days) -> QuerySet[Deadline]:
    """The deadlines of a period, by the index of timer, outcome and time."""
    flows: list[Any] = [process.model for process in registry.all_processes()]
    timers = sorted({timer.code for flow in flows for timer in flow.timers if not timer.then})
    rows = Deadline.objects.filter(timer__in=timers, outcome__in=Deadline.Outcome.values)
    return _seen(rows.filter(due_at__gte=days.begin, due_at__lt=days.end), user)


def _judged(rows: QuerySet[Deadline]) -> QuerySet[Any]:
    """Those whose time has come to a verdict."""
    late = Q(missed_at__isnull=False) | Q(closed_at__isnull=True, due_at__lt=clock.now())
    verdict = Case(When(late, then=Value(MISSED)), default=Value(KEPT))
    return rows.filter(late | Q(outcome=Deadline.Outcome.MET)).annotate(verdict=verdict)


def _responsible() -> Any:
    flows: list[Any] = [process.model for process in registry.all_processes()]
    owners: dict[str, list[str]] = defaultdict(list)
    for timer in _timers(flows):
        if timer.work is not None and (path := _WITH.get(timer.work.for_.codes[0])):
            owners[path].append(timer.code)
    cases = [When(timer__in=codes, then=F(path)) for path, codes in owners.items()]
    return Case(*cases, default=Coalesce("record__handler", "record__specialist"))


def _timers(flows: Iterable[Any]) -> list[Any]:
    return [timer for flow in flows for timer in flow.timers]


def _seen(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Of the records that the person may see; whoever sees all is not asked for each."""
    seen = Record.objects.for_actor(user)
    return rows.filter(record__in=seen.values("pk")) if seen.query.where else rows
