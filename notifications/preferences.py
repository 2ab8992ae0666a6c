"""By which ways each person wants to be told of what; without a word the defaults of `kinds` hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.kinds import ON_BY_DEFAULT, PERSONAL_WAYS, Kind
from notifications.models import Preference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from people.models import User


class UnknownPreferenceError(ValueError):
    """There is no such kind of notice, or no such way that a person can switch."""


@dataclass(frozen=True)
class Choice:
    """A kind of notice and which ways are on for it."""

    kind: Kind
    ways: dict[str, bool]


def choices_of(user: User) -> list[Choice]:
    """All that a person can switch, as it is; one query."""
    chosen = {(row.kind, row.way): row.on for row in Preference.objects.filter(user=user)}
    return [
        Choice(kind, {way.value: chosen.get((kind, way), (kind, way) in ON_BY_DEFAULT) for way in PERSONAL_WAYS})
        for kind in Kind
    ]


def choose(user: User, kind: str, way: str, *, on: bool) -> None:
    """Switch a way for a kind. Raises UnknownPreferenceError."""
    if kind not in Kind.values or way not in [each.value for each in PERSONAL_WAYS]:
        msg = f"{kind}/{way}"
        raise UnknownPreferenceError(msg)
    Preference.objects.update_or_create(user=user, kind=kind, way=way, defaults={"on": on})


class Wishes:
    """What many people have chosen; one query for all of them."""

    def __init__(self, user_ids: Iterable[int]) -> None:
        rows = Preference.objects.filter(user__in=set(user_ids))
        self._chosen = {(row.user_id, row.kind, row.way): row.on for row in rows}

    def wants(self, user_id: int, kind: str, way: str) -> bool:
        """Whether the person wants to be told of the kind by the way."""
        return self._chosen.get((user_id, kind, way), (kind, way) in ON_BY_DEFAULT)
