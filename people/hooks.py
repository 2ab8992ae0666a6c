"""Where the layers above say what waits for somebody, so that an administrator sees it before that person leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from people.models import User

    Waits: TypeAlias = "Callable[[User], list[tuple[str, str]]]"

_waits: list[Waits] = []


def waits(function: Waits) -> Waits:
    """Make known a function that gives the address and the words of what waits for a person."""
    if function not in _waits:
        _waits.append(function)
    return function


def waiting_for(person: User) -> list[tuple[str, str]]:
    """All that waits for a person."""
    return [found for function in _waits for found in function(person)]
