"""What documents tell to whom it may concern."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DocumentFinalised(Fact):
    """Its content is frozen; a worker prints it."""


@dataclass(frozen=True, kw_only=True)
class DocumentSigned(Fact):
    """Everybody has signed it: on the screen, or it has come back on paper or as a scan."""

    how: str


@dataclass(frozen=True, kw_only=True)
class DocumentReplaced(Fact):
    """Somebody wants another document in its place."""

    reason: str
