"""An execution is signed when its Serv101 is back with the director's signature, and archived when that is filed.

EXE-09, EXE-10. Documents do not know what they confirm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from documents.events import DocumentArchived, DocumentSigned
from documents.models import Document
from execution.flow import State
from execution.models import Execution
from workflow.beside import act_of, perform_beside
from workflow.facts import whenever
from workflow.refusals import Missing, Reason

if TYPE_CHECKING:
    from people.actors import Actor


@whenever(DocumentSigned)
def signed(fact: DocumentSigned) -> None:
    """What is still being confirmed is signed now; of what is being done again nothing can be signed."""
    found = _confirmed_by(fact.entry_id)
    if found is None:
        return
    execution, document, actor = found
    if execution.state in {State.STARTED, State.IN_PROGRESS}:
        raise Missing(Reason(_("Something of this contract is to be done again: it is confirmed anew."), rule="EXE-08"))
    if execution.state == State.CONFIRMING:
        perform_beside(execution, "receive_signed", actor=actor, data={"document": document.number})


@whenever(DocumentArchived)
def archived(fact: DocumentArchived) -> None:
    """The contract has been carried out."""
    found = _confirmed_by(fact.entry_id)
    if found is not None and found[0].state == State.SIGNED:
        execution, document, actor = found
        perform_beside(execution, "archive", actor=actor, data={"document": document.number})


def _confirmed_by(entry_id: int) -> tuple[Execution, Document, Actor] | None:
    """The execution whose Serv101 a document is, or took the place of; it knows the one that stands."""
    entry, actor = act_of(entry_id)
    if entry.record.parent_id is None:
        return None
    document: Any = Document.objects.get(pk=entry.record_id)
    known = [document.pk, document.replaces_id] if document.replaces_id else [document.pk]
    rows = Execution.objects.filter(pk=document.parent_id, confirmation__in=known)
    execution: Any = rows.first()
    if execution is None:
        return None
    if execution.confirmation_id != document.pk:
        rows.update(confirmation=document)
    return execution, document, actor
