"""Risks that reviewers see in a contract, and how each is controlled, on record (CON-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils.translation import gettext_lazy as _

from contracts.flow.states import SALES_OPS, UNDER_REVIEW, State
from workflow.flow import Flow, Need, verb
from workflow.parties import HANDLER, role

if TYPE_CHECKING:
    from workflow.flow import Act

REVIEWERS = role("service_reviewer", "finance_reviewer", "rd_reviewer")
OPEN_TO_RISKS = (State.DRAFT, State.RETURNED, State.WITH_SALES_OPS, *UNDER_REVIEW)
CONTROLLED = Need(
    lambda contract: not contract.uncontrolled(),
    lambda contract: (
        _("Say first how these risks are controlled: %(risks)s") % {"risks": ", ".join(contract.uncontrolled())}
    ),
    rule="CON-15",
    who=REVIEWERS | HANDLER,
)
"""Approval begins only when every risk that was seen is controlled."""


class RiskActs(Flow):
    """What is said of risks; beside the review, and no decision on it."""

    if TYPE_CHECKING:  # what the model into which the flow is mixed has
        risks = cast("Any", None)

    @verb(
        UNDER_REVIEW,
        None,
        by=REVIEWERS,
        label=_("Name a risk"),
        rules=("CON-15",),
        icon="alert-triangle",
        parallel=True,
    )
    def name_risk(self, act: Act, **said: Any) -> None:
        """A reviewer sees a risk: what it is, how grave, and, if that is known, how it is controlled."""
        control = {"controlled_by": act.actor.user, "controlled_at": act.at} if said.get("control") else {}
        row = self.risks.model(contract=self, seen_by=act.actor.user, seen_at=act.at, **said, **control)
        act.once_written(lambda entry: row.save())  # noqa: ARG005 - it stands beside the entry

    @verb(
        OPEN_TO_RISKS,
        None,
        by=REVIEWERS | HANDLER | SALES_OPS,
        label=_("Control a risk"),
        rules=("CON-15",),
        icon="shield-check",
        when=lambda contract: bool(contract.uncontrolled()),
        parallel=True,
    )
    def control_risk(self, act: Act, risk: Any, control: str) -> None:
        """Say how a risk is controlled."""
        risk.control, risk.controlled_by, risk.controlled_at = control, act.actor.user, act.at
        act.once_written(lambda entry: risk.save())  # noqa: ARG005 - it stands beside the entry
