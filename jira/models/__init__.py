"""The tables of the way to JIRA: the connection, an issue for each escalation, what JIRA is told, what it sent."""

from jira.models.connections import Connection
from jira.models.issues import Delivery, Issue, Outgoing

__all__ = ("Connection", "Delivery", "Issue", "Outgoing")
