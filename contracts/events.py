"""What contracts announce."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ContractApproved(Fact):
    """Everybody whose decision it needed has agreed."""


@dataclass(frozen=True, kw_only=True)
class ContractPrinted(Fact):
    """HR wants it printed with the opinions that were given (CON-21)."""


@dataclass(frozen=True, kw_only=True)
class ContractEffective(Fact):
    """Both sides have signed (CON-22)."""


@dataclass(frozen=True, kw_only=True)
class ContractCopied(Fact):
    """The service department has been given its copy: the contract is carried out from now on (CON-24, EXE-01)."""


@dataclass(frozen=True, kw_only=True)
class ContractArchived(Fact):
    """The original is filed (CON-23, CON-27)."""


@dataclass(frozen=True, kw_only=True)
class ContractTerminated(Fact):
    """It has ended before its time."""
