"""How a contract is written: its own columns, and the rows that it consists of, in one act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contracts.models.catalogue import NIL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contracts.models.contract import Contract
    from workflow.flow import Act
    from workflow.models import Entry

TABLES = ("lines", "payments", "promises")


def write(contract: Contract, act: Act, said: Mapping[str, Any]) -> None:
    """Take over what was said; what was not said stays. Tables are stored once the contract itself is."""
    contract.wording, contract.frozen = "", {}
    for name, value in said.items():
        if name not in TABLES:
            setattr(contract, name, value)
    if "lines" in said:
        contract.amount = sum((row["price"] for row in said["lines"]), NIL)
        contract.list_amount = sum((row["list_price"] for row in said["lines"]), NIL)
    tables = {name: said[name] for name in TABLES if name in said}

    def store(entry: Entry) -> None:  # noqa: ARG001 - what the engine calls
        for name, rows in tables.items():
            _store(contract, name, rows)

    if tables:
        act.once_written(store)


def _store(contract: Contract, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """The rows in place of those that were; each keeps its key, by which versions are compared."""
    kept = getattr(contract, name)
    last = max((row["key"] or 0 for row in rows), default=0)
    known = set(kept.values_list("position", flat=True))
    last = max(last, *known, 0)
    taken: set[int] = set()
    made = []
    for row in rows:
        key = row["key"] if row["key"] in known and row["key"] not in taken else None
        if key is None:
            last += 1
            key = last
        taken.add(key)
        made.append(kept.model(contract=contract, position=key, **{n: v for n, v in row.items() if n != "key"}))
    kept.all().delete()
    kept.model._default_manager.bulk_create(made)


def rows_of(contract: Contract, name: str) -> list[dict[str, Any]]:
    """A table as it stands, each row as a form would say it."""
    kept = getattr(contract, name)
    names = [f.name for f in kept.model._meta.concrete_fields if f.name not in {"id", "contract", "position"}]
    rows = kept.select_related("product") if name == "lines" else kept.all()
    return [{"key": row.position, **{each: getattr(row, each) for each in names}} for row in rows]


def name_risk(contract: Contract, act: Act, said: Mapping[str, Any]) -> None:
    """Keep a risk that a reviewer sees, and how it is controlled if that is said at once."""
    control = {"controlled_by": act.actor.user, "controlled_at": act.at} if said.get("control") else {}
    risk = contract.risks.model(contract=contract, seen_by=act.actor.user, seen_at=act.at, **said, **control)
    act.once_written(lambda entry: risk.save())  # noqa: ARG005 - it stands beside the entry


def control_risk(act: Act, risk: Any, control: str) -> None:
    """Keep how a risk is controlled."""
    risk.control, risk.controlled_by, risk.controlled_at = control, act.actor.user, act.at
    act.once_written(lambda entry: risk.save())  # noqa: ARG005 - it stands beside the entry
