"""The life of a contract (handbook: contract review and execution; rules CON-01 to CON-27)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from contracts.events import ContractApproved
from contracts.flow.customer import CustomerActs
from contracts.flow.paper import (
    HR,
    PAPERWORK,
    PaperActs,
    is_filed,
    is_not_filed,
    is_not_printed,
    is_not_signed,
    is_printed,
    is_signed,
)
from contracts.flow.risks import RiskActs
from contracts.flow.states import AUTHORS, FILING, LEADERS, SALES_OPS, UNDER_REVIEW, WRITABLE, State
from workflow.approvals import rounds
from workflow.approvals.stages import Reviewing, Stage
from workflow.flow import Need, Wait, verb
from workflow.models import Round
from workflow.models.record import NEW
from workflow.parties import HANDLER

if TYPE_CHECKING:
    from workflow.flow import Act


def _complete(contract: Any) -> bool:
    return not contract.missing()


COMPLETE = Need(_complete, lambda contract: contract.missing_words(), rule="CON-03", who=AUTHORS)
CONSENT = Need(
    lambda contract: contract.amends_id is None or contract.agreed_on is not None,
    _("An amendment needs the other party's consent: record it first."),
    rule="CON-25",
)
CLASSIFIED = Need(
    lambda contract: contract.amends_id is None or bool(contract.change),
    _("Sales operations says first whether the change is major or minor."),
    rule="CON-26",
    who=SALES_OPS,
)


_CHECKLISTS = {"CON-15", "CON-16", "CON-17", "CON-18"}
_ABOUT_NEW_SALES = {"CON-03": True, "CON-11": False}
"""Rules about who writes, by whether they are about new sales."""


class ContractFlow(Reviewing, CustomerActs, RiskActs, PaperActs):
    """draft → (sales operations) → review → customer's agreement → approvals → approved → sealed … archived."""

    State = State
    stages = (
        Stage("review", State.IN_REVIEW, _("Review")),
        Stage("customer", State.CUSTOMER_AGREEMENT, _("Customer's agreement"), own=True),
        Stage("head", State.HEAD_APPROVAL, _("Department head")),
        Stage("leader", State.LEADER_APPROVAL, _("Leader")),
    )
    outcomes = {
        Round.Outcome.PASSED: State.APPROVED,
        Round.Outcome.RETURNED: State.RETURNED,
        Round.Outcome.REJECTED: State.REJECTED,
        Round.Outcome.WITHDRAWN: State.DRAFT,
    }
    decision = "contract.decision"
    keeps = {
        "agree": ("CON-15", "CON-16", "CON-17", "CON-18"),
        "send_back": ("CON-20",),
        "remark": ("CON-07",),
        "settle_remark": ("CON-07",),
    }
    waits = {
        State.DRAFT: Wait("write", HANDLER),
        State.RETURNED: Wait("write", HANDLER),
        State.WITH_SALES_OPS: Wait("pass_on", SALES_OPS),
        State.CUSTOMER_AGREEMENT: Wait("record_agreement", HANDLER, due="contract.decision"),
        State.APPROVED: (
            Wait("print_papers", HR, when=is_not_printed),
            Wait("have_sealed", PAPERWORK, when=is_printed),
        ),
        State.SEALING: Wait("post", PAPERWORK),
        State.POSTED: (
            Wait("record_signature", PAPERWORK, when=is_not_signed),
            Wait("take_effect", PAPERWORK, when=is_signed),
        ),
        State.EFFECTIVE: (
            Wait("file", FILING, when=is_not_filed),
            Wait("archive", FILING, when=is_filed),
            Wait("copy_to_service", SALES_OPS, when=lambda contract: contract.copied_on is None),
        ),
    }
    final = (State.ARCHIVED, State.REJECTED, State.TERMINATED, State.CANCELLED)
    path = (
        *(State.DRAFT, State.IN_REVIEW, State.CUSTOMER_AGREEMENT, State.HEAD_APPROVAL, State.LEADER_APPROVAL),
        *(State.APPROVED, State.SEALING, State.POSTED, State.EFFECTIVE, State.ARCHIVED),
    )

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        business = handler = submitted_at = approved_at = agreed_on = agreed_by = change = change_departments = (
            amends_id
        ) = cast("Any", None)

    def applies(self, rule: str) -> bool:
        """Rules about who writes apply to new sales or to resales; of checklists, those that were gone through."""
        if rule in _ABOUT_NEW_SALES:
            return bool((self.business == "new_sale") == _ABOUT_NEW_SALES[rule])
        return rule not in _CHECKLISTS or rule in self.__dict__.get(rounds.ASKED, ())

    def _begin(self, act: Act, said: dict[str, Any]) -> None:
        raise NotImplementedError

    def _write(self, act: Act, said: dict[str, Any]) -> None:
        raise NotImplementedError

    def be_worded(self) -> None:
        """Fill the places of the text; the model's own affair."""
        raise NotImplementedError

    def _begin_round(self, act: Act) -> str:
        self.submitted_at = act.at
        self.be_worded()
        return rounds.begin(self, act)

    # --- writing ------------------------------------------------------------------------------------------------
    @verb(
        NEW,
        State.DRAFT,
        by=AUTHORS,
        label=_("Write a contract"),
        rules=("CON-01", "CON-02", "CON-03", "CON-11", "CON-19"),
        tone="primary",
        icon="plus",
    )
    def draft(self, act: Act, **said: Any) -> None:
        """Begin a contract, from its template and from the earlier contract that it renews or amends."""
        self._begin(act, said)
        self.handler = act.actor.on_behalf_of or act.actor.user

    @verb(
        WRITABLE,
        None,
        by=HANDLER,
        label=_("Write"),
        rules=("CON-01", "CON-02", "CON-19"),
        tone="primary",
        icon="pencil",
    )
    def write(self, act: Act, **said: Any) -> None:
        """Write its terms, lines, payment plan and text."""
        self._write(act, said)

    @verb(
        WRITABLE,
        State.WITH_SALES_OPS,
        by=HANDLER,
        label=_("Hand to sales operations"),
        rules=("CON-03",),
        needs=(COMPLETE, CONSENT),
        tone="primary",
        icon="send",
        when=lambda contract: contract.by_way_of_sales_ops,
    )
    def hand_in(self, act: Act) -> None:
        """A new sale, and any amendment, goes by way of sales operations."""

    @verb(State.WITH_SALES_OPS, State.RETURNED, by=SALES_OPS, label=_("Send back"), tone="danger", icon="arrow-back-up")
    def hand_back(self, act: Act, reason: str) -> None:
        """It is not fit to be passed on."""

    @verb(
        State.WITH_SALES_OPS,
        None,
        by=SALES_OPS,
        label=_("Classify the change"),
        rules=("CON-26",),
        icon="tag",
        when=lambda contract: contract.amends_id is not None,
    )
    def classify(self, act: Act, change: str, change_departments: Any = (), text: str = "") -> None:
        """Say whether the change is reviewed in full or by the departments concerned."""
        self.change, self.change_departments = change, list(change_departments)

    @verb(
        State.WITH_SALES_OPS,
        UNDER_REVIEW,
        by=SALES_OPS,
        label=_("Pass to the reviewers"),
        rules=("CON-04", "CON-05"),
        needs=(COMPLETE, CONSENT, CLASSIFIED),
        tone="primary",
        icon="send",
    )
    def pass_on(self, act: Act) -> str:
        """Sales operations passes it in turn to the named reviewers."""
        return self._begin_round(act)

    @verb(
        WRITABLE,
        UNDER_REVIEW,
        by=HANDLER,
        label=_("Submit"),
        rules=("CON-12", "CON-14"),
        needs=(COMPLETE,),
        tone="primary",
        icon="send",
        when=lambda contract: not contract.by_way_of_sales_ops,
    )
    def submit(self, act: Act) -> str:
        """The account manager submits a resale directly."""
        return self._begin_round(act)

    @verb(WRITABLE, State.CANCELLED, by=HANDLER | LEADERS, label=_("Cancel"), tone="danger", icon="ban")
    def cancel(self, act: Act, reason: str) -> None:
        """It is not to be; its number is not given again."""

    def round_ended(self, act: Act, outcome: Round.Outcome) -> None:
        """Once it has passed it is approved; the customer's agreement was with that version, and with no other."""
        if outcome == Round.Outcome.PASSED:
            self.approved_at = act.at
            act.announce(ContractApproved)
        elif self.amends_id is None:
            self.agreed_on, self.agreed_by = None, ""


__all__ = ("ContractFlow",)
