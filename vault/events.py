"""What the vault announces."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AccessRevealed(Fact):
    """Somebody was given the password of a customer's platform, for a reason."""

    access_id: int
    reason: str
