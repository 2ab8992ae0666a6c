"""The tables of the way to JIRA: the connection, an issue for each escalation, what it is told, what comes, outages."""

from jira.models.connections import Connection
from jira.models.incoming import Incoming
from jira.models.issues import Delivery, Issue, Outgoing
from jira.models.outages import Outage

__all__ = ("Connection", "Delivery", "Incoming", "Issue", "Outage", "Outgoing")
