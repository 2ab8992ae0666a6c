"""The kernel's tables: the record, its timeline, deadlines, work items, files, people involved, and the outbox."""

from workflow.models.attachments import Attachment
from workflow.models.deadlines import Deadline, DeadlinePause, DeadlinePolicy, Firing, PolicyLevel
from workflow.models.inbox import WorkItem
from workflow.models.outbox import OutboxMessage
from workflow.models.record import Involvement, NumberSeries, Record
from workflow.models.timeline import Entry

__all__ = (
    "Attachment",
    "Deadline",
    "DeadlinePause",
    "DeadlinePolicy",
    "Entry",
    "Firing",
    "Involvement",
    "NumberSeries",
    "OutboxMessage",
    "PolicyLevel",
    "Record",
    "WorkItem",
)
