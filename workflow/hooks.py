"""Where the layers above listen to the timeline, in the same transaction and in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workflow.models import Entry, Record

    EntriesHook = Callable[[Sequence[Entry], Mapping[int, Record]], None]

_on_entries: list[EntriesHook] = []


def on_entries(function: EntriesHook) -> EntriesHook:
    """Have the function called with every batch of new entries and their records (by id)."""
    if function not in _on_entries:
        _on_entries.append(function)
    return function


def entries_written(entries: Sequence[Entry], records: Mapping[int, Record]) -> None:
    """Call everybody who listens; what they write is part of the same transaction."""
    for function in _on_entries:
        function(entries, records)
