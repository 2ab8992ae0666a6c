"""Where a record is found."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from workflow.models import Record


@lru_cache(maxsize=64)
def of_kind(kind: str) -> str:
    """The address of a process's list."""
    return reverse("desk:list", args=[kind])


def of(record: Record) -> str:
    """The address of a record's page. Worked out once for each process: lists ask for it a hundred times."""
    return f"{of_kind(record.kind)}{record.number}/"


def of_verb(record: Record, verb: str) -> str:
    """The address at which a verb's form is found."""
    return f"{of(record)}{verb}/"


def link(record: Record, text: str = "") -> SafeString:
    """A link to a record, by its number unless another text is given."""
    return format_html('<a href="{}">{}</a>', of(record), text or record.number)
