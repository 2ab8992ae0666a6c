"""The kernel's tables: the record, its timeline, deadlines, work items, files, people, links, and the outbox."""

from workflow.models.attachments import Attachment
from workflow.models.deadlines import Deadline, DeadlinePause, DeadlinePolicy, Firing, PolicyLevel
from workflow.models.grounds import Ground
from workflow.models.inbox import WorkItem
from workflow.models.links import Link, Relation
from workflow.models.outbox import OutboxMessage
from workflow.models.recomputations import ClockCheck, Recomputation
from workflow.models.record import Involvement, NumberSeries, Record
from workflow.models.reviews import (
    Checklist,
    ChecklistItem,
    Mode,
    Opinion,
    OpinionDraft,
    PolicyStep,
    ReviewPolicy,
    Round,
    Seat,
    Step,
    Version,
)
from workflow.models.terms import KeptTerms
from workflow.models.timeline import Entry

__all__ = (
    "Attachment",
    "Checklist",
    "ChecklistItem",
    "ClockCheck",
    "Deadline",
    "DeadlinePause",
    "DeadlinePolicy",
    "Entry",
    "Firing",
    "Ground",
    "Involvement",
    "KeptTerms",
    "Link",
    "Mode",
    "NumberSeries",
    "Opinion",
    "OpinionDraft",
    "OutboxMessage",
    "PolicyLevel",
    "PolicyStep",
    "Recomputation",
    "Record",
    "Relation",
    "ReviewPolicy",
    "Round",
    "Seat",
    "Step",
    "Version",
    "WorkItem",
)
