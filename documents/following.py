"""What follows on acts on documents, in the same transaction: another one in a document's place, and its printing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from documents.events import DocumentFinalised, DocumentReplaced
from documents.models import Document
from workflow.beside import act_of, perform_beside
from workflow.facts import whenever
from workflow.kick import wake

if TYPE_CHECKING:
    from forms_templates.language import Form

_NOT_TAKEN_OVER = frozenset({"signature", "seal", "approval", "clause"})
"""What a document that takes another's place does not inherit: nobody has signed it yet."""


@whenever(DocumentReplaced)
def begin_another_in_its_place(fact: DocumentReplaced) -> None:
    """The same answers under the form's present version, as far as that still asks for them."""
    entry, actor = act_of(fact.entry_id)
    old = Document.objects.get(pk=entry.record_id)
    data: dict[str, Any] = {"form": old.form, "replaces": old.pk, "customer": old.customer_id}
    data |= {"about": old.parent_id or "", "contact": old.contact_id or "", "values": _taken_over(old)}
    perform_beside(Document(), "issue", actor=actor, data=data)


def _taken_over(old: Document) -> dict[str, Any]:
    from documents import answers
    from forms_templates import versions

    form: Form = versions.in_force(old.form).definition
    kept = {item.key for item in old.definition.items() if item.kind not in _NOT_TAKEN_OVER}
    values = {key: value for key, value in old.values.items() if key in kept}
    return {key: value for key, value in values.items() if not list(answers.faults(form, {key: value}, None))}


@whenever(DocumentFinalised)
def supersede_the_one_before(fact: DocumentFinalised) -> None:
    """From now on this document stands in the other's place."""
    entry, actor = act_of(fact.entry_id)
    document: Any = Document.objects.select_related("replaces").get(pk=entry.record_id)
    if document.replaces is not None:
        perform_beside(document.replaces, "supersede", actor=actor, data={"by": document.number})


@whenever(DocumentFinalised)
def have_it_printed(fact: DocumentFinalised) -> None:  # noqa: ARG001 - the worker looks for all that wait
    """Wake a worker once this is committed; a message that is lost costs the seconds until the next sweep."""
    transaction.on_commit(lambda: wake("documents.freeze"))
