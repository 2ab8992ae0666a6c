"""Typed access to the handbook's roles and fixed vocabularies (roles.yaml, reference.yaml).

Apps seed their own tables from here; what an administrator adds there is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from handbook.sources import HandbookError, Worded, build, read, unique

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SYSTEM = "system"
"""What a rule names as its actor where the software acts by itself."""


class UnknownRole(KeyError):  # noqa: N818 - reads as what happened, like KeyError
    """The handbook has no role of that code."""


class UnknownTerm(KeyError):  # noqa: N818 - reads as what happened, like KeyError
    """The handbook has no vocabulary of that name, or no such code in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Worded):
    """A coded word of a vocabulary."""

    code: str

    @property
    def name(self) -> str:
        """The word in the reader's language."""
        return self.in_language()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Term):
    """What somebody may be in the company, and the department where that is usual (`any` where it is not bound)."""

    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Term):
    """What somebody is to a record or a person, with its meaning in English; also people outside the company."""

    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Term):
    """A way by which issues arrive (TKT-01)."""

    off_hours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueType(Term):
    """A type of issue: the role that handles it, the role that is told, its sub-types (TKT-03, TKT-07 to TKT-11)."""

    handler: str
    notify: str = ""
    subtypes: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity(Term):
    """How bad an issue is, by which criterion, and within which time it is responded to (TKT-04, TKT-16 to TKT-18)."""

    criterion: Worded
    respond_within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractKind(Term):
    """A kind of contract: who writes it, to whom it goes first, and whether its review is full or short (CON-14)."""

    author: str
    review: str
    submit_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceStage(Term):
    """A stage of a licence and its term in the handbook's words (LIC-14 to LIC-17)."""

    term: str


T = TypeVar("T", bound=Term)


def roles() -> tuple[Role, ...]:
    """Every role, in the handbook's order."""
    return _terms("roles", "roles", Role)


def role(code: str) -> Role:
    """The role of that code. Raises UnknownRole."""
    try:
        return _roles_by_code()[code]
    except KeyError as error:
        raise UnknownRole(code) from error


def relations() -> tuple[Relation, ...]:
    """What somebody can be to a record: not roles, but facts that decide who may act."""
    return _terms("roles", "relations", Relation)


def outsiders() -> tuple[Relation, ...]:
    """Kinds of people outside the company."""
    return _terms("roles", "outside", Relation)


@cache
def actors() -> frozenset[str]:
    """Every code that a rule may name as the one who acts: roles, relations, outsiders and the software itself."""
    return frozenset({SYSTEM, *(term.code for term in (*roles(), *relations(), *outsiders()))})


def channels() -> tuple[Channel, ...]:
    """The ways by which issues arrive (TKT-01)."""
    return _terms("reference", "channels", Channel)


@cache
def issue_types() -> tuple[IssueType, ...]:
    """The five types of issue with their sub-types (TKT-03)."""
    rows = []
    for row in _rows("reference", "issue_types"):
        subtypes = tuple(build(Term, each) for each in row.get("subtypes", ()))
        rows.append(build(IssueType, {**row, "subtypes": subtypes}))
    unique((term.code for term in rows), "issue_types")
    unique((each.code for term in rows for each in term.subtypes), "subtypes")
    _require_roles((term.handler for term in rows), "issue_types")
    _require_roles((term.notify for term in rows if term.notify), "issue_types")
    return tuple(rows)


@cache
def severities() -> tuple[Severity, ...]:
    """The three severities, least first (TKT-04)."""
    rows = []
    for row in _rows("reference", "severities"):
        rest = {key: value for key, value in row.items() if not key.startswith("criterion_")}
        criterion = build(Worded, {"zh": row["criterion_zh"], "en": row["criterion_en"]})
        limit = hours(row["respond_within"])
        rows.append(build(Severity, {**rest, "criterion": criterion, "respond_within": limit}))
    unique((term.code for term in rows), "severities")
    return tuple(rows)


@cache
def contract_kinds() -> tuple[ContractKind, ...]:
    """The kinds of contract with author and route of review (CON-02, CON-14)."""
    rows = _terms("reference", "contract_kinds", ContractKind)
    _require_roles((term.author for term in rows), "contract_kinds")
    _require_roles((term.submit_to for term in rows if term.submit_to), "contract_kinds")
    return rows


def licence_stages() -> tuple[LicenceStage, ...]:
    """The stages of a licence (LIC-14 to LIC-17)."""
    return _terms("reference", "licence_stages", LicenceStage)


def terms(name: str) -> tuple[Term, ...]:
    """A vocabulary of plain words, such as `purchase_modes`. Raises UnknownTerm where there is none of that name."""
    if name not in _file("reference"):
        raise UnknownTerm(name)
    return _terms("reference", name, Term)


def hours(text: str) -> timedelta:
    """A limit such as `24h`. Raises HandbookError for anything else."""
    if not (match := re.fullmatch(r"([1-9]\d*)h", text)):
        msg = f"{text!r} is not a number of hours such as 24h"
        raise HandbookError(msg)
    return timedelta(hours=int(match[1]))


@cache
def _file(name: str) -> dict[str, Any]:
    return read(name)


def _rows(file: str, name: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = _file(file)[name]
    return rows


@cache
def _terms(file: str, name: str, kind: type[T]) -> tuple[T, ...]:
    found = tuple(build(kind, row) for row in _rows(file, name))
    unique((term.code for term in found), name)
    return found


@cache
def _roles_by_code() -> dict[str, Role]:
    return {each.code: each for each in roles()}


def _require_roles(codes: Iterable[str], what: str) -> None:
    if unknown := sorted(set(codes) - _roles_by_code().keys()):
        msg = f"{what}: unknown roles {unknown}"
        raise HandbookError(msg)
