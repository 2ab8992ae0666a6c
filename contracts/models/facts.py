"""What review policies and deadlines look at in a contract, and what administrators can make them depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from workflow.approvals.board import Board
from workflow.flow import YES_OR_NO, Known

if TYPE_CHECKING:
    from contracts.models.contract import Contract


def of(contract: Contract) -> dict[str, str]:
    """The facts as they are."""
    concerned = set(contract.change_departments)
    step = Board.of(contract).step
    return {
        "business": contract.business,
        "form": contract.form,
        "develops": "yes" if contract.develops else "no",
        "rd": "yes" if contract.develops or "rd" in concerned else "no",
        "change": contract.change,
        "amends": "yes" if contract.amends_id is not None else "no",
        **{f"concerns_{code}": "yes" if code in concerned else "no" for code in ("service", "finance", "rd")},
        "step": step.code if step is not None else "",
    }


def known(model: type[Contract]) -> dict[str, Known]:
    """The facts that there can be, in words."""
    return {
        "business": Known(_("kind"), tuple(model.Business.choices)),
        "form": Known(_("class"), tuple(model.Form.choices)),
        "develops": Known(_("involves product or custom development"), YES_OR_NO),
        "rd": Known(_("development, or a change that concerns R&D"), YES_OR_NO),
        "amends": Known(_("amends another contract"), YES_OR_NO),
        "change": Known(_("extent of the change"), tuple(model.Change.choices)),
        "concerns_service": Known(_("the change concerns the service department"), YES_OR_NO),
        "concerns_finance": Known(_("the change concerns finance"), YES_OR_NO),
        "concerns_rd": Known(_("the change concerns R&D"), YES_OR_NO),
    }
