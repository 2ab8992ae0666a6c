"""What documents tell to whom it may concern."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DocumentFinalised(Fact):
    """Its content is frozen; a worker prints it."""


@dataclass(frozen=True, kw_only=True)
class DocumentReplaced(Fact):
    """Somebody wants another document in its place."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DocumentSigned(Fact):
    """It is back with all its signatures, by whichever way."""


@dataclass(frozen=True, kw_only=True)
class DocumentArchived(Fact):
    """It is filed under a number."""
