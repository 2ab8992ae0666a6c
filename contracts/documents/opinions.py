"""What the review sheet says (forms.md H15): how the contract was reviewed, by whom it was approved, what became of it.

Whoever is named there has decided through the gate; nothing of it is typed. Of each department the last agreement in
the round counts; a return before it makes its opinion one that was given after changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contracts.documents import content
from contracts.flow import State
from forms_templates.amounts import figures
from workflow.models import Entry, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contracts.documents.content import Basis
    from contracts.models import Contract

DEPARTMENTS = ("service", "finance", "rd")
GENERAL = "general"
_VERDICTS = {"pass": "yes", "concern": "no", "na": "na"}
_GRAVEST = ("no", "yes", "na")
_AGREED, _RETURNED, _REJECTED = Opinion.Decision.AGREED, Opinion.Decision.RETURNED, Opinion.Decision.REJECTED
_UNWRITTEN = (State.DRAFT, State.RETURNED, State.WITH_SALES_OPS, State.CANCELLED, State.REJECTED)
"""States in which an amendment is none yet, or none that came about."""


@dataclass(frozen=True)
class Said:
    """The opinions of the round that counts, and what was sent back before it."""

    round_number: int
    now: list[Opinion] = field(default_factory=list)
    before: list[Opinion] = field(default_factory=list)

    @classmethod
    def of(cls, found: Basis) -> Said:
        """What was said about a contract; nothing as long as no round has begun."""
        if found.round is None:
            return cls(0)
        rows = Opinion.objects.select_related("by", "on_behalf_of", "ground", "seat__step__round").order_by("pk")
        of_record = rows.filter(seat__step__round__record=found.round.record_id)
        said = list(of_record)
        now = [each for each in said if each.seat.step.round_id == found.round.pk]
        return cls(found.round.number, now, [each for each in said if each.decision == _RETURNED])

    def by(self, department: str) -> list[Opinion]:
        """What a department's reviewers decided in this round."""
        return [each for each in self.now if _concerns(each, department) and each.decision != Opinion.Decision.ADVISED]

    def at(self, stage: str) -> list[Opinion]:
        """What was decided at a stage."""
        decided = (each for each in self.now if each.decision != Opinion.Decision.ADVISED)
        return [each for each in decided if each.seat.step.stage == stage]


def _concerns(opinion: Opinion, department: str) -> bool:
    step = opinion.seat.step
    if department == GENERAL:
        return bool(step.stage == "review")
    return department in {step.code, *(check["list"] for check in step.checks)}


# --- what was found -------------------------------------------------------------------------------------------------
def facts(contract: Contract, of: Basis) -> dict[str, Any]:
    """What the sheet says of summary, way, review and paper, by path."""
    said = Said.of(of)
    reviewed = [code for code in DEPARTMENTS if of.round is not None and _is_asked(of, code)]
    known = _summary(of) | _paper(contract)
    known |= {
        "review.submitted_on": contract.submitted_at,
        "review.submitted_by": content.author_of(contract, of.content),
        "review.submitter_role": _role(contract),
        "review.needed": bool(reviewed) if of.round is not None else None,
        "review.product_involved": bool(of.content["develops"]),
        "review.departments": reviewed,
        "review.reason": of.round.route.get("reason_zh", "") if of.round is not None else "",
        "review.risks": [
            {"risk": row.risk, "degree": str(row.get_level_display()), "measure": row.control}
            for row in contract.risks.all()
        ],
    }
    for department in (GENERAL, *DEPARTMENTS):
        known |= _review(said, department)
    return known


def _is_asked(of: Basis, department: str) -> bool:
    steps = of.round.steps.all() if of.round is not None else ()
    return any(department in {step.code, *(check["list"] for check in step.checks)} for step in steps)


def _role(contract: Contract) -> str:
    """As what its author wrote it; neither of the two where sales operations amended it."""
    author = contract.handler
    if author is None or author.has_role("sales_manager"):
        return "sales_manager" if author is not None else ""
    return "account_manager" if author.has_role("account_manager", "senior_account_manager") else ""


def _review(said: Said, department: str) -> dict[str, Any]:
    """A department's checklist, opinion, wishes and round."""
    decided = said.by(department)
    if not decided:
        return {}
    returned = [each for each in said.before if _concerns(each, department)]
    found: dict[str, Any] = {f"review.{department}.{code}": check for code, check in _checks(decided, department)}
    return found | {
        f"review.{department}.opinion": _opinion(decided, returned),
        f"review.{department}.wishes": "；".join(dict.fromkeys(_why(each) for each in returned)),
        f"review.{department}.round": said.round_number,
    }


def _why(opinion: Opinion) -> str:
    """Why it was sent back or rejected: 价格或折扣：折扣超出授权."""
    return "：".join(filter(None, (opinion.ground.name_zh if opinion.ground is not None else "", opinion.text)))


def _opinion(decided: list[Opinion], returned: list[Opinion]) -> str | None:
    last = decided[-1].decision
    if last == _REJECTED:
        return "refused"
    if last != _AGREED:
        return None
    return "after_changes" if returned else "passed"


def _checks(decided: list[Opinion], department: str) -> Iterable[tuple[str, dict[str, str]]]:
    """Each item of a checklist: the gravest verdict of those who went through it, and what they remarked."""
    verdicts: dict[str, list[tuple[str, str, str]]] = {}
    for opinion in decided:
        for code, answer in opinion.answers.items():
            of, _dot, item = code.partition(".")
            if of == department:
                verdict = _VERDICTS.get(answer.get("verdict", ""), "")
                verdicts.setdefault(item, []).append((verdict, answer.get("comment", ""), name_of(opinion)))
    for item, given in verdicts.items():
        said = [verdict for verdict, _comment, _who in given]
        several = len({who for _verdict, _comment, who in given}) > 1
        notes = [f"{who}：{note}" if several else note for _verdict, note, who in given if note]
        yield item, {"answer": next((each for each in _GRAVEST if each in said), ""), "note": "；".join(notes)}


# --- what it is about -------------------------------------------------------------------------------------------------
def _summary(of: Basis) -> dict[str, Any]:
    said = of.content
    first = next((row for row in said["lines"] if row["product"]), None) or {}
    months = first.get("months")
    return {
        "contract.form": said["form"],
        "contract.kind": "new_sale" if said["business"] == "new_sale" else "resale",
        "contract.occasions": _occasions(said),
        "product.edition": first.get("product"),
        "product.release": first.get("version"),
        "product.users": first.get("users"),
        "product.purchase": first.get("purchase_mode"),
        "product.term": f"{months}个月" if months else None,
        "contract.lines_told": _told(said["lines"]),
        "price.standard": content.amount_of(said["list_amount"]),
        "contract.payments": [_instalment(row) for row in said["payments"]],
        **{f"contract.{name}": said[name] or "无" for name in ("services", "training", "development", "schedule")},
        "contract.deviations": said["deviations"] or "无",
        "contract.tender": bool(said["tender"]),
        "contract.version_told": f"{of.told}（摘要 {of.mark}）",
    }


def _occasions(said: Mapping[str, Any]) -> list[str]:
    business = "purchase" if said["business"] == "new_sale" else said["business"]
    return [business, "amendment"] if said["amends"] else [business]


def _told(rows: list[Mapping[str, Any]]) -> str:
    """All lines in words: the sheet has boxes for the first product alone."""
    return "\n".join(
        f"{number}. " + "，".join(filter(None, _line(row, name)))
        for number, (row, name) in enumerate(zip(rows, content.names_of(rows), strict=True), start=1)
    )


def _line(row: Mapping[str, Any], name: str) -> Iterable[str]:
    yield " ".join(filter(None, (name, row["version"])))
    yield row["modules"]
    yield f"{row['users']}用户" if row["users"] else ""
    yield content.purchase(row["purchase_mode"])
    yield f"{row['months']}个月" if row["months"] else ""
    yield f"培训{content.plain(row['training_days'])}天" if row["training_days"] else ""
    yield figures(content.amount_of(row["price"]))


def _instalment(row: Mapping[str, Any]) -> dict[str, Any]:
    when = "" if row["due_on"] else content.due(row)
    return {
        "kind": content.kind_of(row),
        "share": content.share_of(row),
        "amount": content.amount_of(row["amount"]),
        "condition": "，".join(filter(None, (when, row["condition"]))) or "/",
        "due_on": content.day(row["due_on"]),
    }


# --- what became of it ------------------------------------------------------------------------------------------------
def _paper(contract: Contract) -> dict[str, Any]:
    """Seal, post and archive, as far as they are known."""
    plain = ("sealed_on", "copies", "posted_on", "effective_on", "hr_archive", "finance_archive", "copied_on")
    known = {f"contract.{name}": getattr(contract, name) for name in (*plain, "agreed_on")}
    amendments: Iterable[Any] = contract.amendments.exclude(state__in=_UNWRITTEN).order_by("pk")
    sealed = Entry.objects.filter(record=contract.pk, verb="record_seal").select_related("actor").order_by("seq").last()
    return known | {
        "contract.agreed": True if contract.agreed_on is not None else None,
        "contract.sealed_by": str(sealed.actor or "") if sealed is not None else "",
        "contract.waybill": " ".join(filter(None, (contract.courier, contract.waybill))),
        "contract.signed_back_on": contract.signed_theirs_on,
        "contract.amendments": [
            {
                "number": row.number,
                "content": row.title,
                "raised_by": row.proposed_by,
                "agreed": row.agreed_on is not None,
                "class": {"major": "full_review", "minor": "departments"}.get(row.change),
            }
            for row in amendments
        ],
    }


# --- who decided ------------------------------------------------------------------------------------------------------
def name_of(opinion: Opinion) -> str:
    """Who decided; for another who was away: 李四 代 张三."""
    if opinion.on_behalf_of is None:
        return str(opinion.by or "")
    return f"{opinion.by} 代 {opinion.on_behalf_of}"


def decisions(contract: Contract, of: Basis) -> dict[str, Any]:
    """The signatures and approvals on the sheet, as they were given through the gate; which text they are about."""
    said = Said.of(of)
    found: dict[str, Any] = {
        f"decision.{department}": _signature([each for each in said.by(department) if each.decision == _AGREED])
        for department in (GENERAL, *DEPARTMENTS)
    }
    head, leaders = said.at("head"), said.at("leader")
    others = [*head[:-1], *leaders[:-1]]
    found |= {"decision.head": _approval(head[-1:]), "decision.leader": _approval(leaders[-1:])}
    found["decision.others"] = _approval(others)
    found["contract.text_file"] = [{"name": f"{contract.number} {of.told}", "attachment": None}]
    return {path: value for path, value in found.items() if value}


def _names(opinions: Iterable[Opinion]) -> str:
    return "、".join(dict.fromkeys(name_of(each) for each in opinions))


def _signature(agreed: list[Opinion]) -> dict[str, str] | None:
    return {"name": _names(agreed), "at": agreed[-1].at.isoformat()} if agreed else None


def _approval(decided: list[Opinion]) -> dict[str, str] | None:
    if not decided:
        return None
    last = decided[-1]
    said = [(name_of(each), _why(each)) for each in decided]
    remarks = [why if len(decided) == 1 else f"{name}：{why}" for name, why in said if why]
    return {
        "opinion": "agree" if last.decision == _AGREED else "disagree",
        "remark": "；".join(remarks),
        "name": _names(decided),
        "at": last.at.isoformat(),
    }
