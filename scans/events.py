"""What has happened to pages that found no document by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ScanAssigned(Fact):
    """Somebody has said to which document they belong."""

    document_id: int


@dataclass(frozen=True, kw_only=True)
class PageTurned(Fact):
    """Somebody has turned a page upright."""

    page: int
    turn: int
