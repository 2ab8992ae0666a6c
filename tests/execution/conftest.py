"""A contract in force whose copy the service department has been given, and its execution.

`copied(**overrides)` gives the execution of a contract that is drafted as `tests.contracts.conftest` says and walked
through the gate until its copy is handed over; `execution` is one that the specialist has taken up. `finish(execution,
*lanes)` does what is open of the lanes (of all without any), whoever it belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from execution.models import Execution
from tests.cast import act
from tests.contracts.conftest import Signers, new_contract, signers, walk
from tests.paper import printer

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.models import Contract
    from execution.models import PlanItem
    from tests.cast import Cast

    Copied = Callable[..., Execution]

__all__ = ("new_contract", "printer", "signers")

PROMISES = [
    {"lane": "licence", "title": "产品使用许可", "due_on": "2026-03-20"},
    {"lane": "delivery", "title": "安装介质和文档", "due_on": "2026-04-15"},
    {"lane": "installation", "title": "安装到客户服务器"},
    {"lane": "talks", "title": "实施沟通"},
    {"lane": "training", "title": "管理员培训"},
    {"lane": "training", "title": "教师培训"},
    {"lane": "acceptance", "title": "验收"},
    {"lane": "other", "title": "数据迁移"},
]


def hand_over_copy(contract: Contract, signers: Signers) -> Execution:
    """Sales operations give the service department its copy."""
    by = signers.sales_ops if contract.business == "new_sale" else contract.handler
    act(contract, "copy_to_service", by, copied_on="2026-03-02")
    found: Any = Execution.objects.get(carries_out=contract.pk)
    return found  # type: ignore[no-any-return]


@pytest.fixture
def copied(held_clock: Any, new_contract: Callable[..., Contract], signers: Signers) -> Copied:
    """Draft a contract, walk it to its effect, and hand over the copy."""

    def make(**overrides: Any) -> Execution:
        contract = new_contract(**({"promises": PROMISES} | overrides))
        return hand_over_copy(walk(contract, signers, to="effective"), signers)

    return make


@pytest.fixture
def execution(copied: Copied, cast: Cast) -> Execution:
    """One that the specialist has taken up."""
    found = copied()
    act(found, "take_up", cast.specialist)
    return found


def item_of(execution: Execution, lane: str, place: int = 0) -> PlanItem:
    """An item of a lane."""
    return execution.plan.of(lane)[place]


def finish(execution: Execution, *lanes: str, but: str = "", day: str = "2026-03-02") -> None:
    """Do what is open, in an order in which nothing waits."""
    while ready := [i for i in execution.plan.ready() if (not lanes or i.lane in lanes) and i.lane != but]:
        item = ready[0]
        said = {"item": item.pk, "done_on": day, "evidence": f"{item.name} 已完成"}
        act(execution, "finish_item", item.owner, **said)


def confirmed(execution: Execution, cast: Cast) -> Any:
    """All is done and confirmed; gives Serv101."""
    finish(execution)
    act(execution, "confirm", cast.account_manager, signed_by="周经理", open_items="无")
    return execution.confirmation
