"""What the knowledge base announces."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(Fact):
    """An article can be read, or can be read in a new edition."""
