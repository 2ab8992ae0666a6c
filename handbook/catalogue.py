"""The rules of the handbook (rules.yaml): looked up by id, shown in the reader's language, named by tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handbook import vocabulary
from handbook.sources import HandbookError, Worded, build, read, unique

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class UnknownRule(KeyError):  # noqa: N818 - reads as what happened, like KeyError
    """The handbook has no rule, or no process, of that id."""


class Kind(StrEnum):
    """What sort of promise a rule is."""

    CLASSIFY = "classify"
    RECORD = "record"
    ROUTE = "route"
    DEADLINE = "deadline"
    CADENCE = "cadence"
    SCHEDULE = "schedule"
    NOTIFY = "notify"
    GUARD = "guard"
    APPROVE = "approve"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    REPORT = "report"
    DUTY = "duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Worded):
    """One rule: who does what, within which limit.

    `who` holds codes of roles or relations, or `system`; `limit` the numbers of the rule as the handbook has them (its
    keys differ from rule to rule); `inferred` is true where the handbook is silent and the rule is our reading.
    """

    id: str
    kind: Kind
    who: tuple[str, ...]
    limit: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    inferred: bool = False

    def __str__(self) -> str:
        return self.id

    @property
    def text(self) -> str:
        """The rule in the reader's language."""
        return self.in_language()

    @property
    def process(self) -> str:
        """The id of the process that the rule belongs to, such as `TKT`."""
        return self.id.partition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRules(Worded):
    """A process of the handbook with its rules; `app` is the package that keeps them."""

    id: str
    app: str
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """The process's name in the reader's language."""
        return self.in_language()


@cache
def processes() -> tuple[ProcessRules, ...]:
    """Every process in the handbook's order. Raises HandbookError when the data is not sound."""
    return parse(read("rules")["processes"])


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule in the handbook's order."""
    return tuple(each for process in processes() for each in process.rules)


def rule(rule_id: str) -> Rule:
    """The rule of that id, such as `TKT-17`. Raises UnknownRule."""
    try:
        return _by_id()[rule_id]
    except KeyError as error:
        raise UnknownRule(rule_id) from error


def process(process_id: str) -> ProcessRules:
    """The process of that id, such as `TKT`. Raises UnknownRule."""
    for each in processes():
        if each.id == process_id:
            return each
    raise UnknownRule(process_id)


def parse(rows: Sequence[Mapping[str, Any]]) -> tuple[ProcessRules, ...]:
    """Processes from rows of data.

    Raises HandbookError for an id that comes twice or does not begin with its process's, for an unknown kind, an
    unknown actor, and for any key that does not belong.
    """
    found = tuple(_process(row) for row in rows)
    unique((each.id for each in found), "processes")
    unique((each.id for process in found for each in process.rules), "rules")
    return found


def _process(row: Mapping[str, Any]) -> ProcessRules:
    return build(ProcessRules, {**row, "rules": tuple(_rule(each, row["id"]) for each in row["rules"])})


def _rule(row: Mapping[str, Any], process_id: str) -> Rule:
    name = row.get("id", "")
    if row.get("kind") not in set(Kind):
        msg = f"{name}: unknown kind {row.get('kind')!r}"
        raise HandbookError(msg)
    who = tuple(row.get("who", ()))
    if not who or (unknown := set(who) - vocabulary.actors()):
        msg = f"{name}: {'unknown actors ' + str(sorted(unknown)) if who else 'nobody acts'}"
        raise HandbookError(msg)
    limit = MappingProxyType(dict(row.get("limit", {})))
    found = build(Rule, {**row, "kind": Kind(row["kind"]), "who": who, "limit": limit})
    if found.process != process_id:
        msg = f"{name} stands under {process_id}"
        raise HandbookError(msg)
    return found


@cache
def _by_id() -> dict[str, Rule]:
    return {each.id: each for each in rules()}
