"""The tabs of a process's list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock
from workflow.models import Involvement
from workflow.tones import tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from people.models import User
    from workflow.registry import Process

OVERDUE = "overdue"


ACCEPTING = ("customer_specialist",)
"""Whose part it is to accept records and to follow them."""
OWNING = ("account_manager", "senior_account_manager")
"""Who can have customers of their own."""


@dataclass(frozen=True)
class Preset:
    """A tab of a list. `for_roles` hold something under it by what they are; empty: anybody may."""

    code: str
    label: str
    asks: Callable[[], Q]
    for_roles: tuple[str, ...] = ()

    @property
    def keep(self) -> Q:
        """The condition on records; made when it is needed, since of all tabs one is looked at."""
        return self.asks()


def presets(process: Process, user: User) -> list[Preset]:
    """The tabs that a person's list has, the first being the one that is shown unasked.

    A tab under which nobody of the person's roles ever holds anything is left out.
    """
    return [each for each in _all(process, user) if not each.for_roles or user.has_role(*each.for_roles)]


def is_known(process: Process, user: User, code: str) -> bool:
    """Whether a process's list has a tab of that code for somebody."""
    return any(each.code == code for each in _all(process, user))


def _asides(process: Process) -> list[str]:
    flow: Any = process.model
    return [state for state in flow.State.values if tone(flow, state) == "aside"]


def _all(process: Process, user: User) -> list[Preset]:
    asides = _asides(process)
    found = [
        Preset("open", _("Open"), lambda: Q(is_open=True)),
        Preset("mine", _("With me"), lambda: Q(is_open=True, handler=user)),
        Preset("specialist", _("Accepted by me"), lambda: Q(is_open=True, specialist=user), ACCEPTING),
        Preset("customers", _("My customers"), lambda: Q(is_open=True, customer__account_manager=user), OWNING),
        Preset("watched", _("Watched"), lambda: Q(is_open=True, id__among=_watched(user))),
        Preset(OVERDUE, _("Overdue"), lambda: Q(is_open=True, due_at__lt=clock.now())),
    ]
    if asides:
        found.append(Preset("waiting", _("Waiting for others"), lambda: Q(is_open=True, state__in=asides)))
    found.append(Preset("all", _("All"), Q))
    return [each for each in found if each.code != "customers" or not process.internal]


def _watched(user: User) -> QuerySet[Any, Any]:
    return Involvement.objects.reading_along(user).values("record_id")


def preset_of(process: Process, user: User, code: str) -> Preset:
    """The tab of a code, or the first one if there is none of that code.

    One that is left out for the person is found all the same: a view that somebody shares may stand on it.
    """
    found = _all(process, user)
    return next((preset for preset in found if preset.code == code), found[0])
