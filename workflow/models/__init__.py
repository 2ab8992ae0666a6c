"""The kernel's tables: the record, its timeline, deadlines, work items, files, people, links, and the outbox."""

from workflow.models.attachments import Attachment
from workflow.models.deadlines import Deadline, DeadlinePause, DeadlinePolicy, Firing, PolicyLevel
from workflow.models.inbox import WorkItem
from workflow.models.links import Link, Relation
from workflow.models.outbox import OutboxMessage
from workflow.models.recomputations import ClockCheck, Recomputation
from workflow.models.record import Involvement, NumberSeries, Record
from workflow.models.terms import KeptTerms
from workflow.models.timeline import Entry

__all__ = (
    "Attachment",
    "ClockCheck",
    "Deadline",
    "DeadlinePause",
    "DeadlinePolicy",
    "Entry",
    "Firing",
    "Involvement",
    "KeptTerms",
    "Link",
    "NumberSeries",
    "OutboxMessage",
    "PolicyLevel",
    "Recomputation",
    "Record",
    "Relation",
    "WorkItem",
)
