"""What administrators must know of the house itself: a line on their first page for as long as it holds.

Nothing is sent: what is amiss stands there until it is put right, and then it is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calendars.schedules import gap_warning
from core import clock
from core.text import listed
from workflow.models import ClockCheck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from people.models import User


@dataclass(frozen=True)
class Matter:
    """What is amiss, and where it is put right. `pressing` if it is a fault and not a thing to be decided."""

    text: str
    url: str
    link: str
    pressing: bool = False


def of(user: User) -> list[Matter]:
    """What a person must know; nothing for those who cannot put it right."""
    return [*_calendars(user), *_clocks(user)] if user.is_staff else []


def _calendars(user: User) -> Iterator[Matter]:
    if user.has_perm("calendars.change_workcalendar") and (gap := gap_warning(clock.now())):
        yield Matter(gap, reverse("admin:calendars_workcalendar_changelist"), _("Work calendars"))


def _clocks(user: User) -> Iterator[Matter]:
    found = ClockCheck.objects.order_by("-pk").first() if user.has_perm("workflow.add_recomputation") else None
    if found is None:
        return
    if found.drifted:
        drifted = ngettext(
            "%(count)s running deadline is not where its own terms put it, for instance of %(samples)s.",
            "%(count)s running deadlines are not where their own terms put them, for instance of %(samples)s.",
            found.drifted,
        ) % {"count": found.drifted, "samples": listed(found.samples[:3])}
        yield Matter(drifted, reverse("admin:workflow_clockcheck_changelist"), _("Checks of the clocks"), pressing=True)
    if found.waiting:
        waiting = ngettext(
            "%(count)s running deadline would be set otherwise by the present rules.",
            "%(count)s running deadlines would be set otherwise by the present rules.",
            found.waiting,
        ) % {"count": found.waiting}
        yield Matter(waiting, reverse("admin:workflow_recomputation_survey"), _("Look and decide"))
