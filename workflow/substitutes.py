"""What a substitute may do, see and hear for the one who is away: within the substitution's scope, and no further.

The one place that knows how a scope meets a record: the gate, row rights, work and notices ask here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q
from django.utils.translation import gettext as _

from people.actors import principals_of
from workflow import registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from decimal import Decimal

    from people.models import User
    from people.scopes import Scope
    from workflow.models import Record

AMOUNT = "amount"
"""The column in which a process keeps what its records are worth, in CNY."""


def amount_of(record: Record) -> Decimal | None:
    """What a record is worth in CNY; None for what has no amount."""
    found: Decimal | None = getattr(record, AMOUNT, None)
    return found


def amounts_of(records: Iterable[Record]) -> dict[int, Decimal]:
    """What many records are worth, as far as they have an amount; one query for each process that has."""
    found: dict[int, Decimal] = {}
    unknown: dict[str, list[int]] = {}
    for record in records:
        if (amount := amount_of(record)) is not None:
            found[record.pk] = amount
        elif registry.get(record.kind).model in _with_amounts(tuple(registry.kinds())):
            unknown.setdefault(record.kind, []).append(record.pk)
    for kind, keys in unknown.items():
        rows: Any = registry.get(kind).model._default_manager.filter(pk__in=keys)
        found.update(rows.values_list("pk", AMOUNT))
    return found


def covers(scope: Scope, record: Record) -> bool:
    """Whether a substitution of that scope is for the record, given as its own process's model."""
    return scope.covers(registry.of(record).kind, amount_of(record))


def beyond(principal: User) -> str:
    """Why somebody may not act for a principal here: what the substitution is for."""
    return _("You stand in for %(principal)s, but only for: %(scope)s.") % {
        "principal": principal,
        "scope": principal.lent.words,
    }


def standing_for(user: User, at: datetime) -> list[User]:
    """Those for whom a person stands in at a moment, each with how far; not asked again where it is known."""
    return user.stands_in_for if user.stands_in_for is not None else principals_of(user, at)


def within(scope: Scope, path: str = "") -> Q:
    """The records of a scope as a condition; `path` leads to the record from what is asked for ("record__")."""
    found = Q(**{f"{path}kind__in": scope.kinds}) if scope.kinds else Q()
    if scope.most is None:
        return found
    for model in _with_amounts(tuple(registry.kinds())):
        if not scope.kinds or registry.of(model()).kind in scope.kinds:
            dear = model._default_manager.filter(**{f"{AMOUNT}__gt": scope.most}).values("pk")
            found &= ~Q(**{f"{path}pk__in" if path else "pk__in": dear})
    return found


@cache
def _with_amounts(kinds: Sequence[str]) -> list[type[Any]]:
    """The models of processes whose records have an amount."""
    return [registry.get(kind).model for kind in kinds if _has_amount(registry.get(kind).model)]


def _has_amount(model: type[Record]) -> bool:
    try:
        model._meta.get_field(AMOUNT)
    except FieldDoesNotExist:
        return False
    return True


def parted(principals: Iterable[User]) -> tuple[list[User], list[User]]:
    """Those for whom somebody stands in for everything, and those with a limit."""
    known = list(principals)
    return [one for one in known if one.lent.whole], [one for one in known if not one.lent.whole]
