"""Risks that reviewers see in a contract, and how each is controlled, on record (CON-15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from contracts.flow.states import SALES_OPS, UNDER_REVIEW, State
from core.text import listed
from workflow.flow import Flow, Need, verb
from workflow.parties import HANDLER, role

if TYPE_CHECKING:
    from workflow.flow import Act

REVIEWERS = role("service_reviewer", "finance_reviewer", "rd_reviewer")
OPEN_TO_RISKS = (State.DRAFT, State.RETURNED, State.WITH_SALES_OPS, *UNDER_REVIEW)
CONTROLLED = Need(
    lambda contract: not contract.uncontrolled(),
    lambda contract: (
        _("Say first how these risks are controlled: %(risks)s") % {"risks": listed(contract.uncontrolled())}
    ),
    rule="CON-15",
    who=REVIEWERS | HANDLER,
)
"""Approval begins only when every risk that was seen is controlled."""


class RiskActs(Flow):
    """What is said of risks; beside the review, and no decision on it."""

    def _name_risk(self, act: Act, said: dict[str, Any]) -> None:
        raise NotImplementedError

    def _control_risk(self, act: Act, risk: Any, control: str) -> None:
        raise NotImplementedError

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
        self._name_risk(act, said)

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
        self._control_risk(act, risk, control)
