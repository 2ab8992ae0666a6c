"""How believable people behave: shares and durations from which each ticket's life is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

TYPES = {"technical": 46, "application": 22, "requirement": 12, "training_request": 13, "other": 7}
SUBTYPES: dict[str, dict[str, int]] = {
    "technical": {"fault": 40, "data": 18, "performance": 13, "upgrade": 14, "installation": 7, "other_technical": 8},
    "application": {"features": 50, "tools": 25, "planning": 12, "other_application": 13},
    "requirement": {
        "new_feature": 30,
        "integration": 22,
        "renewal": 15,
        "expansion": 15,
        "new_module": 10,
        "new_service": 8,
    },
    "training_request": {"apply": 40, "buy": 15, "materials": 30, "training_feedback": 15},
    "other": {"other": 1},
}
AT_ONCE = {"technical": 0.22, "application": 0.52, "requirement": 0.12, "training_request": 0.35, "other": 0.6}
"""Share of unhurried issues that a specialist answers at intake."""
ALLOWED = {"general": timedelta(hours=24), "urgent": timedelta(hours=8), "critical": timedelta(hours=4)}
"""What people have in mind as the time to respond; the policies decide."""
CADENCE = {"urgent": timedelta(hours=24), "critical": timedelta(hours=2)}
"""How often people mean to tell the customer how things stand."""
_SEVERITY = {
    "general": {"general": 95, "urgent": 5},
    "urgent": {"urgent": 62, "general": 38},
    "critical": {"critical": 70, "urgent": 30},
}
_HOURS_OF_WORK = {
    ("technical", "general"): 18.0,
    ("technical", "urgent"): 5.0,
    ("technical", "critical"): 2.5,
    ("application", "general"): 6.0,
    ("requirement", "general"): 90.0,
    ("training_request", "general"): 100.0,
    ("other", "general"): 5.0,
}
_LONG_SHARE = {"requirement": 0.16, "training_request": 0.10, "technical": 0.03}
_SATISFACTION = {5: 52, 4: 31, 3: 11, 2: 4, 1: 2}
_SATISFACTION_WHEN_LATE = {5: 12, 4: 26, 3: 30, 2: 20, 1: 12}


class Reply(NamedTuple):
    """After how long somebody responds, and whether that will have been too late."""

    after: timedelta
    late: bool


@dataclass(frozen=True)
class Odds:
    """One ticket's dice."""

    rng: Random

    def one_of(self, weights: dict[str, int]) -> str:
        """A name, by weight."""
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def hit(self, share: float) -> bool:
        """True in that share of cases."""
        return self.rng.random() < share

    def between(self, low: float, high: float) -> float:
        """A number between two."""
        return self.rng.uniform(low, high)

    def severity(self, usual: str) -> str:
        """How severe an issue of that usual severity is judged to be."""
        return self.one_of(_SEVERITY[usual])

    def reply(self, severity: str, *, neglect: float) -> Reply:
        """When the handler responds; `neglect` is the share that waits until a director hears of it."""
        allowed = ALLOWED[severity]
        if self.hit(neglect):
            return Reply(allowed * self.between(2.05, 3.2), late=True)
        mood = self.one_of({"prompt": 83, "slow": 11, "late": 6})
        if mood == "prompt":
            return Reply(allowed * self.rng.triangular(0.01, 0.5, 0.08), late=False)
        if mood == "slow":
            return Reply(allowed * self.between(0.72, 0.98), late=False)
        return Reply(allowed * self.between(1.02, 1.8), late=True)

    def work(self, issue_type: str, severity: str) -> timedelta:
        """How long it takes from the response to the solution."""
        usual = _HOURS_OF_WORK.get((issue_type, severity)) or _HOURS_OF_WORK["technical", severity]
        hours = usual * self.rng.lognormvariate(0, 0.7)
        if severity == "general" and self.hit(_LONG_SHARE.get(issue_type, 0)):
            hours = 24 * self.between(14, 45)
        return timedelta(hours=hours)

    def pause(self, usual: float) -> float:
        """For how many hours work lies with somebody else; at times for days."""
        return self.between(usual, 4 * usual) if self.hit(0.2) else self.between(2, usual)

    def satisfaction(self, *, late: bool) -> int:
        """One to five."""
        weights = _SATISFACTION_WHEN_LATE if late else _SATISFACTION
        return self.rng.choices(list(weights), list(weights.values()))[0]
