"""Where the software keeps a rule of the handbook: drawn from the registered processes and the deadline policies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflow import parties, registry
from workflow.models import DeadlinePolicy

if TYPE_CHECKING:
    from workflow.flow import Verb
    from workflow.registry import Process


@dataclass(frozen=True)
class Step:
    """A verb that keeps a rule."""

    process: Process
    verb: Verb


@dataclass(frozen=True)
class Told:
    """A notice that a rule asks for: after which acts, and to whom."""

    process: Process
    verbs: list[str]
    to: list[str]


def steps(rule_id: str) -> list[Step]:
    """The verbs that name the rule, or need something for its sake."""
    return [
        Step(process, verb)
        for process in registry.all_processes()
        for verb in _verbs(process).values()
        if rule_id in _rules_of(verb)
    ]


def policies(rule_id: str) -> list[DeadlinePolicy]:
    """The deadline policies in force under the rule."""
    return list(DeadlinePolicy.objects.filter(rule=rule_id, active=True).prefetch_related("levels"))


def notices(rule_id: str) -> list[Told]:
    """The notices that are sent under the rule."""
    found = []
    for process in registry.all_processes():
        verbs = _verbs(process)
        for notice in process.notices:
            if getattr(notice, "rule", "") == rule_id:
                named = [str(verbs[code].label) for code in notice.on if code in verbs]
                found.append(Told(process, named, [named_party(code) for code in notice.to]))
    return found


def named_party(code: str) -> str:
    """Whom a code means, in the reader's language; the code itself, if nobody is called so."""
    try:
        return parties.party(code).label
    except parties.UnknownPartyError:
        return code


def kept(timed: frozenset[str] | None = None) -> set[str]:
    """Every rule that something keeps. `timed` are the rules of deadline policies, if they are known already."""
    by_clock = frozenset(timed_rules()) if timed is None else timed
    return set(_declared(*registry.kinds())) | by_clock | set(registry.kept_elsewhere())


def timed_rules() -> list[str]:
    """The rules of all deadline policies in force."""
    return list(DeadlinePolicy.objects.filter(active=True).exclude(rule="").order_by().values_list("rule", flat=True))


@lru_cache(maxsize=4)
def _declared(*kinds: str) -> frozenset[str]:
    """The rules of all verbs and notices of processes."""
    found: dict[str, int] = defaultdict(int)
    for process in map(registry.get, kinds):
        for verb in _verbs(process).values():
            for rule in _rules_of(verb):
                found[rule] += 1
        for notice in process.notices:
            found[getattr(notice, "rule", "")] += 1
    return frozenset(filter(None, found))


def _rules_of(verb: Verb) -> set[str]:
    return {*verb.rules, *(need.rule for need in verb.needs if need.rule)}


def _verbs(process: Process) -> dict[str, Verb]:
    flow: Any = process.model
    found: dict[str, Verb] = flow.verbs
    return found
