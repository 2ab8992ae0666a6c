"""What the execution of contracts announces."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ExecutionConfirmed(Fact):
    """All is done, says the account manager: Serv101 is to be made, with this name under it (EXE-08)."""

    signed_by: str
    open_items: str = ""


@dataclass(frozen=True, kw_only=True)
class ConfirmationSigned(Fact):
    """The service director signs Serv101 on the screen (EXE-09)."""

    signed_by: str
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class ExecutionArchived(Fact):
    """The signed Serv101 is filed: the contract has been carried out (EXE-10)."""
