"""Questions about many documents at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents import reading
from documents.models import Document

if TYPE_CHECKING:
    from collections.abc import Collection


def texts(keys: Collection[int]) -> dict[int, list[str]]:
    """What documents say, for the search; one query, and one for each version of a form that is met first."""
    rows: Any = Document.objects.filter(pk__in=keys)
    return {document.pk: [*reading.texts(document), document.archive_no] for document in rows}
