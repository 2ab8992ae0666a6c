"""Whether a document is genuine: asked with the code that its pages bear, and with the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from documents import codes
from documents.models import Document, Printed
from documents.states import State

if TYPE_CHECKING:
    from datetime import datetime


class Verdict(StrEnum):
    """What may be said of a document to anybody."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """Form, number, date and state, and nothing else: no name of anybody, no content."""

    verdict: Verdict
    document: Document | None = None
    successor: Document | None = None

    @property
    def finalised_at(self) -> datetime | None:
        """When it became final."""
        return self.document.finalised_at if self.document else None


def find(code: str) -> Document | None:
    """The document of a code, typed or read from a page; None if there is none."""
    stored = codes.read(code)
    rows: Any = Document.objects.select_related("replaced_by").filter(code=stored)
    return rows.first() if stored else None


def judge(code: str) -> Finding:
    """What may be said of the document of a code."""
    document = find(code)
    if document is None:
        return Finding(Verdict.UNKNOWN)
    if document.state == State.SUPERSEDED:
        return Finding(Verdict.SUPERSEDED, document, document.successor)
    if document.state == State.CANCELLED:
        return Finding(Verdict.CANCELLED, document)
    return Finding(Verdict.GENUINE, document)


def is_ours(document: Document, sha256: str) -> bool:
    """Whether a file of that fingerprint is one of the document's frozen prints."""
    return Printed.objects.filter(document=document, sha256=sha256).exists()
