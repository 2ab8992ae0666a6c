"""How often a rule of the handbook applied, and how often it was kept: from what happened, never from what is claimed.

Two things are counted. A *step* is an act on the timeline that was done under the rule; the gate refuses whatever would
break it, so a step that is there has kept it. A *promise* is a deadline under the rule whose time fell into the period:
kept, or missed, whatever was said about it later. Rules that are about time alone are counted by their promises only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Sum, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, StrIndex

from core import clock
from core.prepared import Param, tuples
from handbook import catalogue
from handbook.catalogue import Kind
from people.models import User
from reports import tallies
from reports.models import RuleDay
from reports.periods import begins
from reports.tallies import KEPT, MISSED, STEP
from workflow import registry
from workflow.models import Deadline, Entry, Record
from workflow.models.record import open_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet

    from reports.periods import Days

_SUM = Sum("number")
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


def by_rule(user: User, days: Days, key: Hashable = None) -> dict[str, Tally]:
    """Every rule that applied in a period, of the records that the person may see.

    With a `key` (of all that shapes what the person may see) the queries are worked out once and kept (core.prepared).
    """
    found: dict[str, Tally] = defaultdict(Tally)
    sight, now = Sight.of(user), clock.now()
    for part in sight.settled(days):
        for rule, what, number in part.ask(key, _by_rule):
            found[rule].numbers[what] += number
    for part in sight.acts(days):
        for rules, number in part.ask(key, _by_rules):
            for rule in rules:
                found[rule].numbers[STEP] += number
    for part in sight.promises(days):
        for rule, verdict, number in part.ask(key, _by_verdict, now):
            found[rule].numbers[verdict] += number
    for rule in [rule for rule in found if is_by_time(rule)]:
        del found[rule].numbers[STEP]
    return {rule: tally for rule, tally in found.items() if tally.numbers}


def _by_rule(rows: QuerySet[RuleDay]) -> QuerySet[Any]:
    return rows.filter(whole=True).values_list("rule", "what").annotate(_SUM)


def _by_rules(acts: QuerySet[Entry]) -> QuerySet[Any]:
    return _counted(acts, "rules")


def _by_verdict(due: QuerySet[Deadline], now: datetime) -> QuerySet[Any]:
    return _counted(_judged(due, now).exclude(rule=""), "rule", "verdict")


def _counted(rows: QuerySet[Any], *of: str) -> QuerySet[Any]:
    counted: QuerySet[Any] = rows.order_by().values_list(*of).annotate(number=Count("pk"))
    return counted


def by_person(rule_id: str, user: User, days: Days, key: Hashable = None) -> dict[int | None, Tally]:
    """Who did the steps and with whom the promises lay; None for the software, and for what was with nobody.

    With whom a promise lies may change while days are over, so promises are counted; but only where there are any.
    """
    found: dict[int | None, Tally] = defaultdict(Tally)
    sight, now = Sight.of(user), clock.now()
    settled = list(sight.settled(days))
    if not is_by_time(rule_id):
        for part in settled:
            for person, number in part.ask(key, _steps_settled, rule_id):
                found[person].numbers[STEP] += number
        for part in sight.acts(days):
            for person, number in part.ask(key, _steps_by_person, f'"{rule_id}"'):
                found[person].numbers[STEP] += number
    fresh = any(part.ask(key, _any_promise, rule_id, now) for part in sight.promises(days))
    if fresh or any(part.ask(key, _any_settled, rule_id) for part in settled):
        for person, verdict, number in _counted(promises(rule_id, user, days), "person", "verdict"):
            found[person].numbers[verdict] += number
    return dict(found)


def _steps_settled(rows: QuerySet[RuleDay], rule_id: str) -> QuerySet[Any]:
    return rows.filter(rule=rule_id, whole=False).values_list("person").annotate(_SUM)


def _steps_by_person(acts: QuerySet[Entry], quoted: str) -> QuerySet[Any]:
    return _counted(_saying(quoted, acts), "actor")


def _any_promise(due: QuerySet[Deadline], rule_id: str, now: datetime) -> QuerySet[Any]:
    found: QuerySet[Any] = _judged(due.filter(rule=rule_id), now).values_list("pk")[:1]
    return found


def _any_settled(rows: QuerySet[RuleDay], rule_id: str) -> QuerySet[Any]:
    return rows.filter(rule=rule_id, what__in=(KEPT, MISSED)).values_list("pk")[:1]


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
    return _saying(f'"{rule_id}"', _seen(_acts(tallies.verbs(), days.begin, days.end), user))


def _saying(quoted: str, acts: QuerySet[Entry]) -> QuerySet[Entry]:
    """The acts under a rule, given in quotation marks; as text, since not every database looks into a JSON list."""
    return (
        acts.alias(told=Cast("rules", TextField()))
        .alias(at_place=StrIndex("told", Value(quoted)))
        .filter(at_place__gt=0)
    )


def promises(rule_id: str, user: User, days: Days) -> QuerySet[Any]:
    """The deadlines under a rule whose time fell into a period, each with its `verdict` and the `person`."""
    rows = _seen(_promises(tallies.timers(), days.begin, days.end), user)
    due: QuerySet[Any] = _judged(rows.filter(rule=rule_id), clock.now()).annotate(person=_responsible())
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


@dataclass(frozen=True)
class Part:
    """A part of what happened: `make` gives its rows for some `values`, which are days and moments.

    One that is not `kept` is planned for its values each time: only these say by which index it is found.
    """

    name: str
    make: Callable[..., QuerySet[Any]]
    values: tuple[Param, ...]
    kept: bool = True

    def ask(self, key: Hashable, what: Callable[..., QuerySet[Any]], *more: Param) -> list[Any]:
        """What is asked of its rows, with further values; kept under the `key`, unless there is none."""

        def asked(*values: Param) -> QuerySet[Any]:
            return what(self.make(*values[: len(self.values)]), *values[len(self.values) :])

        values = (*self.values, *more)
        if key is None or not self.kept:
            return list(asked(*values))
        return tuples((key, self.name, what.__name__), asked, *values)


@dataclass(frozen=True)
class Sight:
    """What a person sees of what happened: whole processes, whose days that are over are settled, and single records.

    `kinds` are the processes that the person sees whole, `rest` the others; `until` is None while nothing is settled.
    """

    user: User
    kinds: tuple[str, ...]
    rest: tuple[str, ...]
    until: date | None

    @classmethod
    def of(cls, user: User) -> Sight:
        """How far a person sees."""
        every, until = registry.kinds(), tallies.until()
        kinds = open_kinds(user)
        if until is None or not kinds:
            return cls(user, (), tuple(every), None)
        return cls(user, tuple(kinds), tuple(kind for kind in every if kind not in kinds), until)

    def settled(self, days: Days) -> Iterator[Part]:
        """What is settled of a period, of the processes that are seen whole."""
        if self.until is not None:
            yield Part("settled", self._settled, (days.first, days.last, self.until))

    def _settled(self, first: date, last: date, until: date) -> QuerySet[RuleDay]:
        rows = RuleDay.objects.filter(day__gte=first, day__lte=last, settled_on__lt=until).order_by()
        return rows if not self.rest else rows.filter(kind__in=self.kinds)

    def acts(self, days: Days) -> Iterator[Part]:
        """The acts of a period that must be counted: since the last settled day, and of single records."""
        if self.until is None:
            yield Part("acts", lambda *ends: _seen(_acts(tallies.verbs(), *ends), self.user), (days.begin, days.end))
            return
        if self.until <= days.last:
            yield Part("fresh acts", self._fresh_acts, (days.begin, days.end, begins(self.until)))
        if self.rest:
            single = tallies.verbs(self.rest)
            yield Part("single acts", lambda *ends: self._single(_acts(single, *ends)), (days.begin, days.end))

    def _fresh_acts(self, begin: datetime, end: datetime, since: datetime) -> QuerySet[Entry]:
        return self._whole(_acts(tallies.verbs(), begin, end).filter(at__gte=since))

    def promises(self, days: Days) -> Iterator[Part]:
        """The promises of a period that must be counted: open, closed since the last settled day, of single records."""
        ends = (days.begin, days.end)
        if self.until is None:
            yield Part("promises", lambda *ends: _seen(_promises(tallies.timers(), *ends), self.user), ends)
            return
        yield Part("open promises", self._open_promises, ends)
        yield Part("closed promises", self._closed_promises, (*ends, begins(self.until)), kept=False)
        if self.rest:
            single = tallies.timers(self.rest)
            yield Part("single promises", lambda *ends: self._single(_promises(single, *ends)), ends)

    def _open_promises(self, begin: datetime, end: datetime) -> QuerySet[Deadline]:
        due = self._promised(begin, end)
        return due.filter(outcome=Deadline.Outcome.OPEN, closed_at__isnull=True)

    def _closed_promises(self, begin: datetime, end: datetime, since: datetime) -> QuerySet[Deadline]:
        return self._promised(begin, end).filter(closed_at__gte=since)

    def _promised(self, begin: datetime, end: datetime) -> QuerySet[Deadline]:
        """The promises of what is seen whole; a timer says whose it is, unless two processes have it."""
        own, others = tallies.timers(self.kinds), tallies.timers(self.rest)
        rows = _promises(own, begin, end)
        return rows if set(own).isdisjoint(others) else self._whole(rows)

    def _whole(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the processes that are seen whole. Of few rows each is looked up: a join would read all records."""
        if not self.rest:
            return rows
        kind = Subquery(Record.objects.filter(pk=OuterRef("record")).values("kind"))
        found: QuerySet[Any] = rows.alias(of_kind=kind).filter(of_kind__in=self.kinds)
        return found

    def _single(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        single = Record.objects.for_actor(self.user).filter(kind__in=self.rest)
        return rows.filter(record__in=single.values("pk"))


def _acts(verbs: Sequence[str], begin: datetime, end: datetime) -> QuerySet[Entry]:
    """The acts of a period that can carry rules, by the index of verb and time."""
    return Entry.objects.filter(verb__in=verbs, at__gte=begin, at__lt=end)


def _promises(timers: Sequence[str], begin: datetime, end: datetime) -> QuerySet[Deadline]:
    """The deadlines of a period, by the index of timer, outcome and time."""
    rows = Deadline.objects.filter(timer__in=timers, outcome__in=Deadline.Outcome.values)
    return rows.filter(due_at__gte=begin, due_at__lt=end)


def _judged(rows: QuerySet[Deadline], now: datetime) -> QuerySet[Any]:
    """Those whose time has come to a verdict."""
    late = Q(missed_at__isnull=False) | Q(closed_at__isnull=True, due_at__lt=now)
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
