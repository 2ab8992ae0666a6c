"""Serv101: what an execution fills in of it, and how it is made and signed with the acts (EXE-08, EXE-09)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock
from documents import issuing, prefill, signing
from documents.models import Document
from documents.states import State as Paper
from execution.events import ConfirmationSigned, ExecutionConfirmed
from execution.flow import Lane, Progress
from execution.models import Execution
from execution.models.execution import SIGNED_BY_MANAGER
from forms_templates import versions
from reports.periods import begins
from workflow.beside import act_of
from workflow.engine import perform
from workflow.facts import whenever
from workflow.refusals import InvalidData, Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from execution.models import PlanItem
    from people.actors import Actor

SERV101 = "Serv101"
SIGNED_BY_DIRECTOR = "director_signature"
ROWS = (
    *(Lane.LICENCE, Lane.DELIVERY, Lane.INSTALLATION, None),
    *(Lane.TALKS, Lane.TRAINING, Lane.ACCEPTANCE, Lane.OTHER),
)
"""Of which lane the eight rows of its table are; what the customer said of the installation is of none."""
NOT_APPLICABLE = {"status": "not_applicable", "evidence": "/"}
FEEDBACK = "Serv302"
LONGEST_CELL = 120


def declare() -> None:
    """Make known what executions fill in. Serv101 is begun by confirming alone."""
    prefill.declare("execution", facts)


# --- what is known ----------------------------------------------------------------------------------------------------
def facts(execution: Execution) -> dict[str, Any]:
    """What an execution knows, by path; paper is printed in Chinese.

    What it does not have is said too: one of services names no product, whatever runs on its customer's platform.
    """
    contract: Any = execution.carries_out
    signed = [day for day in (contract.signed_ours_on, contract.signed_theirs_on) if day is not None]
    lines = list(contract.lines.select_related("product"))
    product = next((line.product for line in lines if line.product is not None), None)
    users = [line.users for line in lines if line.users]
    with override("zh-hans"):
        return {
            "contract.no": contract.number,
            "contract.title": contract.title,
            "contract.signed_on": max(signed, default=contract.effective_on),
            "contract.kind": "new_sale" if contract.business == contract.Business.NEW_SALE else "resale",
            "contract.amount": contract.amount,
            "contract.copy_received_on": contract.copied_on,
            "project.am": str(execution.handler or ""),
            "project.sm": str(contract.handler or ""),
            "product.edition": product.code if product is not None else "",
            "product.users": max(users, default=None),
            "payments": [_payment(item) for item in execution.plan.of(Lane.MONEY)],
        }


def _payment(item: PlanItem) -> dict[str, Any]:
    paid = item.progress == Progress.DONE
    received = {"received": item.amount, "received_on": item.done_on} if paid else {}
    return {"kind": item.name, "due": item.amount, **received}


def values(execution: Execution, open_items: str) -> dict[str, Any]:
    """The answers of Serv101: its eight rows from the items of the plan, all as the form keeps them."""
    with override("zh-hans"):
        table = versions.in_force(SERV101).definition.item("execution")
        rows = [{**row, **_row(execution, lane, row)} for lane, row in zip(ROWS, table.beginning({}), strict=True)]
    found: dict[str, Any] = {"execution": rows, "all_done": True, "open_items": open_items}
    return {key: value for key, value in found.items() if value != ""}


def _row(execution: Execution, lane: str | None, row: dict[str, Any]) -> dict[str, Any]:
    """What is said of a lane: done when, by whom, with what proof; or that it does not apply, or why it was waived."""
    items = execution.plan.of(lane or Lane.INSTALLATION)
    done = [item for item in items if item.progress == Progress.DONE]
    if lane is None:
        return _feedback(execution) if done else NOT_APPLICABLE
    waived = _joined(_("waived: %(why)s") % {"why": item.waiver} for item in items if item not in done)
    if not done:
        return NOT_APPLICABLE | ({"remark": waived} if waived else {})
    found = {
        "agreed": _joined(_agreed(item) for item in done),
        "done_on": max(filter(None, (item.done_on for item in done)), default=date.min).isoformat(),
        "responsible": _joined(str(item.done_by or item.owner or "") for item in done),
        "evidence": _joined(_proof(item) for item in done) or row.get("evidence", ""),
        "status": "done",
        "remark": waived,
    }
    return {key: value for key, value in found.items() if value}


def _feedback(execution: Execution) -> dict[str, Any]:
    """What the customer has said of the installation, as far as the house has it on paper since the contract came."""
    contract: Any = execution.carries_out
    papers: Any = Document.objects.filter(form=FEEDBACK, customer=execution.customer_id, finalised_at__isnull=False)
    since = begins(contract.copied_on) if contract.copied_on is not None else execution.created_at
    standing = papers.exclude(state__in=(Paper.SUPERSEDED, Paper.CANCELLED)).filter(finalised_at__gte=since)
    found = standing.order_by("pk").last()
    if found is None:
        return NOT_APPLICABLE | {"remark": _("not recorded by itself")}
    return {"status": "done", "done_on": clock.local(found.finalised_at).date().isoformat(), "evidence": found.number}


def _agreed(item: PlanItem) -> str:
    """What was agreed, or else the day by which it was to be done."""
    by = _("by %(day)s") % {"day": item.due_on.isoformat()} if item.due_on is not None else ""
    return item.agreed or by


def _proof(item: PlanItem) -> str:
    return item.record.number if item.record is not None else item.evidence


def _joined(parts: Iterable[str]) -> str:
    """Different texts in one cell of the paper, cut where they would fill it."""
    text = "；".join(dict.fromkeys(" ".join(part.split()) for part in parts if part))
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


# --- what follows on the acts -----------------------------------------------------------------------------------------
@whenever(ExecutionConfirmed)
def make_serv101(fact: ExecutionConfirmed) -> None:
    """Serv101 as the records have it, with the account manager's name under it; in the place of an earlier one."""
    entry, actor = act_of(fact.entry_id)
    execution = _execution(entry.record_id)
    former: Any = execution.confirmation
    if former is not None and former.state in {Paper.DRAFT, Paper.SUBMITTED}:
        perform(former, "cancel", actor=actor, data={"reason": _("The execution was confirmed anew.")})
    replaced = former if former is not None and former.state in {Paper.TO_SIGN, Paper.SIGNED} else None

    def made() -> Document:
        said = values(execution, fact.open_items)
        return issuing.issue(SERV101, about=execution, actor=actor, values=said, replaces=replaced)

    document: Any = _or_refused(made)
    Execution.objects.filter(pk=execution.pk).update(confirmation=document)
    _sign(document, SIGNED_BY_MANAGER, fact.signed_by, actor)
    perform(document, "submit", actor=actor)


@whenever(ConfirmationSigned)
def sign_serv101(fact: ConfirmationSigned) -> None:
    """The director's name and opinion under it; from then on nothing of it changes."""
    entry, actor = act_of(fact.entry_id)
    document: Any = _execution(entry.record_id).confirmation
    if fact.opinion:
        said = {"values": {"director_opinion": fact.opinion}}
        _or_refused(lambda: perform(document, "fill", actor=actor, data=said))
    _sign(document, SIGNED_BY_DIRECTOR, fact.signed_by, actor)
    perform(document, "finalise", actor=actor)


def _execution(pk: int) -> Execution:
    related = ("carries_out__handler", "customer", "handler", "specialist", "confirmation")
    found: Any = Execution.objects.select_related(*related).get(pk=pk)
    return found  # type: ignore[no-any-return] # the manager is declared so


def _sign(document: Document, item: str, name: str, actor: Actor) -> None:
    _or_refused(lambda: signing.sign(document, item, name=name, how="typed", actor=actor))


def _or_refused(do: Callable[[], Any]) -> Any:
    """Do it; what the paper's own form has against it, is said of the act on the execution."""
    try:
        return do()
    except InvalidData as refusal:
        raise Missing(*refusal.reasons) from refusal
