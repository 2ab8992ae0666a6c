"""What the customer says of a contract, as its author or sales operations put it on record (CON-06, CON-25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from contracts.flow.risks import CONTROLLED
from contracts.flow.states import SALES_OPS, UNDER_REVIEW, WRITABLE, State
from workflow.approvals import rounds
from workflow.flow import Flow, verb
from workflow.parties import ACCOUNT_OWNER, HANDLER

if TYPE_CHECKING:
    from datetime import date

    from workflow.flow import Act


class CustomerActs(Flow):
    """The other party's consent to an amendment, and the agreement with the text that was reviewed."""

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        agreed_on = agreed_by = cast("Any", None)

    @verb(
        (*WRITABLE, State.WITH_SALES_OPS),
        None,
        by=HANDLER | SALES_OPS,
        label=_("Record the other party's consent"),
        rules=("CON-25",),
        icon="user-check",
        when=lambda contract: contract.amends_id is not None,
    )
    def record_consent(self, act: Act, agreed_on: date, agreed_by: str, text: str = "") -> None:
        """The other party consents to the amendment."""
        self.agreed_on, self.agreed_by = agreed_on, agreed_by

    @verb(
        State.CUSTOMER_AGREEMENT,
        (*UNDER_REVIEW, State.APPROVED),
        by=HANDLER | SALES_OPS | ACCOUNT_OWNER,
        label=_("Customer agrees"),
        rules=("CON-06",),
        needs=(CONTROLLED,),
        tone="primary",
        icon="user-check",
    )
    def record_agreement(self, act: Act, agreed_on: date, agreed_by: str, text: str = "") -> str:
        """The customer agrees with the text that was reviewed."""
        self.agreed_on, self.agreed_by = agreed_on, agreed_by
        return rounds.pass_own(self, act)

    @verb(
        State.CUSTOMER_AGREEMENT,
        State.RETURNED,
        by=HANDLER | SALES_OPS | ACCOUNT_OWNER,
        label=_("Customer asks for changes"),
        rules=("CON-06", "CON-20"),
        tone="danger",
        icon="arrow-back-up",
    )
    def record_objection(self, act: Act, text: str) -> None:
        """The customer wants it otherwise: it is written anew and reviewed anew."""
        rounds.fail_own(self, act)
