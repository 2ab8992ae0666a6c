"""The life of a ticket (handbook: user issue intake; rules TKT-01 to TKT-27)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from tickets.events import (
    TicketClosed,
    TicketDispatched,
    TicketEscalated,
    TicketRecorded,
    TicketReopened,
    TicketResolved,
)
from tickets.flow.emergency import ACCESS_FIRST, STAYS_CRITICAL, TOLD_THE_RESULT, EmergencyActs
from tickets.flow.joins import JoinActs
from tickets.flow.states import BEING_WORKED_ON, DESK, DIRECTOR, FOLLOWER, RD, RECORDERS, UNRESOLVED, State
from workflow.common import Common
from workflow.flow import Need, Timer, Wait, verb
from workflow.models.record import NEW
from workflow.parties import ACCOUNT_OWNER, CUSTOMER, HANDLER, SPECIALIST, SUPERVISOR, SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from people.models import User
    from workflow.flow import Act


class TicketFlow(EmergencyActs, JoinActs, Common):
    """recorded → dispatched → in progress ⇄ with R&D / waiting for the customer → resolved → closed."""

    State = State
    carried = ("severity", "issue_type", "channel", "access")
    final = (State.CLOSED, State.CANCELLED, State.MERGED)
    path = (State.RECORDED, State.DISPATCHED, State.IN_PROGRESS, State.RESOLVED, State.CLOSED)
    waits = {
        State.RECORDED: Wait("dispatch", FOLLOWER, due="ticket.response"),
        State.DISPATCHED: Wait("respond", HANDLER, due="ticket.response"),
        State.IN_PROGRESS: Wait("resolve", HANDLER, due="ticket.promise"),
        State.WITH_RD: Wait("return_from_rd", RD, due="ticket.promise"),
        State.WAITING_CUSTOMER: Wait("customer_answered", FOLLOWER),
        State.RESOLVED: Wait("confirm", FOLLOWER),
    }
    timers = (
        Timer(
            "ticket.response",
            _("Response to the customer"),
            opens=("record", "record_emergency", "reopen"),
            closes=("respond", "answer_at_once", "resolve"),
            within=UNRESOLVED,
            starts="accepted_at",
            work=Wait("respond", HANDLER, due="ticket.response"),
        ),
        Timer(
            "ticket.contact",
            _("Next contact with the customer"),
            opens=("dispatch", "record_emergency", "change_severity", "reopen"),
            restarts=("log_contact", "tell_by_phone", "tell_by_email"),
            within=BEING_WORKED_ON,
            work=Wait("log_contact", ACCOUNT_OWNER | SPECIALIST, due="ticket.contact"),
        ),
        Timer(
            "ticket.promise",
            _("Resolution as promised"),
            opens=("respond",),
            closes=("resolve",),
            within=BEING_WORKED_ON,
            pauses=(State.WAITING_CUSTOMER,),
            fixed="expected_at",
        ),
        Timer(
            "ticket.autodispatch", _("Dispatch by itself"), opens=("record",), within=(State.RECORDED,), then="dispatch"
        ),
        Timer(
            "ticket.autoclose",
            _("Closing by itself"),
            opens=("resolve", "answer_at_once"),
            within=(State.RESOLVED,),
            then="close_unanswered",
        ),
        *EmergencyActs.timers,
    )

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        accepted_at = responded_at = resolved_at = expected_at = handler = specialist = severity = cast("Any", None)
        way = measures = method = course = result = leftovers = cause = satisfaction = comment = cast("Any", None)

    def facts(self) -> dict[str, str]:
        """Severity, type, channel and whether it is an emergency, on which policies and routing depend."""
        ticket: Any = self
        return {
            "severity": ticket.severity.code,
            "issue_type": ticket.issue_type.code,
            "channel": ticket.channel.code,
            "emergency": "yes" if ticket.emergency else "no",
        }

    def _claim(self, act: Act) -> None:
        """Of those who accept or dispatch, the first is whom the ticket is followed by."""
        if self.specialist is None and act.actor.user is not None and not act.actor.user.is_customer:
            self.specialist = act.actor.user

    # --- acceptance ---------------------------------------------------------------------------------------------
    @verb(
        NEW,
        State.RECORDED,
        by=RECORDERS,
        label=_("Record"),
        rules=("TKT-01", "TKT-02", "TKT-03", "TKT-04", "TKT-05", "OFH-13"),
        public=True,
        tone="primary",
    )
    def record(self, act: Act, **said: Any) -> None:
        """Accept an issue: from this moment its response time runs, and the specialist follows it (TKT-22)."""
        for name, value in said.items():
            setattr(self, name, value)
        self.accepted_at = act.at
        whose = act.actor.on_behalf_of or act.actor.user
        if whose is not None and DESK.includes(whose, act.record):
            self._claim(act)  # what the engineer on duty writes down waits for a specialist (OFH-13)
        act.announce(TicketRecorded)

    @verb(
        State.RECORDED,
        State.RESOLVED,
        by=SPECIALIST | DESK,
        label=_("Answer at once"),
        rules=("TKT-06", "TKT-27"),
        public=True,
        tone="primary",
        icon="bolt",
    )
    def answer_at_once(self, act: Act, method: str, result: str) -> None:
        """A basic question is answered at intake, without dispatch."""
        self._claim(act)
        self.method, self.result = method, result
        self.handler = act.actor.on_behalf_of or act.actor.user
        self.responded_at = self.resolved_at = act.at
        act.announce(TicketResolved)

    @verb(
        State.RECORDED,
        State.DISPATCHED,
        by=DESK | SYSTEM,
        label=_("Dispatch"),
        rules=("TKT-07", "TKT-08", "TKT-09", "TKT-10", "TKT-11", "TKT-19"),
        tone="primary",
        icon="send",
    )
    def dispatch(self, act: Act, handler: User, text: str = "") -> None:
        """Give the ticket to whom type, region and workload point, or whom the specialist names."""
        self._claim(act)
        self.handler = handler
        act.announce(TicketDispatched, handler_id=handler.pk)

    # --- work ---------------------------------------------------------------------------------------------------
    @verb(
        (State.DISPATCHED, State.IN_PROGRESS),
        State.IN_PROGRESS,
        by=HANDLER,
        label=_("Respond"),
        rules=("TKT-13", "TKT-16", "TKT-17", "TKT-18"),
        needs=(
            Need(
                lambda ticket: ticket.state != State.IN_PROGRESS or ticket.responded_at is None,
                _("The customer has already had a response."),
                rule="TKT-16",
            ),
            ACCESS_FIRST,
        ),
        public=True,
        tone="primary",
        icon="phone-outgoing",
    )
    def respond(self, act: Act, contacted_by: Any, way: str, expected_at: datetime, measures: str) -> None:
        """Contact the customer and say how and until when the issue will be solved."""
        self.way, self.expected_at, self.measures = way, expected_at, measures
        if self.responded_at is None:
            self.responded_at = act.at

    @verb(
        (State.DISPATCHED, State.IN_PROGRESS),
        State.DISPATCHED,
        by=HANDLER | SPECIALIST | SUPERVISOR | DIRECTOR,
        label=_("Hand over"),
        rules=("TKT-12", "TKT-15"),
        icon="arrow-forward-up",
    )
    def hand_over(self, act: Act, handler: User, done: str, leftovers: str) -> None:
        """Name the next handler and what was done and left; the response time does not start anew."""
        self.handler = handler
        act.announce(TicketDispatched, handler_id=handler.pk)

    @verb(
        State.IN_PROGRESS,
        State.WITH_RD,
        by=HANDLER,
        label=_("Escalate to R&D"),
        rules=("TKT-24",),
        needs=(
            Need(
                lambda ticket: ticket.issue_type.code == "technical",
                _("Only technical issues go to R&D; correct the type first."),
                rule="TKT-24",
                who=SPECIALIST,
            ),
            ACCESS_FIRST,
        ),
        icon="flask",
    )
    def escalate_to_rd(self, act: Act, question: str, tried: str) -> None:
        """Pass on what the engineer cannot solve, with what was tried."""
        act.announce(TicketEscalated)

    @verb(
        State.WITH_RD,
        State.IN_PROGRESS,
        by=RD | HANDLER | SYSTEM,
        label=_("Return from R&D"),
        rules=("TKT-24",),
        tone="primary",
        icon="arrow-back-up",
    )
    def return_from_rd(
        self, act: Act, method: str, advice: str, result: str, leftovers: str, handler: User | None = None
    ) -> None:
        """R&D's method, advice, result, leftover issues and next handler come back; who answered reads along."""
        if act.actor.user is not None:
            act.copy_to([act.actor.user.pk])
        if handler is not None:
            self.handler = handler

    @verb(
        State.IN_PROGRESS,
        State.WAITING_CUSTOMER,
        by=HANDLER,
        label=_("Wait for the customer"),
        rules=("TKT-05",),
        public=True,
        icon="hourglass",
    )
    def wait_for_customer(self, act: Act, asked: str) -> None:
        """Say what is asked of the customer; the promised time stands still, contact goes on."""

    @verb(
        State.WAITING_CUSTOMER,
        State.IN_PROGRESS,
        by=SPECIALIST | HANDLER | DESK | CUSTOMER,
        label=_("Customer answered"),
        rules=("TKT-05",),
        public=True,
        tone="primary",
        icon="message-reply",
    )
    def customer_answered(self, act: Act, answer: str) -> None:
        """The customer's answer is on record and the work goes on."""

    @verb(
        BEING_WORKED_ON,
        None,
        by=ACCOUNT_OWNER | SPECIALIST | HANDLER | DESK,
        label=_("Log a contact"),
        rules=("TKT-20", "TKT-21", "TKT-23"),
        icon="phone",
    )
    def log_contact(
        self, act: Act, contacted_by: Any, person: str, summary: str, opinion_kind: str = "", opinion: str = ""
    ) -> None:
        """The customer was told how the work stands, and may have said what they think of us (TKT-26)."""

    @verb(
        BEING_WORKED_ON,
        None,
        by=ACCOUNT_OWNER | SPECIALIST | DESK | SUPERVISOR | DIRECTOR,
        label=_("Press"),
        rules=("TKT-22", "TKT-23"),
        icon="bell-ringing",
    )
    def press(self, act: Act, text: str) -> None:
        """催办: a notice to the handler and the handler's supervisor."""

    @verb(
        UNRESOLVED,
        None,
        by=SPECIALIST | HANDLER | ACCOUNT_OWNER | DESK,
        label=_("Change severity"),
        rules=("TKT-04", "TKT-16", "TKT-17", "TKT-18", "TKT-19"),
        needs=(STAYS_CRITICAL,),
        recomputes=("ticket.response", "ticket.contact"),
        icon="urgent",
    )
    def change_severity(self, act: Act, severity: Any, reason: str) -> None:
        """Judge the severity anew; the deadlines are recomputed from acceptance."""
        self.severity = severity

    @verb(UNRESOLVED, None, by=SPECIALIST | DESK, label=_("Correct"), rules=("TKT-03",), tone="quiet", icon="pencil")
    def correct(self, act: Act, **said: Any) -> None:
        """Put right what was recorded."""
        for name, value in said.items():
            setattr(self, name, value)

    @verb(
        UNRESOLVED,
        None,
        by=SPECIALIST | HANDLER | DESK,
        label=_("Ask for details"),
        rules=("TKT-05",),
        public=True,
        icon="file-search",
    )
    def ask_for_details(self, act: Act, asked: str, contacted_by: Any) -> None:
        """Ask the customer to send a complex issue's details by fax or email."""

    @verb(
        (State.RECORDED, State.DISPATCHED, State.IN_PROGRESS, State.WITH_RD),
        None,
        by=CUSTOMER | SPECIALIST | DESK,
        label=_("Add details"),
        rules=("TKT-05",),
        public=True,
        tone="quiet",
        icon="file-plus",
    )
    def add_details(self, act: Act, text: str) -> None:
        """What the customer tells beside, asked for or not, with its files."""

    # --- the end ------------------------------------------------------------------------------------------------
    @verb(
        State.IN_PROGRESS,
        State.RESOLVED,
        by=HANDLER,
        label=_("Resolve"),
        rules=("TKT-14", "TKT-27", "OFH-07"),
        needs=(ACCESS_FIRST,),
        public=True,
        tone="primary",
        icon="check",
    )
    def resolve(self, act: Act, method: str, course: str, result: str, leftovers: str = "", cause: str = "") -> None:
        """Say how it was solved, what came of it and what is left."""
        self.method, self.course, self.result = method, course, result
        self.leftovers, self.cause = leftovers, cause
        self.resolved_at = act.at
        if self.responded_at is None:
            self.responded_at = act.at
        act.announce(TicketResolved)

    @verb(
        State.RESOLVED,
        State.CLOSED,
        by=SPECIALIST | ACCOUNT_OWNER | DESK | CUSTOMER,
        label=_("Confirm"),
        rules=("TKT-22",),
        needs=TOLD_THE_RESULT,
        public=True,
        tone="primary",
        icon="circle-check",
    )
    def confirm(self, act: Act, satisfaction: int, comment: str = "") -> None:
        """The customer agrees that it is solved, and says how satisfied they are."""
        self.satisfaction, self.comment = satisfaction, comment
        act.announce(TicketClosed)

    @verb(
        State.RESOLVED,
        State.CLOSED,
        by=SYSTEM,
        label=_("Close unanswered"),
        rules=("TKT-22",),
        needs=TOLD_THE_RESULT,
        public=True,
    )
    def close_unanswered(self, act: Act) -> None:
        """The time for a confirmation has passed."""
        act.announce(TicketClosed)

    @verb(
        (State.RESOLVED, State.CLOSED),
        State.IN_PROGRESS,
        by=SPECIALIST | DESK | ACCOUNT_OWNER | CUSTOMER,
        label=_("Reopen"),
        rules=("TKT-22", "TKT-16"),
        public=True,
        icon="refresh",
    )
    def reopen(self, act: Act, reason: str) -> None:
        """It was not solved; a new response time runs."""
        self.responded_at = self.resolved_at = None
        self.satisfaction = None
        act.announce(TicketReopened)

    @verb(
        UNRESOLVED, State.CANCELLED, by=SPECIALIST | DIRECTOR, label=_("Call off"), tone="danger", public=True, icon="x"
    )
    def cancel(self, act: Act, reason: str) -> None:
        """It was recorded by mistake, or the customer takes it back."""
