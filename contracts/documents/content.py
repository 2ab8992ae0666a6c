"""What the printed contract says: the approved version's content, never the rows as they are now (CON-21).

That goes for both parties with their addresses, numbers and bank, for the letterhead and for the names of products too.
Before the approval there is the version under review or, while it is written, what would be reviewed: for drafts that
are marked as such. In versions of before parties were kept whole, these are as they are on the day of printing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contracts.flow import UNDER_REVIEW
from contracts.models import Contract, PaymentTerm, Product, Promise, PurchaseMode, originals
from contracts.models.content import COMPANY, CUSTOMER, frozen, party
from documents.prefill import Paper
from forms_templates.models import Letterhead
from workflow.approvals import versions
from workflow.models import Round, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHOWN_OF_DIGEST = 12
"""So many characters of a version's fingerprint stand on every page."""


@dataclass(frozen=True)
class Basis:
    """What is printed: a content with its number and fingerprint, and the round that it went through."""

    content: Mapping[str, Any]
    number: int
    digest: str
    round: Round | None = None

    @property
    def passed(self) -> bool:
        """Whether it was approved."""
        return self.round is not None and self.round.outcome == Round.Outcome.PASSED

    @property
    def told(self) -> str:
        """The number as it stands on paper."""
        return f"第{self.number}版"

    @property
    def mark(self) -> str:
        """The beginning of the fingerprint."""
        return self.digest[:SHOWN_OF_DIGEST]


def basis(contract: Contract) -> Basis:
    """What would be printed of a contract now."""
    rounds = Round.objects.filter(record_id=contract.pk).select_related("version").order_by("number")
    found = rounds.filter(outcome=Round.Outcome.PASSED).last()
    if found is None and contract.state in UNDER_REVIEW:
        found = rounds.last()
    if found is not None:
        return Basis(found.version.content, found.version.number, found.version.digest, found)
    last = Version.objects.filter(record_id=contract.pk).order_by("number").last()
    content = contract.content()
    return Basis(content, (last.number if last else 0) + 1, versions.digest(content))


def facts(contract: Contract, of: Basis) -> dict[str, Any]:
    """What stands in the contract, by path; the labels are those of the language that is active."""
    said = of.content
    return _parties(contract, said) | {
        "contract.no": contract.number,
        "contract.title": said["title"],
        "contract.version": of.told,
        "contract.digest": of.mark,
        "contract.customer": said["customer"],
        "contract.contact": said["contact"],
        "contract.originals": originals.in_words(said.get("originals", originals.USUAL)),
        "contract.amount": amount_of(said["amount"]) or None,
        "contract.term": _term(said),
        "contract.text": said["text"],
        "contract.lines": _lines(said["lines"]),
        "contract.lines_total": _sum(row["price"] for row in said["lines"]),
        "contract.payment_plan": [_payment(row) for row in said["payments"]],
        "contract.payments_total": _sum(row["amount"] for row in said["payments"]),
        "contract.promises": [_promise(row) for row in said["promises"]],
    }


def _parties(contract: Contract, said: Mapping[str, Any]) -> dict[str, Any]:
    """How the parties are reached: as it was when the contract was submitted, not as it is when it is printed."""
    theirs, ours = party(said, CUSTOMER), party(said, COMPANY)
    if theirs is None or ours is None:
        kept = frozen(contract)
        theirs, ours = party(kept, CUSTOMER) or {}, party(kept, COMPANY) or {}
    found = {f"contract.customer_{name}": theirs.get(name, "") for name in ("address", "phone", "fax", "email")}
    return found | {"contract.author": ours.get("person", "")}


def author_of(contract: Contract, said: Mapping[str, Any]) -> str:
    """Who wrote it, by the name of then."""
    ours = party(said, COMPANY)
    return str(ours["person"] if ours is not None else contract.handler or "")


def paper(contract: Contract) -> Paper:
    """Under which letterhead a contract is printed, and in how many originals for whom: as it was submitted."""
    said = basis(contract).content
    ours = party(said, COMPANY)
    letterhead = Letterhead.objects.filter(number=ours["letterhead"]).first() if ours is not None else None
    return Paper(letterhead, originals.holders(said["originals"]) if "originals" in said else ())


def amount_of(text: str) -> Decimal:
    """An amount of the content, exact to the fen."""
    return Decimal(text)


def plain(text: str) -> str:
    """A number without needless decimals: 3, 1.5."""
    return f"{Decimal(text).normalize():f}" if text else ""


def day(text: str) -> date | None:
    """A day of the content."""
    return date.fromisoformat(text) if text else None


def in_words(found: date) -> str:
    """2026年3月16日."""
    return f"{found.year}年{found.month}月{found.day}日"


def _term(said: Mapping[str, Any]) -> str:
    begins, ends = day(said["starts_on"]), day(said["ends_on"])
    parts = [f"自{in_words(begins)}起" if begins else "", f"至{in_words(ends)}止" if ends else ""]
    return "".join(parts)


def _sum(amounts: Iterable[str]) -> Decimal | None:
    found = [Decimal(amount) for amount in amounts]
    return sum(found, Decimal(0)) if found else None


def names_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What each line is about: its product, and what is said of it besides."""
    found = list(rows)
    codes = {row["product"] for row in found if "name" not in row} - {""}
    known = dict(Product.objects.filter(code__in=codes).values_list("code", "name_zh")) if codes else {}
    named = ((row.get("name", known.get(row["product"], row["product"])), row["description"]) for row in found)
    return [" ".join(filter(None, parts)) for parts in named]


def purchase(mode: str) -> str:
    """How a line is bought, in words."""
    return str(PurchaseMode(mode).label) if mode else ""


def _lines(rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "product": name,
            "version": row["version"],
            "modules": row["modules"],
            "users": row["users"],
            "purchase": purchase(row["purchase_mode"]),
            "months": row["months"],
            "training_days": plain(row["training_days"]),
            "price": amount_of(row["price"]),
        }
        for row, name in zip(rows, names_of(rows), strict=True)
    ]


def _payment(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind_of(row),
        "share": share_of(row),
        "amount": amount_of(row["amount"]),
        "due": due(row),
        "condition": row["condition"],
    }


def kind_of(row: Mapping[str, Any]) -> str:
    """Which instalment it is."""
    return str(PaymentTerm.Kind(row["kind"]).label)


def share_of(row: Mapping[str, Any]) -> str:
    """30%, 33.33%."""
    return f"{plain(row['share'])}%"


def due(row: Mapping[str, Any]) -> str:
    """When an instalment is due, as contracts say it."""
    if found := day(row["due_on"]):
        return f"{in_words(found)}前"
    return f"{PaymentTerm.After(row['after']).label}{row['days'] or 0}日内" if row["after"] else ""


def _promise(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"lane": str(Promise.Lane(row["lane"]).label), "title": row["title"], "due_on": day(row["due_on"])}
