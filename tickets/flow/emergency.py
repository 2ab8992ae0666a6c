"""What an emergency adds to the life of a ticket (handbook: off-hours intake; rules OFH-01 to OFH-14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils.translation import gettext_lazy as _

from duty.parties import DUTY_ENGINEER, DutyPart
from tickets.events import TicketDispatched, TicketRecorded
from tickets.flow.states import BEING_WORKED_ON, DESK, UNRESOLVED, State
from vault import acts
from workflow.flow import Flow, Need, Timer, Wait, verb
from workflow.models.record import NEW
from workflow.parties import ACCOUNT_OWNER, HANDLER, SPECIALIST, Party, introduce

if TYPE_CHECKING:
    from people.models import User
    from workflow.flow import Act
    from workflow.models import Record


@dataclass(frozen=True)
class _DutyThere(DutyPart):
    """Whoever is on duty, but only for an emergency that is still open."""

    def includes(self, user: User, record: Record) -> bool:
        """Whether the person is on duty now and this is an open emergency."""
        return bool(getattr(record, "emergency", False)) and record.is_open and super().includes(user, record)

    def named(self, record: Record) -> str:
        """The names are of interest for an emergency only."""
        return super().named(record) if getattr(record, "emergency", False) else str(self.label)


DUTY_THERE = introduce(Party((_DutyThere("duty_there", _("engineer on duty, for an open emergency")),)))
ACCESS_FIRST = Need(
    lambda ticket: not ticket.emergency or acts.on_record(ticket),
    _("Before work on an emergency starts, the customer's access details are put on record."),
    rule="OFH-04",
    who=HANDLER | DUTY_THERE,
)
STAYS_CRITICAL = Need(lambda ticket: not ticket.emergency, _("An emergency stays critical."), rule="OFH-14")


def _told(ticket: Any, at: Any) -> bool:
    """Whether the customer was told after the emergency was resolved."""
    return not ticket.emergency or (at is not None and ticket.resolved_at is not None and at >= ticket.resolved_at)


TOLD_THE_RESULT = (
    Need(
        lambda ticket: _told(ticket, ticket.phoned_at),
        _("The customer has not been told the result by phone yet."),
        rule="OFH-08",
        who=HANDLER,
    ),
    Need(
        lambda ticket: _told(ticket, ticket.mailed_at),
        _("The customer has not been told the result by email yet."),
        rule="OFH-08",
        who=HANDLER,
    ),
)


def _is_emergency(ticket: Any) -> bool:
    return bool(ticket.emergency)


class EmergencyActs(Flow):
    """Recorded by the engineer on duty in person, who handles it at once, tells the customer and is followed up."""

    timers: ClassVar[tuple[Timer, ...]] = (
        Timer(
            "ticket.phone_result",
            _("Result by phone"),
            opens=("resolve",),
            closes=("tell_by_phone",),
            within=(State.RESOLVED,),
            work=Wait("tell_by_phone", HANDLER, due="ticket.phone_result"),
        ),
        Timer(
            "ticket.mail_result",
            _("Result by email"),
            opens=("resolve",),
            closes=("tell_by_email",),
            within=(State.RESOLVED,),
            work=Wait("tell_by_email", HANDLER, due="ticket.mail_result"),
        ),
        Timer(
            "ticket.follow_up",
            _("Follow-up by the account manager"),
            opens=("resolve",),
            closes=("follow_up",),
            within=(State.RESOLVED, State.CLOSED),
            work=Wait("follow_up", ACCOUNT_OWNER, due="ticket.follow_up"),
        ),
    )

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        emergency = accepted_at = handler = specialist = phoned_at = mailed_at = email = cast("Any", None)
        speed = outcome = followed_up_at = asked_satisfaction = opinions = suggestions = cast("Any", None)

    @verb(
        NEW,
        State.DISPATCHED,
        by=DUTY_ENGINEER,
        label=_("Record an emergency"),
        rules=("OFH-01", "OFH-02", "OFH-03", "OFH-06", "OFH-14"),
        public=True,
        tone="primary",
        icon="urgent",
    )
    def record_emergency(self, act: Act, **said: Any) -> None:
        """Accept an emergency in person: it is critical, and one's own from this moment."""
        for name, value in said.items():
            setattr(self, name, value)
        self.emergency = True
        self.accepted_at = act.at
        self.handler = act.actor.user
        act.announce(TicketRecorded)
        act.announce(TicketDispatched, handler_id=self.handler.pk)

    record_access = acts.recording(by=HANDLER | SPECIALIST | DESK | DUTY_THERE)
    reveal_access = acts.revealing(by=HANDLER | ACCOUNT_OWNER | DUTY_THERE)

    @verb(
        (*BEING_WORKED_ON, State.RESOLVED),
        None,
        by=HANDLER | DUTY_THERE,
        when=_is_emergency,
        label=_("Tell by phone"),
        rules=("OFH-08",),
        icon="phone-check",
    )
    def tell_by_phone(self, act: Act, person: str, summary: str) -> None:
        """Tell the customer progress or result by phone; once it is resolved, the result."""
        self.phoned_at = act.at

    @verb(
        (*BEING_WORKED_ON, State.RESOLVED),
        None,
        by=HANDLER | DUTY_THERE,
        when=_is_emergency,
        label=_("Tell by email"),
        rules=("OFH-08",),
        public=True,
        icon="mail-check",
    )
    def tell_by_email(self, act: Act, email: str, summary: str) -> None:
        """Write to the customer about progress or result; the mail leaves with this act."""
        self.email, self.mailed_at = email, act.at

    @verb(
        BEING_WORKED_ON,
        None,
        by=HANDLER | DUTY_THERE,
        label=_("Cry for help"),
        rules=("OFH-11",),
        icon="lifebuoy",
    )
    def cry_for_help(self, act: Act, trouble: str, details: str, people: Any = ()) -> None:
        """It is stubborn, cannot be timed or has no known solution: those who can help are told in detail."""
        act.copy_to([person.pk for person in people])

    @verb(
        (State.RESOLVED, State.CLOSED),
        None,
        by=ACCOUNT_OWNER,
        when=_is_emergency,
        label=_("Follow up"),
        rules=("OFH-09", "OFH-10"),
        tone="primary",
        icon="message-reply",
    )
    def follow_up(
        self, act: Act, speed: int, outcome: str, asked_satisfaction: int, opinions: str = "", suggestions: str = ""
    ) -> None:
        """Ask the customer at once about response speed, result and satisfaction, and write down what they say."""
        self.speed, self.outcome, self.asked_satisfaction = speed, outcome, asked_satisfaction
        self.opinions, self.suggestions = opinions, suggestions
        self.followed_up_at = act.at

    @verb(
        (*UNRESOLVED, State.RESOLVED),
        None,
        by=DESK,
        when=lambda ticket: ticket.emergency and ticket.specialist_id is None,
        label=_("Take over the follow-up"),
        rules=("TKT-22",),
        icon="user-check",
    )
    def take_over(self, act: Act) -> None:
        """In the morning a specialist takes on to follow an emergency of the night to its end."""
        self.specialist = act.actor.user


__all__ = ("ACCESS_FIRST", "STAYS_CRITICAL", "TOLD_THE_RESULT", "EmergencyActs")
