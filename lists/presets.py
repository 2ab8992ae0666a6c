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
    from people.models import User
    from workflow.registry import Process

OVERDUE = "overdue"


@dataclass(frozen=True)
class Preset:
    """A tab of a list."""

    code: str
    label: str
    keep: Q


def presets(process: Process, user: User) -> list[Preset]:
    """The tabs of a process's list, the first being the one that is shown unasked."""
    flow: Any = process.model
    asides = [state for state in flow.State.values if tone(flow, state) == "aside"]
    watched = Involvement.objects.reading_along(user).values("record_id")
    found = [
        Preset("open", _("Open"), Q(is_open=True)),
        Preset("mine", _("With me"), Q(is_open=True, handler=user)),
        Preset("specialist", _("Accepted by me"), Q(is_open=True, specialist=user)),
        Preset("customers", _("My customers"), Q(is_open=True, customer__account_manager=user)),
        Preset("watched", _("Watched"), Q(is_open=True, pk__in=watched)),
        Preset(OVERDUE, _("Overdue"), Q(is_open=True, due_at__lt=clock.now())),
    ]
    if asides:
        found.append(Preset("waiting", _("Waiting for others"), Q(is_open=True, state__in=asides)))
    return [*found, Preset("all", _("All"), Q())]


def preset_of(process: Process, user: User, code: str) -> Preset:
    """The tab of a code, or the first one if there is none of that code."""
    found = presets(process, user)
    return next((preset for preset in found if preset.code == code), found[0])
