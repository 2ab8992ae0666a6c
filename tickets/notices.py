"""Who is told what of tickets, under which rule; of several that reach a person, the first one speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Urgency
from notifications.rules import CustomerMail, notice
from tickets.services import came_in
from workflow.parties import ACCOUNT_OWNER, HANDLER, SPECIALIST, SUPERVISOR, WATCHERS, role

if TYPE_CHECKING:
    from notifications.rules import When
    from workflow.models import Entry

TO_HANDLER = {
    "technical": "TKT-07",
    "application": "TKT-08",
    "requirement": "TKT-09",
    "training_request": "TKT-10",
    "other": "TKT-11",
}
"""Under which rule a ticket of a type comes to its handler."""
TO_ACCOUNT_OWNER = ("technical", "application", "training_request")
"""Types that go to somebody else, so that the account manager is told of them."""


def _of_type(code: str) -> When:
    return lambda ticket, entry: ticket.issue_type.code == code  # noqa: ARG005 - a rule looks at record and entry


def _of_another_type(ticket: Any, entry: Entry) -> bool:  # noqa: ARG001
    """An administrator's own type, of which the handbook has no rule."""
    return ticket.issue_type.code not in TO_HANDLER


def _reported(ticket: Any, entry: Entry) -> bool:  # noqa: ARG001
    return bool(ticket.severity.reported)


def _in_the_night(ticket: Any, entry: Entry) -> bool:  # noqa: ARG001
    return bool(ticket.emergency)


def _nobody_follows(ticket: Any, entry: Entry) -> bool:  # noqa: ARG001
    return ticket.specialist_id is None


def _reporters_of_duplicates(ticket: Any) -> dict[str, str]:
    """Where the contacts of what was merged into a ticket are reached, with their names."""
    ways = {each.email or each.contact.email: each.contact.name for each in came_in(ticket)}
    return {address: name for address, name in ways.items() if address}


_GIVEN = _("%(number)s is yours: %(title)s (%(customer)s)")
_TOLD = _("%(number)s was given to %(handler)s: %(title)s (%(customer)s)")
_REPORT = _("Reported: %(number)s %(title)s (%(customer)s), handler %(handler)s")
_DONE = _("%(number)s: %(verb)s by %(actor)s – %(title)s")

NOTICES = (
    # --- it comes to somebody
    *(
        notice(on="dispatch", to=HANDLER, kind=Kind.ASSIGNMENT, title=_GIVEN, rule=rule, when=_of_type(code))
        for code, rule in TO_HANDLER.items()
    ),
    notice(on="dispatch", to=HANDLER, kind=Kind.ASSIGNMENT, title=_GIVEN, when=_of_another_type),
    notice(on="hand_over", to=HANDLER, kind=Kind.ASSIGNMENT, title=_GIVEN, rule="TKT-15"),
    notice(on="escalate_to_rd", to=role("rd_engineer"), kind=Kind.ASSIGNMENT, title=_DONE, rule="TKT-24"),
    notice(on="return_from_rd", to=HANDLER, kind=Kind.ASSIGNMENT, title=_GIVEN, rule="TKT-24"),
    notice(on="reopen", to=HANDLER, kind=Kind.ASSIGNMENT, title=_DONE, rule="TKT-22", urgency=Urgency.URGENT),
    notice(
        on="record",
        to=role("customer_specialist"),
        kind=Kind.ASSIGNMENT,
        title=_DONE,
        rule="TKT-22",
        when=_nobody_follows,
    ),
    # --- urgent and critical ones are reported
    notice(
        on=("dispatch", "hand_over", "change_severity", "reopen"),
        to=ACCOUNT_OWNER | SUPERVISOR,
        kind=Kind.REPORT,
        title=_REPORT,
        rule="TKT-19",
        urgency=Urgency.URGENT,
        when=_reported,
    ),
    *(
        notice(
            on="dispatch",
            to=ACCOUNT_OWNER,
            kind=Kind.PROGRESS,
            title=_TOLD,
            rule=TO_HANDLER[code],
            when=_of_type(code),
        )
        for code in TO_ACCOUNT_OWNER
    ),
    # --- emergencies
    notice(
        on="cry_for_help",
        to=ACCOUNT_OWNER | SUPERVISOR | WATCHERS,
        kind=Kind.ESCALATION,
        title=_("%(actor)s needs help: %(number)s %(title)s (%(customer)s)"),
        rule="OFH-11",
        urgency=Urgency.URGENT,
    ),
    notice(
        on=("record_emergency", "tell_by_phone", "tell_by_email", "resolve"),
        to=ACCOUNT_OWNER,
        kind=Kind.REPORT,
        title=_("Emergency %(number)s: %(verb)s by %(actor)s – %(title)s (%(customer)s)"),
        rule="OFH-08",
        urgency=Urgency.URGENT,
        when=_in_the_night,
    ),
    notice(
        on="record_emergency",
        to=role("service_director") | role("customer_specialist"),
        kind=Kind.PROGRESS,
        title=_DONE,
        rule="OFH-08",
        urgency=Urgency.QUIET,
    ),
    notice(on="follow_up", to=HANDLER | SPECIALIST, kind=Kind.PROGRESS, title=_DONE, rule="OFH-10"),
    notice(
        on="reveal_access",
        to=ACCOUNT_OWNER,
        kind=Kind.REPORT,
        title=_("%(actor)s opened the password of %(customer)s for %(number)s"),
        rule="OFH-05",
    ),
    # --- pressing, and how it goes on
    notice(
        on="press",
        to=HANDLER | SUPERVISOR,
        kind=Kind.REMINDER,
        title=_("%(actor)s presses: %(number)s %(title)s"),
        rule="TKT-23",
        urgency=Urgency.URGENT,
    ),
    notice(on="change_severity", to=HANDLER, kind=Kind.PROGRESS, title=_DONE, rule="TKT-04", urgency=Urgency.URGENT),
    notice(on="hear", to=HANDLER, kind=Kind.PROGRESS, title=_DONE, rule="TKT-24"),
    notice(on="add_details", to=HANDLER | SPECIALIST, kind=Kind.PROGRESS, title=_DONE, rule="TKT-05"),
    notice(on=("customer_answered", "correct", "cancel", "excuse"), to=HANDLER, kind=Kind.PROGRESS, title=_DONE),
    notice(on=("confirm", "close_unanswered"), to=HANDLER, kind=Kind.PROGRESS, title=_DONE, urgency=Urgency.QUIET),
    notice(
        on=("resolve", "reopen", "wait_for_customer", "close_unanswered"),
        to=SPECIALIST | ACCOUNT_OWNER,
        kind=Kind.PROGRESS,
        title=_DONE,
        rule="TKT-22",
    ),
    notice(on=("hand_over", "cancel"), to=SPECIALIST, kind=Kind.PROGRESS, title=_DONE, rule="TKT-22"),
    notice(on=("merge", "take_in"), to=HANDLER | SPECIALIST, kind=Kind.PROGRESS, title=_DONE, rule="TKT-22"),
    # --- those who read along
    notice(on="copy_to", to=WATCHERS, kind=Kind.COPY, title=_("%(actor)s copies to you: %(number)s %(title)s")),
    notice(
        on=("dispatch", "respond", "hand_over", "resolve", "answer_at_once", "confirm", "reopen", "cancel", "merge"),
        to=WATCHERS,
        kind=Kind.PROGRESS,
        title=_DONE,
        urgency=Urgency.QUIET,
    ),
    # --- customers are kept informed
    CustomerMail(
        messages={
            "record": "recorded",
            "respond": "responded",
            "ask_for_details": "asked",
            "wait_for_customer": "asked",
            "resolve": "resolved",
            "answer_at_once": "resolved",
            "confirm": "closed",
            "close_unanswered": "closed",
            "reopen": "reopened",
            "cancel": "cancelled",
            "merge": "merged",
            "record_emergency": "recorded",
            "tell_by_email": "told",
        },
        address=lambda ticket: ticket.email or ticket.contact.email,
        person=lambda ticket: ticket.contact.name,
        said=("way", "expected_at", "asked", "result", "summary", "merged_into"),
        also=_reporters_of_duplicates,
    ),
)
