"""The facts that reviews announce."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class StepOpened(Fact):
    """A step of a round has begun; people are asked to decide."""

    step_id: int


@dataclass(frozen=True, kw_only=True)
class NobodyOnStep(Fact):
    """A step had nobody and went to its keeper."""

    step_id: int


@dataclass(frozen=True, kw_only=True)
class RoundEnded(Fact):
    """A round is over: passed, sent back, rejected or withdrawn."""

    round_id: int
    outcome: str
