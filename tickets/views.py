"""The pages of the ticket desk's own: two intakes (by day, and by the engineer on duty), and the night's hand-over.

By day an issue is recorded, and with the same press dispatched, answered, or left for later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.faces import Ending, Intake, ListPage
from duty.models import Shift
from duty.roster import night_before
from tickets.flow import State
from tickets.flow.emergency import TOLD_THE_RESULT
from tickets.forms.emergency import next_working_moment
from tickets.models import Channel, Ticket
from tickets.services import EMERGENCY_HOTLINE
from workflow.engine import perform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.forms import BoundField

    from people.actors import Actor
    from people.models import User
    from workflow.forms import VerbForm

_MOST = 200
DISPATCH, ANSWER, SAVE = "dispatch", "answer", "save"
ENDINGS = (
    Ending(DISPATCH, _("Save and dispatch"), "send", "primary"),
    Ending(ANSWER, _("Answer at once"), "bolt"),
    Ending(SAVE, _("Save only"), "check", follows=False),
)
PARTS = (
    ("who", _("Who asks"), ("customer", "contact", "phone", "email", "fax")),
    ("kind", _("What kind"), ("channel", "severity", "issue_type", "subtype")),
    ("what", _("What it is about"), ("title", "body", "site", "files")),
)
AFTER = (
    ("dispatch", _("To somebody in particular"), ("handler",)),
    ("answer", _("The answer, if it can be given at once"), ("method", "result")),
)


@dataclass(frozen=True)
class Part:
    """Some fields of a form, shaped like a form for the component that draws one."""

    code: str
    title: Any
    visible_fields: Sequence[BoundField]
    hidden_fields: Sequence[BoundField] = ()
    non_field_errors: Sequence[str] = field(default_factory=tuple)

    @property
    def filled(self) -> bool:
        """Whether something stands in it, or is wrong with it, so that it must be seen."""
        return any(each.errors or each.value() for each in self.visible_fields)


def context(form: VerbForm, actor: Actor) -> Mapping[str, Any]:  # noqa: ARG001 - everybody is shown the same
    """The form in parts, in the order of a telephone call."""
    return _in_parts(form, parts=PARTS, after=AFTER)


def _in_parts(form: VerbForm, **groups: Any) -> dict[str, Any]:
    return {
        name: [Part(code, title, [form[each] for each in fields]) for code, title, fields in parts]
        for name, parts in groups.items()
    }


def finish(ticket: Ticket, ending: str, actor: Actor, data: Mapping[str, Any], files: Any) -> None:  # noqa: ARG001
    """What follows on recording. Raises Refused, which undoes the recording too."""
    if ending == DISPATCH:
        perform(ticket, "dispatch", actor=actor, data={name: data.get(name) for name in ("handler", "handler_text")})
    elif ending == ANSWER:
        perform(ticket, "answer_at_once", actor=actor, data={name: data.get(name) for name in ("method", "result")})


INTAKE = Intake("tickets/intake.html", ENDINGS, context, finish)


EMERGENCY_PARTS = (
    ("criteria", _("Is it an emergency?"), ("product_related", "major_failure", "teaching_disturbed")),
    ("who", _("Who asks"), ("customer", "contact", "phone", "email", "fax")),
    ("what", _("What it is about"), ("title", "body", "site", "issue_type", "subtype", "files")),
)
OTHERWISE = (("otherwise", _("If it is no emergency"), ("severity",)),)


def emergency_context(form: VerbForm, actor: Actor) -> Mapping[str, Any]:  # noqa: ARG001 - everybody is shown the same
    """The criteria first, then the call; the channel is given, and when an ordinary ticket goes on is said."""
    hotline = Channel.objects.filter(code=EMERGENCY_HOTLINE).first()
    return _in_parts(form, parts=EMERGENCY_PARTS, after=OTHERWISE) | {
        "hotline": hotline.pk if hotline else "",
        "opens_at": next_working_moment(form.at),
    }


EMERGENCY = Intake(
    "tickets/emergency.html",
    (
        Ending("emergency", _("Record the emergency"), "urgent", "primary"),
        Ending("ordinary", _("Record as an ordinary ticket"), "check", verb="record"),
    ),
    emergency_context,
)


def night(user: User) -> Mapping[str, Any]:
    """What a morning hears of: everything that came in the night, and emergencies that are not finished."""
    hours = night_before(clock.now())
    rows: Any = Ticket.objects.for_actor(user).listed().select_related("specialist", "channel", "contact")
    came = rows.filter(accepted_at__gte=hours.start, accepted_at__lt=hours.end).order_by("-emergency", "accepted_at")
    older = rows.filter(emergency=True, is_open=True, accepted_at__lt=hours.start).order_by("-accepted_at")
    return {
        "hours": hours,
        "came_title": gettext("What came in the night"),
        "came_empty": gettext("The night was quiet: nothing came."),
        "older_title": gettext("Emergencies of earlier nights that are not finished"),
        "came": [(ticket, left_over(ticket)) for ticket in came[:_MOST]],
        "older": [(ticket, left_over(ticket)) for ticket in older[:_MOST]],
        "shifts": Shift.objects.meeting(hours.start, hours.end).select_related("engineer", "post"),
    }


def left_over(ticket: Ticket) -> list[str]:
    """What is still to be done with a ticket of the night, in words."""
    found: list[str] = []
    if ticket.state == State.RECORDED:
        found.append(gettext("to be dispatched"))
    if ticket.emergency and ticket.specialist_id is None and ticket.is_open:
        found.append(gettext("no specialist follows it yet"))
    if ticket.emergency and ticket.state == State.RESOLVED:
        needs = [need for need in TOLD_THE_RESULT if not need.holds(ticket)]
        found += [str(need.message) for need in needs]
    if ticket.emergency and ticket.resolved_at is not None and not followed_up(ticket):
        found.append(gettext("to be followed up by the account manager"))
    if ticket.leftovers:
        found.append(ticket.leftovers)
    return found


def followed_up(ticket: Ticket) -> bool:
    """Whether the account manager has asked the customer since it was resolved."""
    done = ticket.followed_up_at
    return done is not None and ticket.resolved_at is not None and done >= ticket.resolved_at


NIGHT = ListPage("night", _("Hand-over of the night"), "moon", "tickets/night.html", night)

__all__ = ("EMERGENCY", "INTAKE", "NIGHT")
