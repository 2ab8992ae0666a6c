"""People who decide, and a contract to decide on, as the kernel's tests know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.workflow.approvals import conftest as kernel
from tests.workflow.approvals.conftest import checklist, policy, signers
from workflow.models import Involvement

if TYPE_CHECKING:
    from contracts.models import Contract
    from tests.cast import University
    from tests.workflow.approvals.conftest import Signers

written = kernel.contract


@pytest.fixture
def contract(written: Contract, signers: Signers, university: University, held_clock: Any) -> Contract:
    """The same contract, which its author sees as one does who has written it through the gate."""
    Involvement.objects.create(record=written, user=signers.author, part="author", since=written.created_at)
    return written


__all__ = ("checklist", "contract", "policy", "signers", "written")
