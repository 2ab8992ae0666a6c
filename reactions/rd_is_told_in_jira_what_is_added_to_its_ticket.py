"""TKT-24: while R&D has a ticket, what is noted, attached or changed there stands in JIRA too, and each thing once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jira import hands, outbound
from tickets.services import KIND
from workflow import hooks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow.models import Entry, Record


@hooks.on_entries
def rd_is_told_in_jira_what_is_added_to_its_ticket(entries: Sequence[Entry], records: Mapping[int, Record]) -> None:
    """Ask for a comment of each act that R&D must know of; asks the database nothing where there is none."""
    hand = hands.of(KIND)
    if wanted := [entry for entry in entries if hand.tells(entry) and records[entry.record_id].kind == KIND]:
        outbound.tell(wanted)
