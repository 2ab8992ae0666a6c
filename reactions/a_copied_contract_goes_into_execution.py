"""The copy of a contract starts its execution; an amendment in force changes it; with the contract's end it ends.

CON-24, EXE-01, CON-25. Contracts do not know that they are carried out.
"""

from __future__ import annotations

from typing import Any

from contracts.events import ContractCopied, ContractEffective, ContractTerminated
from contracts.models import Contract
from execution.flow import State
from execution.models import Execution
from execution.services import execution_of
from workflow.beside import act_of, perform_beside
from workflow.facts import whenever

GOING_ON = (State.STARTED, State.IN_PROGRESS, State.CONFIRMING, State.SIGNED)


@whenever(ContractCopied)
def start(fact: ContractCopied) -> None:
    """Once for each contract; an amendment has changed the execution that runs already."""
    entry, actor = act_of(fact.entry_id)
    contract = _contract(entry.record_id)
    if execution_of(contract) is None and _changed_by(contract) is None:
        perform_beside(Execution(), "start", actor=actor, data={"contract": contract.pk})


@whenever(ContractEffective)
def amend(fact: ContractEffective) -> None:
    """What an amendment adds is to be done too, what it drops no more."""
    entry, actor = act_of(fact.entry_id)
    contract = _contract(entry.record_id)
    execution = _changed_by(contract)
    if execution is not None:
        perform_beside(execution, "amend", actor=actor, data={"contract": contract.pk})


@whenever(ContractTerminated)
def terminate(fact: ContractTerminated) -> None:
    """Nothing more is to be done of a contract that has ended."""
    entry, actor = act_of(fact.entry_id)
    contract = _contract(entry.record_id)
    execution = execution_of(contract)
    if execution is not None and execution.state in GOING_ON:
        said = {"contract": contract.number, "reason": str(entry.data.get("said", {}).get("reason", ""))}
        perform_beside(execution, "terminate", actor=actor, data=said)


def _contract(pk: int) -> Contract:
    found: Any = Contract.objects.select_related("amends").get(pk=pk)
    return found  # type: ignore[no-any-return] # the manager is declared so


def _changed_by(contract: Contract) -> Execution | None:
    """The running execution that an amendment changes: of what it amends, however often that was amended."""
    amended = contract.amends
    while amended is not None:
        execution = execution_of(amended)
        if execution is not None:
            return execution if execution.state in GOING_ON else None
        amended = amended.amends
    return None
