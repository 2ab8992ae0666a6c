"""What documents tell of being sent out; those who keep the personal links listen."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.facts import Fact


@dataclass(frozen=True, kw_only=True)
class DocumentSentOut(Fact):
    """A contact is to fill in the customer's part, until a moment (ISO); by mail, or by a link that is handed over."""

    contact_id: int
    by_email: bool
    until: str


@dataclass(frozen=True, kw_only=True)
class LinksRevoked(Fact):
    """No link to the document opens anything any more."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class CustomerReminded(Fact):
    """The customer has not answered yet, and is reminded."""
