"""Where the layers above say what depends on calendars, so that whoever edits one is led to what the edit means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import Promise

    from calendars.models import WorkCalendar


@dataclass(frozen=True)
class Dependant:
    """What depends on calendars.

    `page` is where an administrator sees what has become of it (None: for whichever calendar), `touched` says whether
    there is anything to see after an edit.
    """

    label: str | Promise
    page: Callable[[WorkCalendar | None], str]
    touched: Callable[[WorkCalendar | None], bool]


_dependants: list[Dependant] = []


def depend(dependant: Dependant) -> None:
    """Make a dependant known."""
    if dependant not in _dependants:
        _dependants.append(dependant)


def pages(calendar: WorkCalendar) -> list[tuple[str, str]]:
    """Address and name of the page of each dependant."""
    return [(each.page(calendar), str(each.label)) for each in _dependants]


def where_next(calendar: WorkCalendar | None) -> str | None:
    """Where to look after an edit; None if nothing is touched by it."""
    return next((each.page(calendar) for each in _dependants if each.touched(calendar)), None)
