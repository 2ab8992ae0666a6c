"""Contracts by the ten thousand, and one that has been sent back again and again: what their pages are measured on."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F

from contracts.models import Contract, ContractLine, PaymentTerm, Product
from core import clock
from customers.models import Organisation
from demo.contract_words import draft_of
from execution.models import Execution, PlanItem
from people.actors import Actor
from people.models import User
from workflow.engine import perform
from workflow.kick import nobody_is_woken
from workflow.models import PolicyStep, Record, ReviewPolicy, Version, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

VERSIONS, OPINIONS = 20, 200
READER = "demo.specialist"
_FAR = 1_000_000_000
"""Keys of copies begin here, where no sequence comes."""
_STRIDE = 1_000_000
"""How far apart the keys of two copies are: further than those of any two patterns."""
_TABLES: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Record, ("id", "parent_id")),
    (Contract, ("record_ptr_id", "amends_id", "renews_id")),
    (ContractLine, ("id", "contract_id")),
    (PaymentTerm, ("id", "contract_id")),
    (Execution, ("record_ptr_id", "carries_out_id")),
    (PlanItem, ("id", "execution_id")),
    (WorkItem, ("id", "record_id")),
)
"""What a copy consists of, each with the keys that move along with it."""
_NOT_COPIED = {"wake_at", "confirmation_id"}
"""What a copy is without: nothing wakes it, and a Serv101 belongs to one execution."""
_WHICH = {
    Record: "kind IN ('contract', 'execution')",
    WorkItem: "record_id IN (SELECT id FROM workflow_record WHERE kind IN ('contract', 'execution'))",
}


@transaction.atomic
def multiply(count: int) -> int:
    """Copy all contracts and executions until there are so many contracts; gives how many there are."""
    present = Contract.objects.count()
    patterns = Contract.objects.filter(pk__lt=_FAR).count()
    if present >= count or not patterns:
        return present
    had, needed = present // patterns - 1, -(-(count - present) // patterns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, moved in _TABLES:
            cursor.execute(_copying(model, moved), [had + 1, had + needed])
    return Contract.objects.count()


def _copying(model: type[models.Model], moved: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    names = [str(field.column) for field in model._meta.local_concrete_fields]
    key = names[0]
    cells = [_cell(quote(name), name, moved) for name in names]
    where = _WHICH.get(model, "TRUE")
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, names))}) "  # noqa: S608 - own names
        f"SELECT {', '.join(cells)} FROM {quote(model._meta.db_table)}, generate_series(%s, %s) AS n "
        f"WHERE {quote(key)} < {_FAR} AND {where}"
    )


def _cell(quoted: str, name: str, moved: tuple[str, ...]) -> str:
    if name in moved:
        return f"{quoted} + {_FAR} + n * {_STRIDE}"
    if name == "number":
        return f"{quoted} || lpad(n::text, 4, '0')"
    return "NULL" if name in _NOT_COPIED else quoted


def much_discussed() -> str:
    """The number of a contract of twenty versions and two hundred opinions; the gate makes it, once."""
    known = Version.objects.filter(number__gte=VERSIONS, record__kind="contract").order_by("pk").first()
    if known is not None:
        return known.record.number
    with nobody_is_woken(), transaction.atomic():
        contract = _reviewed_again_and_again()
    return str(contract.number)


def _reviewed_again_and_again() -> Any:
    customer = Organisation.objects.select_related("account_manager").exclude(account_manager=None).order_by("pk")[0]
    author: Any = customer.account_manager
    people = [user for user in User.objects.staff().order_by("pk") if user.pk != author.pk][: OPINIONS // VERSIONS]
    said = draft_of("more_users", customer, list(Product.objects.all()), clock.now().date(), Random(7))
    first = perform(Contract(), "draft", actor=Actor(author), data={**said, "develops": False})
    contract: Any = first.record.concrete
    policy = _policy_of(people)
    for number in range(VERSIONS):
        perform(contract, "write", actor=Actor(author), data={"deviations": f"{number + 1}"})
        perform(contract.concrete, "submit", actor=Actor(author))
        for person in people[:-1]:
            perform(contract.concrete, "agree", actor=Actor(person), data={"opinion": f"{number + 1}"})
        perform(
            contract.concrete,
            "send_back",
            actor=Actor(people[-1]),
            data={"opinion": f"{number + 1}", "ground": "other"},
        )
        contract = Contract.objects.get(pk=contract.pk)
    policy.delete()
    reader = User.objects.get(username=READER)
    perform(contract, "copy_to", actor=Actor(people[0]), data={"people": [reader.pk]})
    return contract


def _policy_of(people: list[User]) -> ReviewPolicy:
    """A policy that goes before all others, by which all of them have to agree."""
    ReviewPolicy.objects.filter(kind="contract").update(position=F("position") + 1)
    policy = ReviewPolicy.objects.create(kind="contract", name_zh="", name_en="Benchmark", position=0)
    step = PolicyStep.objects.create(policy=policy, code="many", stage="review", name_zh="", name_en="Many", mode="all")
    step.people.set(people)
    return policy


def targets() -> Iterator[tuple[str, Any]]:
    """The pages of contracts, as `bench.pages` asks for them."""
    number = much_discussed()
    yield "contracts, page 1", lambda visitor, _rng: visitor.get("/contract/?show=all")
    yield "contracts, page 100", lambda visitor, _rng: visitor.get("/contract/?show=all&page=100")
    yield "contract, 20 versions", lambda visitor, _rng: visitor.get(f"/contract/{number}/")
    yield "portfolio", lambda visitor, _rng: visitor.get("/portfolio/")
