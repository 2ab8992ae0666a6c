"""Who is told what of contracts, under which rule; of several that reach a person, the first one speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from contracts.flow.risks import REVIEWERS
from contracts.flow.states import FILING, SALES_OPS
from notifications.kinds import Kind, Urgency
from notifications.rules import notice
from workflow.approvals.parties import AUTHOR, CONSULTED, DECIDERS
from workflow.parties import ACCOUNT_OWNER, HANDLER, WATCHERS, role

if TYPE_CHECKING:
    from workflow.models import Entry

OPENING = ("pass_on", "submit", "agree", "record_agreement", "send_back", "remove_signer")
"""Acts after which a step may begin, so that somebody is asked."""
SEATING = ("transfer", "add_signer", "reassign", "fill_vacancy", "advise")
"""Acts by which somebody gets a seat, or gets it back."""
WATCHED = (
    *("hand_in", "pass_on", "submit", "agree", "send_back", "reject", "withdraw", "record_agreement", "post"),
    *("take_effect", "archive", "terminate", "cancel"),
)


def _opened(contract: Any, entry: Entry) -> bool:  # noqa: ARG001 - a rule looks at record and entry
    return "asked" in entry.data


def _nobody(contract: Any, entry: Entry) -> bool:  # noqa: ARG001
    return "nobody" in entry.data


def _approved(contract: Any, entry: Entry) -> bool:
    return bool(entry.to_state == contract.State.APPROVED)


def _out_of_author(contract: Any, entry: Entry) -> bool:
    return bool(entry.to_state in {contract.State.RETURNED, contract.State.REJECTED})


_ASKED = _("Your decision is awaited: %(number)s %(title)s (%(customer)s)")
_DONE = _("%(number)s: %(verb)s by %(actor)s – %(title)s")
_APPROVED = _("%(number)s is approved: %(title)s (%(customer)s)")

NOTICES = (
    # --- a decision is awaited (CON-09)
    notice(
        on=OPENING,
        to=DECIDERS,
        kind=Kind.APPROVAL,
        title=_ASKED,
        rule="CON-09",
        urgency=Urgency.URGENT,
        when=_opened,
    ),
    notice(on=SEATING, to=DECIDERS, kind=Kind.APPROVAL, title=_ASKED, rule="CON-09", urgency=Urgency.URGENT),
    notice(
        on="consult",
        to=CONSULTED,
        kind=Kind.APPROVAL,
        title=_("%(actor)s asks for your opinion: %(number)s %(title)s (%(customer)s)"),
        rule="CON-09",
        urgency=Urgency.URGENT,
    ),
    notice(
        on="press_decision",
        to=DECIDERS,
        kind=Kind.APPROVAL,
        title=_("%(actor)s presses for your decision: %(number)s %(title)s (%(customer)s)"),
        rule="CON-09",
        urgency=Urgency.URGENT,
    ),
    notice(
        on=(*OPENING, "fill_vacancy"),
        to=SALES_OPS | role("system_admin"),
        kind=Kind.ESCALATION,
        title=_("Nobody is there to decide, so it went to a keeper: %(number)s %(title)s (%(customer)s)"),
        rule="CON-09",
        urgency=Urgency.URGENT,
        when=_nobody,
    ),
    # --- its author hears how it goes on
    notice(
        on=("send_back", "reject", "hand_back", "record_objection"),
        to=AUTHOR | HANDLER,
        kind=Kind.ASSIGNMENT,
        title=_DONE,
        rule="CON-20",
        urgency=Urgency.URGENT,
        when=_out_of_author,
    ),
    notice(
        on=("agree", "record_agreement", "remove_signer"),
        to=AUTHOR | ACCOUNT_OWNER,
        kind=Kind.PROGRESS,
        title=_APPROVED,
        rule="CON-08",
        when=_approved,
    ),
    notice(on=("agree", "advise", "name_risk"), to=AUTHOR, kind=Kind.PROGRESS, title=_DONE),
    # --- sales operations passes on, has sealed and posts; HR prints (CON-03, CON-10, CON-21)
    notice(on="hand_in", to=SALES_OPS, kind=Kind.ASSIGNMENT, title=_DONE, rule="CON-03"),
    notice(
        on=("agree", "record_agreement", "remove_signer"),
        to=role("hr_admin"),
        kind=Kind.ASSIGNMENT,
        title=_("To print with the opinions given: %(number)s %(title)s (%(customer)s)"),
        rule="CON-21",
        when=_approved,
    ),
    notice(
        on=("agree", "record_agreement", "remove_signer"),
        to=SALES_OPS,
        kind=Kind.ASSIGNMENT,
        title=_APPROVED,
        rule="CON-10",
        when=_approved,
    ),
    notice(on="have_sealed", to=role("hr_admin"), kind=Kind.ASSIGNMENT, title=_DONE, rule="CON-21"),
    notice(on="record_seal", to=SALES_OPS | HANDLER, kind=Kind.PROGRESS, title=_DONE, rule="CON-10"),
    notice(on="take_effect", to=FILING, kind=Kind.ASSIGNMENT, title=_DONE, rule="CON-23"),
    notice(
        on="copy_to_service",
        to=role("service_director") | ACCOUNT_OWNER | role("customer_specialist"),
        kind=Kind.REPORT,
        title=_("Copy of a contract, to be carried out: %(number)s %(title)s (%(customer)s)"),
        rule="CON-24",
    ),
    notice(on=("archive", "terminate"), to=HANDLER | ACCOUNT_OWNER, kind=Kind.PROGRESS, title=_DONE, rule="CON-23"),
    notice(on="control_risk", to=REVIEWERS, kind=Kind.PROGRESS, title=_DONE, urgency=Urgency.QUIET),
    notice(on="copy_to", to=WATCHERS, kind=Kind.COPY, title=_DONE),
    notice(on=WATCHED, to=WATCHERS, kind=Kind.PROGRESS, title=_DONE, urgency=Urgency.QUIET),
)
