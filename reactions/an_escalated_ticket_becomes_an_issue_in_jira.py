"""TKT-24: what an engineer cannot solve goes to R&D through JIRA, where one is switched on; else into R&D's queue."""

from __future__ import annotations

from jira import outbound
from tickets.events import TicketEscalated
from workflow.facts import afterwards, whenever


@whenever(TicketEscalated)
def the_issue_of_an_earlier_escalation_is_history(fact: TicketEscalated) -> None:
    """What is said from now on is not said to it."""
    outbound.supersede(fact.record_id)


@afterwards(TicketEscalated)
def an_escalated_ticket_becomes_an_issue_in_jira(fact: TicketEscalated) -> None:
    """Have the issue made, with the question, what was tried, and the files."""
    outbound.escalate(fact.entry_id)
