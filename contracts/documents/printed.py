"""The contract and its review sheet as documents: begun and final in one act, and later the sheet once more (CON-21).

The contract's text is printed once: what was sealed is not printed anew because a phone number has changed. The sheet
is made again when it has more to say: seal, post, archive. Then the new one stands in the earlier one's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from contracts.documents import content, opinions
from contracts.events import ContractArchived, ContractPrinted
from contracts.models import Contract
from documents import prefill, recorded
from documents.events import DocumentSigned
from documents.models import Document
from documents.states import State as Paper
from forms_templates import computed, versions
from workflow.approvals.versions import is_whole
from workflow.beside import act_of, perform_beside
from workflow.facts import whenever
from workflow.refusals import Missing, Reason

if TYPE_CHECKING:
    from people.actors import Actor

TEXT, SHEET = "ContractText", "Review"
FORMS = (TEXT, SHEET)


def declare() -> None:
    """Make known what contracts print, and that nobody writes there."""
    prefill.declare("contract", facts)
    prefill.declare_paper("contract", TEXT, content.paper)
    recorded.vouch("contract", TEXT, lambda _contract: {})
    recorded.vouch("contract", SHEET, lambda contract: opinions.decisions(contract, content.basis(contract)))


def facts(contract: Contract) -> dict[str, Any]:
    """What a contract knows, by path; paper is printed in Chinese.

    What it does not have is said too: one of services names no product, whatever runs on its customer's platform.
    """
    of = content.basis(contract)
    with override("zh-hans"):
        known = content.facts(contract, of) | opinions.facts(contract, of)
    known["customer.name"] = known["contract.customer"]
    return known


def standing(contract: Contract) -> dict[str, Document]:
    """The final documents of a contract that stand now, by form."""
    gone = (Paper.SUPERSEDED, Paper.CANCELLED)
    rows: Any = Document.objects.filter(parent=contract.pk, form__in=FORMS, finalised_at__isnull=False)
    return {row.form: row for row in rows.exclude(state__in=gone).order_by("pk")}


@whenever(ContractPrinted)
def make_the_documents(fact: ContractPrinted) -> None:
    """Print what is not printed yet, or has more to say."""
    entry, actor = act_of(fact.entry_id)
    contract: Any = Contract.objects.get(pk=entry.record_id)
    of = content.basis(contract)
    if of.round is None or not of.passed or not is_whole(of.round.version):
        raise Missing(Reason(_("There is no approved version that is whole: nothing can be printed."), rule="CON-21"))
    there = standing(contract)
    for form in FORMS:
        earlier = there.get(form)
        if earlier is None or (form == SHEET and earlier.values != _values(contract, form, actor)):
            _print(contract, form, actor, earlier)


def _values(contract: Contract, form: str, actor: Actor) -> dict[str, Any]:
    """What would stand in a form now."""
    definition = versions.in_force(form).definition
    known = prefill.Known(
        contract.customer, contract.contact, contract, versions.letterhead_in_force(), actor, contract.updated_at
    )
    return computed.completed(definition, prefill.answers(definition, known))


def _print(contract: Contract, form: str, actor: Actor, earlier: Document | None) -> None:
    """Begin the document and make it final; a worker prints it."""
    data = {"form": form, "about": contract.pk, "customer": contract.customer_id, "contact": contract.contact_id or ""}
    entry = perform_beside(
        Document(), "issue", actor=actor, data=data | {"replaces": earlier.pk if earlier is not None else ""}
    )
    perform_beside(entry.record, "finalise", actor=actor, data={})


@whenever(DocumentSigned)
def tell_the_contract_that_it_is_back(fact: DocumentSigned) -> None:
    """The signed contract has come back: whose signatures it bears is recorded next (CON-22)."""
    entry, actor = act_of(fact.entry_id)
    document: Any = Document.objects.select_related("parent").get(pk=entry.record_id)
    if document.form != TEXT or document.parent is None or document.parent.kind != "contract":
        return
    contract: Any = Contract.objects.get(pk=document.parent_id)
    said = {"document": document.number, "how": document.signed_how}
    perform_beside(contract, "take_back", actor=actor, data=said)


@whenever(ContractArchived)
def file_the_documents(fact: ContractArchived) -> None:
    """The signed contract and its sheet are filed with the contract, under HR's number (CON-23, CON-27)."""
    entry, actor = act_of(fact.entry_id)
    contract: Any = Contract.objects.get(pk=entry.record_id)
    for form, document in standing(contract).items():
        if document.state == Paper.SIGNED:
            mark = "" if form == TEXT else "-P"
            perform_beside(document, "archive", actor=actor, data={"archive_no": f"{contract.hr_archive}{mark}"[:40]})
